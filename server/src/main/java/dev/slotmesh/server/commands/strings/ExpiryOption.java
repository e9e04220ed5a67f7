package dev.slotmesh.server.commands.strings;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** What SET, GETEX and their kin are told to do with the deadline of a key. */
enum ExpiryOption {
    NONE,
    KEEPTTL,
    PERSIST,
    EX,
    PX,
    EXAT,
    PXAT;

    private static final long MS_PER_SECOND = 1000;

    /** Whether an argument with the time follows the word. */
    boolean hasTime() {
        return ordinal() >= EX.ordinal();
    }

    /** Whether the time is a moment, not a span from now. */
    boolean isMoment() {
        return this == EXAT || this == PXAT;
    }

    private boolean inSeconds() {
        return this == EX || this == EXAT;
    }

    /**
     * The deadline that a time argument means, milliseconds since 1970, above 0; it may lie in the past.
     *
     * @throws ErrorReply when it is no integer, not above 0 or beyond 64 bits
     */
    long deadline(Call call, int argument) {
        long time = call.integer(argument);
        if (time <= 0 || (inSeconds() && time > Long.MAX_VALUE / MS_PER_SECOND)) {
            throw invalidTime(call);
        }
        long timeMs = inSeconds() ? time * MS_PER_SECOND : time;
        if (isMoment()) {
            return timeMs;
        }
        if (timeMs > Long.MAX_VALUE - call.nowMs()) {
            throw invalidTime(call);
        }
        return timeMs + call.nowMs();
    }

    private static ErrorReply invalidTime(Call call) {
        return new ErrorReply("ERR invalid expire time in '" + call.spec().name() + "' command");
    }
}
