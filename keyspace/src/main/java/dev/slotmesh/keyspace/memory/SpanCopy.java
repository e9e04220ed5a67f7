package dev.slotmesh.keyspace.memory;

import net.openhft.chronicle.core.OS;

/**
 * A copy of a span that is to be emptied, in which the keys of its entries are read without a lock. The span goes on changing: what
 * the copy tells of a block is a guess, to be checked against the index under the lock of the key's slot. One thread at a time.
 */
public final class SpanCopy implements AutoCloseable {
    private final long copy = OS.memory().allocate(SpanTable.SPAN_BYTES);
    private long span;
    private int blockBytes;
    private int blockCount;
    private long secret;

    /** A copy of nothing. */
    public SpanCopy() {}

    /** How many blocks the span had, free ones included. */
    public int blockCount() {
        return blockCount;
    }

    /** Where a block is, 0 to {@link #blockCount} - 1, in the span itself. */
    public long block(int index) {
        return span + (long) index * blockBytes;
    }

    /**
     * Points {@code into} at the copy of the key that a block had if it was an entry.
     *
     * @return false when it was free or no entry
     */
    public boolean key(int index, ByteSpan into) {
        long bytes = copy + (long) index * blockBytes;
        if (ArenaStripe.isFree(bytes, block(index), secret)
                || !EntryLayout.mayBeEntry(bytes, blockBytes)) {
            return false;
        }
        EntryStore.key(bytes, into);
        return true;
    }

    /** Copies a span; the monitor of its stripe is held. */
    void take(long from, int bytesPerBlock, int handedOut, long stripeSecret) {
        span = from;
        blockBytes = bytesPerBlock;
        blockCount = handedOut / bytesPerBlock;
        secret = stripeSecret;
        NativeMemory.copy(from, copy, handedOut);
    }

    @Override
    public void close() {
        blockCount = 0;
        OS.memory().freeMemory(copy, SpanTable.SPAN_BYTES);
    }
}
