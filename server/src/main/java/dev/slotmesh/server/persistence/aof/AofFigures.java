package dev.slotmesh.server.persistence.aof;

/** What INFO tells of the append-only file. */
public record AofFigures(boolean enabled, Rewriting rewriting, Writing writing, Forcing forcing) {
    /** Seconds are -1 when there are none. */
    public record Rewriting(
            boolean running,
            boolean scheduled,
            long lastSeconds,
            long currentSeconds,
            Outcomes outcomes) {}

    /** How rewrites ended: the last one, how many were begun, how many failed in a row. */
    public record Outcomes(boolean lastWell, long count, long failuresInARow) {}

    /** Bytes of the files, as they are and as the last rewrite left them, and of what is still to be written. */
    public record Writing(
            boolean well, long currentBytes, long rewrittenBytes, long pendingBytes) {}

    /** Files being forced to disk in the background, and writes that could not wait for that. */
    public record Forcing(long pending, long delayed) {}
}
