package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * What ZMPOP and BZMPOP are asked for.
 *
 * @param firstKey the argument that is the first key
 * @param keyCount how many keys, 1 or more
 * @param highest whether to pop the highest members, else the lowest
 * @param count most members to pop, 1 or more
 */
record PopRequest(int firstKey, int keyCount, boolean highest, long count) {
    private static final ErrorReply KEY_COUNT =
            new ErrorReply("ERR numkeys should be greater than 0");
    private static final ErrorReply COUNT = new ErrorReply("ERR count should be greater than 0");

    /**
     * Reads {@code numkeys key [key ...] MIN|MAX [COUNT count]}.
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
        boolean highest = call.is(word, "MAX");
        if (!highest && !call.is(word, "MIN")) {
            throw ErrorReply.SYNTAX;
        }
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
        return new PopRequest(at + 1, (int) keys, highest, count);
    }
}
