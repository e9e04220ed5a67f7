package dev.slotmesh.server.session;

/**
 * What one client may take. Sizes in bytes, times in milliseconds.
 *
 * @param maxBulkBytes proto-max-bulk-len
 * @param queryBufferBytes client-query-buffer-limit
 * @param outputs client-output-buffer-limit
 * @param busyReplyMs busy-reply-threshold: how long a command waits for its slot before BUSY
 */
public record SessionLimits(
        long maxBulkBytes, long queryBufferBytes, Outputs outputs, long busyReplyMs) {

    /** With the same limit of output for all but replicas, which have none. */
    public SessionLimits(
            long maxBulkBytes, long queryBufferBytes, Output output, long busyReplyMs) {
        this(
                maxBulkBytes,
                queryBufferBytes,
                new Outputs(output, new Output(0, 0, 0), output),
                busyReplyMs);
    }

    /**
     * The limits of output by the class of client.
     *
     * @param normal of ordinary clients
     * @param replica of replicas
     * @param subscriber of clients that are subscribed to something
     */
    public record Outputs(Output normal, Output replica, Output subscriber) {
        /** The limit for a client as it is now. */
        Output of(Session session) {
            if (session.isReplica()) {
                return replica;
            }
            return session.pushes().isSubscribed() ? subscriber : normal;
        }
    }

    /**
     * How many bytes of replies a client may leave unread.
     *
     * @param hardBytes closes it at once, 0 is no limit
     * @param softBytes closes it when exceeded for {@code softMs} without a break, 0 is no limit
     */
    public record Output(long hardBytes, long softBytes, long softMs) {

        boolean exceeded(ClientState client, long pendingBytes, long nowMs) {
            if (hardBytes > 0 && pendingBytes >= hardBytes) {
                return true;
            }
            if (softBytes > 0 && pendingBytes >= softBytes) {
                return client.softLimitExceededFor(nowMs) >= softMs;
            }
            client.softLimitKept();
            return false;
        }
    }

    private static final long MEBIBYTE = 1024 * 1024;

    /** What Redis 7.0 starts with. */
    public static final SessionLimits DEFAULT =
            new SessionLimits(512 * MEBIBYTE, 1024 * MEBIBYTE, new Output(0, 0, 0), 5000);
}
