package dev.slotmesh.server.commands.dump;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * What may follow the payload of RESTORE.
 *
 * @param replace a key that is there is replaced
 * @param absoluteTtl the time is that of the deadline, not from now
 * @param idleSeconds since the last access, -1 when not given
 * @param frequency of accesses, 0..255, -1 when not given
 */
record RestoreOptions(boolean replace, boolean absoluteTtl, long idleSeconds, int frequency) {
    private static final int HIGHEST_FREQUENCY = 255;
    private static final ErrorReply INVALID_IDLE_TIME =
            new ErrorReply("ERR Invalid IDLETIME value, must be >= 0");
    private static final ErrorReply INVALID_FREQUENCY =
            new ErrorReply("ERR Invalid FREQ value, must be >= 0 and <= 255");

    static RestoreOptions parse(Call call, int first) {
        boolean replace = false;
        boolean absoluteTtl = false;
        long idleSeconds = -1;
        int frequency = -1;
        for (int i = first; i < call.count(); i++) {
            boolean followed = i + 1 < call.count();
            if (call.is(i, "REPLACE")) {
                replace = true;
            } else if (call.is(i, "ABSTTL")) {
                absoluteTtl = true;
            } else if (call.is(i, "IDLETIME") && followed && frequency == -1) {
                idleSeconds = call.integer(++i);
                if (idleSeconds < 0) {
                    throw INVALID_IDLE_TIME;
                }
            } else if (call.is(i, "FREQ") && followed && idleSeconds == -1) {
                frequency = frequency(call.integer(++i));
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        return new RestoreOptions(replace, absoluteTtl, idleSeconds, frequency);
    }

    private static int frequency(long counter) {
        if (counter < 0 || counter > HIGHEST_FREQUENCY) {
            throw INVALID_FREQUENCY;
        }
        return (int) counter;
    }
}
