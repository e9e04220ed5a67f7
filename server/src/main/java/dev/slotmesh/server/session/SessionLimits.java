package dev.slotmesh.server.session;

/**
 * What one client may take. Sizes in bytes, times in milliseconds.
 *
 * @param maxBulkBytes proto-max-bulk-len
 * @param queryBufferBytes client-query-buffer-limit
 * @param output client-output-buffer-limit of ordinary clients
 * @param replicaOutput client-output-buffer-limit of replicas
 * @param busyReplyMs busy-reply-threshold: how long a command waits for its slot before BUSY
 */
public record SessionLimits(
        long maxBulkBytes,
        long queryBufferBytes,
        Output output,
        Output replicaOutput,
        long busyReplyMs) {

    /** As without replicas. */
    public SessionLimits(
            long maxBulkBytes, long queryBufferBytes, Output output, long busyReplyMs) {
        this(maxBulkBytes, queryBufferBytes, output, new Output(0, 0, 0), busyReplyMs);
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
