package dev.slotmesh.server.transport;

/**
 * What a bus link has to send, as CLUSTER LINKS shows it.
 *
 * @param events what is waited for: {@code r}, {@code rw}, or empty while connecting
 * @param allocatedBytes memory of the queue, 0 or more
 * @param usedBytes bytes of packets in it, 0 or more
 */
public record SendQueue(String events, long allocatedBytes, long usedBytes) {
    /** The queue of a link that has ended. */
    public static final SendQueue NONE = new SendQueue("", 0, 0);
}
