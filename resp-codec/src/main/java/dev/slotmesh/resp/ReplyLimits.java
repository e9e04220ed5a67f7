package dev.slotmesh.resp;

/**
 * Bounds on one reply, nested ones included.
 *
 * @param maxDepth most aggregates and attributes open at once, 0..10,000 (values nest on the Java
 *     stack when they are written)
 * @param maxElements most elements of all aggregates together, announced or streamed; a map counts
 *     its keys and its values
 * @param maxBulkBytes longest string in bytes, 0..2^30; a streamed one counts all its parts
 * @param maxLineBytes longest line without type byte and line end, 1..2^30
 */
public record ReplyLimits(int maxDepth, int maxElements, int maxBulkBytes, int maxLineBytes) {
    private static final int MAX_BYTES = 1 << 30;

    /** 128 levels, 16,777,216 elements, strings of 512 MiB, lines of 64 KiB. */
    public static final ReplyLimits DEFAULT =
            new ReplyLimits(128, 1 << 24, 512 * 1024 * 1024, 64 * 1024);

    public ReplyLimits {
        require(maxDepth >= 0 && maxDepth <= 10_000, "maxDepth", maxDepth);
        require(maxElements >= 0, "maxElements", maxElements);
        require(maxBulkBytes >= 0 && maxBulkBytes <= MAX_BYTES, "maxBulkBytes", maxBulkBytes);
        require(maxLineBytes >= 1 && maxLineBytes <= MAX_BYTES, "maxLineBytes", maxLineBytes);
    }

    private static void require(boolean admitted, String name, int value) {
        if (!admitted) {
            throw new IllegalArgumentException(name + ": " + value);
        }
    }
}
