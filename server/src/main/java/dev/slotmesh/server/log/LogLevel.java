package dev.slotmesh.server.log;

/** How important a line is, from the chattiest up; a log shows its own level and everything after it. */
public enum LogLevel {
    DEBUG('.'),
    VERBOSE('-'),
    NOTICE('*'),
    WARNING('#');

    private final char mark;

    LogLevel(char mark) {
        this.mark = mark;
    }

    /** The character between the time and the message. */
    public char mark() {
        return mark;
    }
}
