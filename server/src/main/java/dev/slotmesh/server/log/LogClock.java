package dev.slotmesh.server.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * Prints the local time of a line: {@code 23 Nov 2026 04:17:56.968}. The text of a second is made once and kept, as most lines
 * share theirs with the one before; a formatter would cost more at start-up than the rest of the log. For any thread: the kept
 * second is immutable and published as a whole.
 */
final class LogClock {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private final ZoneId zone;
    private volatile Second kept = new Second(Long.MIN_VALUE, "");

    LogClock() {
        this(ZoneId.systemDefault());
    }

    LogClock(ZoneId zone) {
        this.zone = zone;
    }

    /** Appends the time, given in milliseconds since 1970 UTC. */
    void append(StringBuilder line, long nowMs) {
        long epochSecond = Math.floorDiv(nowMs, 1000L);
        Second second = kept;
        if (second.epochSecond != epochSecond) {
            second = new Second(epochSecond, print(epochSecond));
            kept = second;
        }
        line.append(second.text).append('.');
        appendPadded(line, (int) Math.floorMod(nowMs, 1000L), 100);
    }

    private String print(long epochSecond) {
        ZonedDateTime time = Instant.ofEpochSecond(epochSecond).atZone(zone);
        StringBuilder text = new StringBuilder(24);
        appendPadded(text, time.getDayOfMonth(), 10);
        text.append(' ')
                .append(MONTHS[time.getMonthValue() - 1])
                .append(' ')
                .append(time.getYear());
        text.append(' ');
        appendPadded(text, time.getHour(), 10);
        text.append(':');
        appendPadded(text, time.getMinute(), 10);
        text.append(':');
        appendPadded(text, time.getSecond(), 10);
        return text.toString();
    }

    private static void appendPadded(StringBuilder text, int value, int highestPlace) {
        for (int place = highestPlace; place > 0; place /= 10) {
            text.append((char) ('0' + value / place % 10));
        }
    }

    private record Second(long epochSecond, String text) {}
}
