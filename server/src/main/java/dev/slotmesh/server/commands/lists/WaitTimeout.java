package dev.slotmesh.server.commands.lists;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.text.LongDouble;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/** The timeout of commands that wait: seconds as a number with a fraction. */
public final class WaitTimeout {
    private static final ErrorReply NOT_A_NUMBER =
            new ErrorReply("ERR timeout is not a float or out of range");
    private static final ErrorReply NEGATIVE = new ErrorReply("ERR timeout is negative");
    private static final int MS_DIGITS = 3;
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);
    /** Longer than any process lives: as good as for ever, and safe to add to the time. */
    private static final long ENDLESS_MS = Long.MAX_VALUE / 4;

    private WaitTimeout() {}

    /**
     * An argument in seconds, as milliseconds rounded up; 0 is for ever.
     *
     * @throws ErrorReply when it is no number, or is negative, which to Redis is also what does not fit in 64 bits of
     *     milliseconds
     */
    public static long parse(Call call, int argument) {
        if (call.span(argument).isLong()) {
            long seconds = call.span(argument).parseLong();
            if (seconds >= 0 && seconds < Integer.MAX_VALUE) {
                return seconds * 1000;
            }
        }
        Optional<LongDouble> parsed = LongDouble.parse(call.bytes(argument));
        if (parsed.isEmpty()) {
            throw NOT_A_NUMBER;
        }
        LongDouble seconds = parsed.get();
        if (!seconds.finite()) {
            throw NEGATIVE;
        }
        BigDecimal exact = seconds.value().scaleByPowerOfTen(MS_DIGITS);
        BigInteger ms = exact.setScale(0, RoundingMode.CEILING).toBigIntegerExact();
        if (ms.signum() < 0 || ms.compareTo(LARGEST) > 0) {
            throw NEGATIVE;
        }
        return ms.longValueExact() > ENDLESS_MS ? 0 : ms.longValueExact();
    }
}
