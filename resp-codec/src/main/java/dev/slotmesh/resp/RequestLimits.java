package dev.slotmesh.resp;

/**
 * Bounds on one request, checked before anything is sized by a number from the wire.
 *
 * @param maxInlineBytes longest line without its line end, 1..2^30; holds for inline requests and
 *     for the lines that announce counts and lengths
 * @param maxArguments most arguments of one multibulk request, 1..2^31-1; inline requests are
 *     bounded by their line alone
 * @param maxBulkBytes longest argument in bytes, 0..2^63-1; values beyond {@link
 *     #LARGEST_BULK_BYTES} mean that number
 */
public record RequestLimits(int maxInlineBytes, int maxArguments, long maxBulkBytes) {
    /** Longest argument a receive buffer can ever hold, whatever the limit says: 2^30 bytes. */
    public static final int LARGEST_BULK_BYTES = 1 << 30;

    /** Lines of 64 KiB, 1,048,576 arguments, arguments of 512 MiB. */
    public static final RequestLimits DEFAULT =
            new RequestLimits(64 * 1024, 1024 * 1024, 512L * 1024 * 1024);

    /** What a client may send before it has authenticated: 10 arguments of 16 KiB. */
    public static final RequestLimits UNAUTHENTICATED = new RequestLimits(64 * 1024, 10, 16 * 1024);

    public RequestLimits {
        if (maxInlineBytes < 1 || maxInlineBytes > 1 << 30) {
            throw new IllegalArgumentException("maxInlineBytes: " + maxInlineBytes);
        }
        if (maxArguments < 1) {
            throw new IllegalArgumentException("maxArguments: " + maxArguments);
        }
        if (maxBulkBytes < 0) {
            throw new IllegalArgumentException("maxBulkBytes: " + maxBulkBytes);
        }
    }

    /** These limits with another longest argument (the directive proto-max-bulk-len), in bytes. */
    public RequestLimits withMaxBulkBytes(long bytes) {
        return new RequestLimits(maxInlineBytes, maxArguments, bytes);
    }

    /**
     * True when a request beyond these limits is to be answered as that of a client not yet
     * authenticated.
     */
    boolean beforeAuthentication() {
        return maxArguments <= UNAUTHENTICATED.maxArguments;
    }
}
