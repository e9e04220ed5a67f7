package dev.slotmesh.server.report;

import java.util.Locale;

/** The growing text of a report: {@code name:value} lines with CRLF ends. */
public final class ReportText {
    private static final String[] UNITS = {"B", "K", "M", "G", "T", "P", "E"};

    private final StringBuilder text = new StringBuilder(2048);

    /** Begins a section, after an empty line unless it is the first. */
    public void section(String title) {
        if (text.length() > 0) {
            text.append("\r\n");
        }
        text.append("# ").append(title).append("\r\n");
    }

    public void field(String name, String value) {
        text.append(name).append(':').append(value).append("\r\n");
    }

    public void field(String name, long value) {
        text.append(name).append(':').append(value).append("\r\n");
    }

    /** A field with two decimals. */
    public void decimal(String name, double value) {
        field(name, String.format(Locale.ROOT, "%.2f", value));
    }

    /** A number of bytes and the same for people, as {@code name} and {@code name_human}. */
    public void bytes(String name, long value) {
        field(name, value);
        field(name + "_human", human(value));
    }

    /** A number of bytes with a unit: {@code 512B}, {@code 1.56M}. */
    static String human(long bytes) {
        if (bytes < 1024) {
            return bytes + UNITS[0];
        }
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f", value) + UNITS[unit];
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
