package dev.slotmesh.keyspace;

/**
 * The off-heap memory of a keyspace at one moment, bytes.
 *
 * @param usedBytes blocks in use: entries and index together
 * @param indexBytes the part of {@code usedBytes} that is index tables
 * @param reservedBytes address space held from the operating system; untouched pages of it are not resident
 * @param touchedBytes the part of {@code reservedBytes} that was ever written, so is (or was) resident
 * @param headBytes the part of {@code touchedBytes} in which segments describe themselves; it is neither used nor spare
 * @param spareBytes the part of {@code touchedBytes} that no block is in and blocks of any size can use
 */
public record MemoryUse(
        long usedBytes,
        long indexBytes,
        long reservedBytes,
        long touchedBytes,
        long headBytes,
        long spareBytes) {
    /** What blocks in use occupy together with the free blocks between them, and the segments' heads. */
    public long heldBytes() {
        return touchedBytes - spareBytes;
    }

    /** Touched over used, 1.0 when nothing is wasted or nothing is used. */
    public double fragmentation() {
        return usedBytes == 0 ? 1.0 : (double) touchedBytes / usedBytes;
    }
}
