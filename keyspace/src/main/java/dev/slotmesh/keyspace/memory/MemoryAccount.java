package dev.slotmesh.keyspace.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a keyspace's memory amounts to, for those who ask before every command: a few numbers without a lock. The stripes of
 * the arena report in steps of about {@value #GRAIN_BYTES} bytes each, so the sums may be off by that much for each stripe.
 * Thread safe.
 */
public final class MemoryAccount {
    /** A stripe reports once it differs by this much from its last report. */
    static final int GRAIN_BYTES = 1024;

    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong spareBytes = new AtomicLong();
    private final AtomicLong bufferBytes = new AtomicLong();
    private final AtomicLong serviceBytes = new AtomicLong();

    /** An account of nothing. */
    public MemoryAccount() {}

    /** Blocks in use: entries, structures, index; and the heads of the segments they are in. */
    public long usedBytes() {
        return usedBytes.get();
    }

    /** What the blocks in use occupy with the free ones between them: memory that only blocks of the same size can use. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** {@link #heldBytes} and what is free for blocks of any size: what may be resident. */
    public long touchedBytes() {
        return heldBytes.get() + spareBytes.get();
    }

    /** What is free for blocks of any size. */
    public long spareBytes() {
        return spareBytes.get();
    }

    /** Buffers of clients, outside the arena, that count as well. */
    public long bufferBytes() {
        return bufferBytes.get();
    }

    /** Adds to the buffers, or takes away. */
    public void addBuffers(long bytes) {
        bufferBytes.addAndGet(bytes);
    }

    /** What the server keeps for itself outside the arena and counts as well: replication backlog, records of a snapshot. */
    public long serviceBytes() {
        return serviceBytes.get();
    }

    /** Adds to what the server keeps for itself, or takes away. */
    public void addService(long bytes) {
        serviceBytes.addAndGet(bytes);
    }

    void addBlocks(long used, long held) {
        if (used != 0) {
            usedBytes.addAndGet(used);
        }
        if (held != 0) {
            heldBytes.addAndGet(held);
        }
    }

    void addSpare(long bytes) {
        spareBytes.addAndGet(bytes);
    }
}
