package dev.slotmesh.server.commands.streams;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * What XREAD and XREADGROUP are told before the keys.
 *
 * @param firstKey the argument that is the first key; the IDs follow the keys
 * @param keyCount how many keys, and IDs, there are
 * @param most entries of each stream, 0: all
 * @param timeoutMs how long to wait, 0: for ever, -1: not
 * @param group the argument that is the group's name, the consumer's follows; 0 for XREAD
 * @param noAck whether what is delivered counts as confirmed
 */
record ReadOptions(
        int firstKey, int keyCount, long most, long timeoutMs, int group, boolean noAck) {
    static final long NO_WAIT = -1;

    private static final ErrorReply BAD_TIMEOUT =
            new ErrorReply("ERR timeout is not an integer or out of range");
    private static final ErrorReply NEGATIVE_TIMEOUT = new ErrorReply("ERR timeout is negative");
    private static final ErrorReply OUT_OF_RANGE_TIMEOUT =
            new ErrorReply("ERR timeout is out of range");
    private static final ErrorReply GROUP_IN_XREAD = new ErrorReply(
            "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.");
    private static final ErrorReply NOACK_IN_XREAD = new ErrorReply(
            "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.");
    private static final ErrorReply UNBALANCED = new ErrorReply(
            "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.");
    private static final ErrorReply NO_GROUP =
            new ErrorReply("ERR Missing GROUP option for XREADGROUP");

    /**
     * Reads the words up to STREAMS.
     *
     * @param grouped whether the command is XREADGROUP
     */
    static ReadOptions parse(Call call, boolean grouped) {
        long most = 0;
        long timeoutMs = NO_WAIT;
        int group = 0;
        boolean noAck = false;
        int keys = 0;
        for (int i = 1; i < call.count() && keys == 0; i++) {
            int more = call.count() - 1 - i;
            if (more > 0 && call.is(i, "BLOCK")) {
                timeoutMs = timeout(call, ++i);
            } else if (more > 0 && call.is(i, "COUNT")) {
                most = Math.max(0, call.integer(++i));
            } else if (more > 0 && call.is(i, "STREAMS")) {
                keys = i + 1;
            } else if (more > 1 && call.is(i, "GROUP")) {
                if (!grouped) {
                    throw GROUP_IN_XREAD;
                }
                group = i + 1;
                i += 2;
            } else if (call.is(i, "NOACK")) {
                if (!grouped) {
                    throw NOACK_IN_XREAD;
                }
                noAck = true;
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        int words = call.count() - keys;
        if (keys == 0) {
            throw ErrorReply.SYNTAX;
        }
        if ((words & 1) != 0) {
            throw UNBALANCED;
        }
        if (grouped && group == 0) {
            throw NO_GROUP;
        }
        return new ReadOptions(keys, words / 2, most, timeoutMs, group, noAck);
    }

    private static long timeout(Call call, int argument) {
        long timeoutMs = call.integer(argument, BAD_TIMEOUT);
        if (timeoutMs < 0) {
            throw NEGATIVE_TIMEOUT;
        }
        if (timeoutMs > Long.MAX_VALUE - call.nowMs()) {
            throw OUT_OF_RANGE_TIMEOUT;
        }
        return timeoutMs;
    }

    /** The argument that is the ID of key {@code i}. */
    int id(int i) {
        return firstKey + keyCount + i;
    }

    boolean mayWait() {
        return timeoutMs != NO_WAIT;
    }
}
