package dev.slotmesh.server.commands.lists;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * What LMPOP and BLMPOP are asked for.
 *
 * @param firstKey the argument that is the first key
 * @param keyCount how many keys, 1 or more
 * @param end where to pop
 * @param count most elements to pop, 1 or more
 */
record PopRequest(int firstKey, int keyCount, ListEnd end, long count) {
    private static final ErrorReply KEY_COUNT =
            new ErrorReply("ERR numkeys should be greater than 0");
    private static final ErrorReply COUNT = new ErrorReply("ERR count should be greater than 0");

    /**
     * Reads {@code numkeys key [key ...] LEFT|RIGHT [COUNT count]}.
     *
     * @param at the argument that is the number of keys
     * @throws ErrorReply for anything else
     */
    static PopRequest parse(Call call, int at) {
        long keys = call.integer(at, KEY_COUNT);
        if (keys < 1) {
            throw KEY_COUNT;
        }
        if (keys >= call.count() - at - 1) {
            throw ErrorReply.SYNTAX;
        }
        int word = at + 1 + (int) keys;
        ListEnd end = ListEnd.of(call, word);
        long count = 1;
        if (word + 1 < call.count()) {
            if (!call.is(word + 1, "COUNT") || word + 2 == call.count()) {
                throw ErrorReply.SYNTAX;
            }
            count = call.integer(word + 2, COUNT);
            if (count < 1) {
                throw COUNT;
            }
            if (word + 3 < call.count()) {
                throw ErrorReply.SYNTAX;
            }
        }
        return new PopRequest(at + 1, (int) keys, end, count);
    }
}
