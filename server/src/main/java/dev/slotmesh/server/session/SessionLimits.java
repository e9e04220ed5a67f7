package dev.slotmesh.server.session;

/**
 * What one client may take. Sizes in bytes, times in milliseconds.
 *
 * @param maxBulkBytes proto-max-bulk-len
 * @param queryBufferBytes client-query-buffer-limit
 * @param outputHardBytes hard limit of unsent replies, 0 is none
 * @param outputSoftBytes soft limit of unsent replies, 0 is none
 * @param outputSoftMs how long the soft limit may be exceeded
 * @param busyReplyMs busy-reply-threshold: how long a command waits for its slot before BUSY
 */
public record SessionLimits(
        long maxBulkBytes,
        long queryBufferBytes,
        long outputHardBytes,
        long outputSoftBytes,
        long outputSoftMs,
        long busyReplyMs) {

    private static final long MEBIBYTE = 1024 * 1024;

    /** What Redis 7.0 starts with. */
    public static final SessionLimits DEFAULT =
            new SessionLimits(512 * MEBIBYTE, 1024 * MEBIBYTE, 0, 0, 0, 5000);

    boolean outputExceeded(ClientState client, long pendingBytes, long nowMs) {
        if (outputHardBytes > 0 && pendingBytes >= outputHardBytes) {
            return true;
        }
        if (outputSoftBytes > 0 && pendingBytes >= outputSoftBytes) {
            return client.softLimitExceededFor(nowMs) >= outputSoftMs;
        }
        client.softLimitKept();
        return false;
    }
}
