package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** The unit of a time for fields, and whether it counts from now or from 1970. */
enum FieldClock {
    SECONDS_FROM_NOW(true, true),
    MS_FROM_NOW(false, true),
    SECONDS(true, false),
    MS(false, false);

    /** The latest deadline that the documented servers take. */
    private static final long LATEST_MS = (1L << 46) - 1;

    private static final long MS_PER_SECOND = 1000;
    private static final ErrorReply NEGATIVE =
            new ErrorReply("ERR invalid expire time, must be >= 0");

    private final boolean inSeconds;
    private final boolean fromNow;

    FieldClock(boolean inSeconds, boolean fromNow) {
        this.inSeconds = inSeconds;
        this.fromNow = fromNow;
    }

    /** The deadline that an argument means, milliseconds since 1970, 1 to 2^46 - 1; not above now means: at once. */
    long deadline(Call call, int argument) {
        long time = call.integer(argument);
        if (time < 0) {
            throw NEGATIVE;
        }
        if (time > (inSeconds ? LATEST_MS / MS_PER_SECOND : LATEST_MS)) {
            throw invalid(call);
        }
        long timeMs = (inSeconds ? time * MS_PER_SECOND : time) + (fromNow ? call.nowMs() : 0);
        if (timeMs > LATEST_MS) {
            throw invalid(call);
        }
        return Math.max(1, timeMs);
    }

    /** A deadline as this clock tells it; seconds are rounded up. */
    long tell(long deadlineMs, long nowMs) {
        long timeMs = fromNow ? Math.max(0, deadlineMs - nowMs) : deadlineMs;
        return inSeconds ? (timeMs + MS_PER_SECOND - 1) / MS_PER_SECOND : timeMs;
    }

    private static ErrorReply invalid(Call call) {
        return new ErrorReply("ERR invalid expire time in '" + call.spec().name() + "' command");
    }
}
