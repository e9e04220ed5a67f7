package dev.slotmesh.keyspace.memory;

import java.util.HashMap;
import java.util.Map;
import net.openhft.chronicle.bytes.BytesStore;

/**
 * An independently locked part of the arena: its spans by size class and its large blocks.
 *
 * <p>Guarded by this object's monitor, below which comes only that of the {@link SpanPool}; nothing else is locked, waited for
 * or called out to while it is held. Slots share stripes, so two threads meet here only when their slots fall on one stripe and
 * both allocate or free; an overwrite in place never comes here. The record of a span in use here is in at most one list: the
 * spans of a class with room, or the spans that are to be emptied, looked at already or not; any other full span is in none.
 *
 * <p>Checks are always on. A block given back twice, with a wrong size, or that never was a block is our own mistake and
 * throws {@link IllegalStateException}; so does a free block whose mark was overwritten.
 */
public final class ArenaStripe {
    private static final long ADDRESS_LIMIT = 1L << 48;
    private static final int NEXT_FREE = 0;
    private static final int MARK = NEXT_FREE + 8;

    private final int number;
    private final long secret;
    private final KeyHash hashes;
    private final MemoryAccount account;
    private final SpanPool pool;
    private final LargeReleases largeReleases;
    private final long[] roomy = new long[SizeClasses.COUNT];
    private final Map<Long, BytesStore<?, Void>> largeBlocks = new HashMap<>();
    /** Spans that are to be emptied and were not copied yet. */
    private long leavingSpans;
    /** Spans that are to be emptied and were copied. */
    private long copiedSpans;

    private long usedBytes;
    private long indexBytes;
    /** Bytes in large blocks. */
    private long largeBytes;
    /** What was touched of the spans in use, and large blocks. */
    private long heldBytes;

    private long reportedUsedBytes;
    private long reportedHeldBytes;
    private boolean closed;

    ArenaStripe(
            int number, long secret, KeyHash hashes, SpanPool pool, LargeReleases largeReleases) {
        this.number = number;
        this.secret = secret;
        this.hashes = hashes;
        this.pool = pool;
        this.account = pool.account();
        this.largeReleases = largeReleases;
    }

    /** 0 to 255: which stripe of its arena this is. */
    public int number() {
        return number;
    }

    /** The hash that tables in this arena are ordered by: one for all its stripes, so that structures can change theirs. */
    public KeyHash hashes() {
        return hashes;
    }

    /** A block of at least {@code size} bytes, its content undefined, to be freed with the same size. */
    public long allocate(long size) {
        if (size >= LargeReleases.LEAST_BYTES) {
            largeReleases.relieve();
        }
        return take(size);
    }

    private synchronized long take(long size) {
        requireOpen();
        if (size <= 0) {
            throw new IllegalArgumentException("a block of " + size + " bytes");
        }
        if (size > SizeClasses.LARGEST_SMALL) {
            return allocateLarge(SizeClasses.blockSize(size));
        }
        int sizeClass = SizeClasses.classOf((int) size);
        long record = roomy[sizeClass];
        if (record == 0) {
            record = openSpan(sizeClass);
        }
        int blockBytes = SizeClasses.sizeOf(sizeClass);
        long block = takeBlock(record, blockBytes);
        usedBytes += blockBytes;
        if (isFull(record, blockBytes)) {
            unlink(record, sizeClass);
        }
        report();
        return block;
    }

    /** The size of the block that an allocation of {@code size} bytes gets. */
    public static long blockSize(long size) {
        return SizeClasses.blockSize(size);
    }

    /** As {@link #allocate}, counted as index. */
    synchronized long allocateIndex(long size) {
        long block = take(size);
        indexBytes += SizeClasses.blockSize(size);
        return block;
    }

    /** Gives a block back; {@code size} is what was asked for, or the size of the block. */
    public void free(long block, long size) {
        if (size > SizeClasses.LARGEST_SMALL) {
            freeLarge(block, SizeClasses.blockSize(size));
        } else {
            freeSmall(block, size);
        }
    }

    private synchronized void freeSmall(long block, long size) {
        requireOpen();
        int sizeClass = SizeClasses.classOf((int) size);
        int blockBytes = SizeClasses.sizeOf(sizeClass);
        long record = SpanTable.recordOf(block);
        checkBlock(block, record, sizeClass);
        boolean joins = isFull(record, blockBytes) && !SpanTable.isLeaving(record);
        NativeMemory.writeLong(block + NEXT_FREE, SpanTable.firstFree(record));
        NativeMemory.writeLong(block + MARK, block ^ secret);
        SpanTable.firstFree(record, block);
        int left = SpanTable.blocksInUse(record) - 1;
        SpanTable.blocksInUse(record, left);
        usedBytes -= blockBytes;
        if (joins) {
            link(record, sizeClass);
        }
        if (left == 0) {
            closeSpan(record, sizeClass);
        }
        report();
    }

    /** As {@link #free}, for what {@link #allocateIndex} gave. */
    void freeIndex(long block, long size) {
        free(block, size);
        synchronized (this) {
            indexBytes -= SizeClasses.blockSize(size);
        }
    }

    /** Whether a block in use lies in a span that is to be emptied; {@code size} as in {@link #free}. */
    public synchronized boolean isLeaving(long block, long size) {
        requireOpen();
        return size <= SizeClasses.LARGEST_SMALL && SpanTable.isLeaving(SpanTable.recordOf(block));
    }

    /**
     * Chooses spans to be emptied by moving their blocks: the sparsest of each class, as many as the others have room for, and
     * those in segments chosen by {@link Arena#chooseSegments}. Until {@link #keepLeaving}, no block is taken from them.
     *
     * @param chosen to which they are added
     */
    public synchronized void chooseLeaving(LeavingSpans chosen) {
        requireOpen();
        for (int i = 0; i < SizeClasses.COUNT; i++) {
            for (long record : SparseSpans.ofClass(roomy[i], SizeClasses.sizeOf(i))) {
                unlink(record, i);
                leave(record, chosen);
            }
        }
        for (long record : pool.leavingSpansOf(number)) {
            if (!SpanTable.isLeaving(record)) {
                int sizeClass = SpanTable.sizeClass(record);
                if (!isFull(record, SizeClasses.sizeOf(sizeClass))) {
                    unlink(record, sizeClass);
                }
                leave(record, chosen);
            }
        }
    }

    /** Copies a span that is to be emptied and was not copied yet. Returns false when there is none. */
    public synchronized boolean copyLeaving(SpanCopy into) {
        requireOpen();
        long record = leavingSpans;
        if (record == 0) {
            return false;
        }
        leavingSpans = SpanTable.cutOut(record, leavingSpans);
        copiedSpans = SpanTable.pushFront(record, copiedSpans);
        SpanTable.leaving(record, SpanTable.COPIED);
        into.take(
                SpanTable.spanOf(record),
                SizeClasses.sizeOf(SpanTable.sizeClass(record)),
                SpanTable.handedOut(record),
                secret);
        return true;
    }

    /** Whether a span that is to be emptied is not empty yet. */
    public synchronized boolean hasLeaving() {
        return (leavingSpans | copiedSpans) != 0;
    }

    /**
     * Takes blocks again from up to {@code most} spans that did not become empty. Returns how many those were; when less than
     * {@code most}, none is left.
     */
    public synchronized int keepLeaving(int most) {
        requireOpen();
        int kept = 0;
        for (; kept < most && (leavingSpans | copiedSpans) != 0; kept++) {
            long record = leavingSpans != 0 ? leavingSpans : copiedSpans;
            stay(record);
            int sizeClass = SpanTable.sizeClass(record);
            if (!isFull(record, SizeClasses.sizeOf(sizeClass))) {
                link(record, sizeClass);
            }
        }
        return kept;
    }

    synchronized long usedBytes() {
        return usedBytes;
    }

    synchronized long indexBytes() {
        return indexBytes;
    }

    /** Bytes in large blocks. */
    synchronized long largeBytes() {
        return largeBytes;
    }

    /** What was touched of the spans in use, and large blocks. */
    synchronized long heldBytes() {
        return heldBytes;
    }

    /** Gives the large blocks back to the operating system; the spans go with the pool. */
    synchronized void close() {
        closed = true;
        account.addBlocks(-reportedUsedBytes, -reportedHeldBytes);
        reportedUsedBytes = 0;
        reportedHeldBytes = 0;
        largeBlocks.values().forEach(BytesStore::releaseLast);
        largeBlocks.clear();
    }

    /** Tells the account once enough has changed. */
    private void report() {
        if (closed) {
            return;
        }
        long used = usedBytes - reportedUsedBytes;
        long held = heldBytes - reportedHeldBytes;
        if (Math.abs(used) >= MemoryAccount.GRAIN_BYTES
                || Math.abs(held) >= MemoryAccount.GRAIN_BYTES) {
            reportedUsedBytes += used;
            reportedHeldBytes += held;
            account.addBlocks(used, held);
        }
    }

    /** Whether the bytes of a block, or a copy of them, have the mark of a free one. */
    static boolean isFree(long bytes, long block, long secret) {
        return NativeMemory.readLong(bytes + MARK) == (block ^ secret);
    }

    private static boolean isFull(long record, int blockBytes) {
        return SpanTable.firstFree(record) == 0
                && SpanTable.handedOut(record) + blockBytes > SpanTable.roomOf(record);
    }

    private void leave(long record, LeavingSpans chosen) {
        SpanTable.leaving(record, SpanTable.LEAVING_YET);
        leavingSpans = SpanTable.pushFront(record, leavingSpans);
        chosen.add(SpanTable.spanOf(record));
    }

    /** The opposite of {@link #leave}. */
    private void stay(long record) {
        if (SpanTable.leaving(record) == SpanTable.COPIED) {
            copiedSpans = SpanTable.cutOut(record, copiedSpans);
        } else {
            leavingSpans = SpanTable.cutOut(record, leavingSpans);
        }
        SpanTable.leaving(record, SpanTable.STAYING);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the arena is closed");
        }
    }

    private long takeBlock(long record, int blockBytes) {
        SpanTable.blocksInUse(record, SpanTable.blocksInUse(record) + 1);
        long block = SpanTable.firstFree(record);
        if (block != 0) {
            if (!isFree(block, block, secret)) {
                throw new IllegalStateException("a free block was written to");
            }
            SpanTable.firstFree(record, NativeMemory.readLong(block + NEXT_FREE));
            NativeMemory.writeLong(block + MARK, 0);
            return block;
        }
        int offset = SpanTable.handedOut(record);
        SpanTable.handedOut(record, offset + blockBytes);
        if (offset + blockBytes > SpanTable.touched(record)) {
            heldBytes += offset + blockBytes - SpanTable.touched(record);
            SpanTable.touched(record, offset + blockBytes);
        }
        block = SpanTable.spanOf(record) + offset;
        NativeMemory.writeLong(block + MARK, 0);
        return block;
    }

    private void checkBlock(long block, long record, int sizeClass) {
        long segment = SpanTable.segmentOf(block);
        if (!SpanTable.isSegment(segment)
                || record == segment
                || SpanTable.owner(record) != number
                || SpanTable.sizeClass(record) != sizeClass) {
            throw new IllegalStateException("not a block of size class " + sizeClass);
        }
        int offset = (int) (block - SpanTable.spanOf(record));
        if (offset % SizeClasses.sizeOf(sizeClass) != 0 || offset >= SpanTable.handedOut(record)) {
            throw new IllegalStateException("not the start of a block");
        }
        if (isFree(block, block, secret)) {
            throw new IllegalStateException("a block was freed twice");
        }
    }

    private long openSpan(int sizeClass) {
        long record = pool.take(number, sizeClass);
        heldBytes += SpanTable.touched(record);
        SpanTable.blocksInUse(record, 0);
        SpanTable.firstFree(record, 0);
        SpanTable.handedOut(record, 0);
        link(record, sizeClass);
        return record;
    }

    private void closeSpan(long record, int sizeClass) {
        if (SpanTable.isLeaving(record)) {
            stay(record);
        } else {
            unlink(record, sizeClass);
        }
        heldBytes -= SpanTable.touched(record);
        pool.give(record);
    }

    private long allocateLarge(long blockBytes) {
        BytesStore<?, Void> store = BytesStore.lazyNativeBytesStoreWithFixedCapacity(blockBytes);
        long block = store.addressForRead(0);
        if (block + blockBytes >= ADDRESS_LIMIT || (block & 7) != 0) {
            store.releaseLast();
            throw new IllegalStateException(
                    "memory beyond 48 bits of address, or not aligned to 8");
        }
        largeBlocks.put(block, store);
        usedBytes += blockBytes;
        largeBytes += blockBytes;
        heldBytes += blockBytes;
        report();
        return block;
    }

    /** The system takes its time for hundreds of megabytes, so those are given back later, and none under the monitor. */
    private void freeLarge(long block, long blockBytes) {
        BytesStore<?, Void> store = takeLarge(block, blockBytes);
        if (blockBytes >= LargeReleases.LEAST_BYTES) {
            largeReleases.add(this, store, blockBytes);
        } else {
            release(store, blockBytes);
        }
    }

    private synchronized BytesStore<?, Void> takeLarge(long block, long blockBytes) {
        requireOpen();
        BytesStore<?, Void> store = largeBlocks.remove(block);
        if (store == null || store.realCapacity() != blockBytes) {
            throw new IllegalStateException("not a large block of " + blockBytes + " bytes");
        }
        usedBytes -= blockBytes;
        return store;
    }

    /** Gives a large block back to the system, which nobody uses any more. */
    void release(BytesStore<?, Void> store, long blockBytes) {
        store.releaseLast();
        synchronized (this) {
            largeBytes -= blockBytes;
            heldBytes -= blockBytes;
            report();
        }
    }

    private void link(long record, int sizeClass) {
        roomy[sizeClass] = SpanTable.pushFront(record, roomy[sizeClass]);
    }

    private void unlink(long record, int sizeClass) {
        roomy[sizeClass] = SpanTable.cutOut(record, roomy[sizeClass]);
    }
}
