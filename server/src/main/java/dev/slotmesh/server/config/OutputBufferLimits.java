package dev.slotmesh.server.config;

/** The value of {@code client-output-buffer-limit}: how much unsent output ends a connection, per class of client. */
public record OutputBufferLimits(Limit normal, Limit replica, Limit pubsub) {

    /**
     * The limits of one class; 0 switches a limit off.
     *
     * @param hardBytes ends the connection at once when reached
     * @param softBytes ends it when exceeded for {@code softSeconds} without a break
     */
    public record Limit(long hardBytes, long softBytes, long softSeconds) {}
}
