package dev.slotmesh.server.session;

/**
 * Which writes are answered only when replicas have them.
 *
 * @param replicas how many must acknowledge a write, 0 to answer at once
 * @param timeoutMs after which a write is answered by an error instead, 1 or more
 */
public record AckWrites(int replicas, long timeoutMs) {
    /** Redis's way: answered at once. */
    public static final AckWrites OFF = new AckWrites(0, 1000);
}
