package dev.slotmesh.keyspace.memory;

import java.util.HashMap;
import java.util.Map;
import net.openhft.chronicle.bytes.BytesStore;

/**
 * An independently locked part of the arena: its segments, its spans by size class and its large blocks.
 *
 * <p>Guarded by this object's monitor, a leaf lock: nothing else is locked, waited for or called out to while it is held.
 * Slots share stripes, so two threads meet here only when their slots fall on one stripe and both allocate or free; an
 * overwrite in place never comes here. A record of a span is in exactly one list: the free spans, or the spans of a class
 * with room; a full span is in none.
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
    private final LargeReleases largeReleases;
    private final long[] roomy = new long[SizeClasses.COUNT];
    private final Map<Long, BytesStore<?, Void>> segments = new HashMap<>();
    private final Map<Long, BytesStore<?, Void>> largeBlocks = new HashMap<>();
    private long freeSpans;
    private long usedBytes;
    private long indexBytes;
    private long reservedBytes;
    private long touchedBytes;
    /** The part of {@link #touchedBytes} in free spans, which blocks of any size can use. */
    private long spareBytes;

    private long reportedUsedBytes;
    private long reportedHeldBytes;
    private boolean closed;

    ArenaStripe(
            int number,
            long secret,
            KeyHash hashes,
            MemoryAccount account,
            LargeReleases largeReleases) {
        this.number = number;
        this.secret = secret;
        this.hashes = hashes;
        this.account = account;
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
        if (SpanTable.firstFree(record) == 0
                && SpanTable.handedOut(record) + blockBytes > SpanTable.SPAN_BYTES) {
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
        boolean wasFull = SpanTable.firstFree(record) == 0
                && SpanTable.handedOut(record) + blockBytes > SpanTable.SPAN_BYTES;
        NativeMemory.writeLong(block + NEXT_FREE, SpanTable.firstFree(record));
        NativeMemory.writeLong(block + MARK, block ^ secret);
        SpanTable.firstFree(record, block);
        int left = SpanTable.blocksInUse(record) - 1;
        SpanTable.blocksInUse(record, left);
        usedBytes -= blockBytes;
        if (wasFull) {
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

    synchronized long usedBytes() {
        return usedBytes;
    }

    synchronized long indexBytes() {
        return indexBytes;
    }

    synchronized long reservedBytes() {
        return reservedBytes;
    }

    synchronized long touchedBytes() {
        return touchedBytes;
    }

    synchronized long spareBytes() {
        return spareBytes;
    }

    /** Gives everything back to the operating system, blocks in use included. */
    synchronized void close() {
        closed = true;
        account.addBlocks(-reportedUsedBytes, -reportedHeldBytes);
        reportedUsedBytes = 0;
        reportedHeldBytes = 0;
        segments.values().forEach(BytesStore::releaseLast);
        segments.clear();
        largeBlocks.values().forEach(BytesStore::releaseLast);
        largeBlocks.clear();
    }

    /** Tells the account once enough has changed. */
    private void report() {
        if (closed) {
            return;
        }
        long used = usedBytes - reportedUsedBytes;
        long held = touchedBytes - spareBytes - reportedHeldBytes;
        if (Math.abs(used) >= MemoryAccount.GRAIN_BYTES
                || Math.abs(held) >= MemoryAccount.GRAIN_BYTES) {
            reportedUsedBytes += used;
            reportedHeldBytes += held;
            account.addBlocks(used, held);
        }
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
            if (NativeMemory.readLong(block + MARK) != (block ^ secret)) {
                throw new IllegalStateException("a free block was written to");
            }
            SpanTable.firstFree(record, NativeMemory.readLong(block + NEXT_FREE));
            NativeMemory.writeLong(block + MARK, 0);
            return block;
        }
        int offset = SpanTable.handedOut(record);
        SpanTable.handedOut(record, offset + blockBytes);
        if (offset + blockBytes > SpanTable.touched(record)) {
            touchedBytes += offset + blockBytes - SpanTable.touched(record);
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
                || SpanTable.sizeClass(record) != sizeClass) {
            throw new IllegalStateException("not a block of size class " + sizeClass);
        }
        int offset = (int) (block - SpanTable.spanOf(record));
        if (offset % SizeClasses.sizeOf(sizeClass) != 0 || offset >= SpanTable.handedOut(record)) {
            throw new IllegalStateException("not the start of a block");
        }
        if (NativeMemory.readLong(block + MARK) == (block ^ secret)) {
            throw new IllegalStateException("a block was freed twice");
        }
    }

    private long openSpan(int sizeClass) {
        if (freeSpans == 0) {
            openSegment();
        }
        long record = freeSpans;
        unlinkFree(record);
        long segment = SpanTable.segmentOf(record);
        SpanTable.spansInUse(segment, SpanTable.spansInUse(segment) + 1);
        spareBytes -= SpanTable.touched(record);
        SpanTable.sizeClass(record, sizeClass);
        SpanTable.blocksInUse(record, 0);
        SpanTable.firstFree(record, 0);
        SpanTable.handedOut(record, 0);
        link(record, sizeClass);
        return record;
    }

    private void closeSpan(long record, int sizeClass) {
        unlink(record, sizeClass);
        SpanTable.markFree(record);
        linkFree(record);
        spareBytes += SpanTable.touched(record);
        long segment = SpanTable.segmentOf(record);
        int left = SpanTable.spansInUse(segment) - 1;
        SpanTable.spansInUse(segment, left);
        if (left == 0 && segments.size() > 1) {
            closeSegment(segment);
        }
    }

    private void openSegment() {
        BytesStore<?, Void> store =
                BytesStore.lazyNativeBytesStoreWithFixedCapacity(2L * SpanTable.SEGMENT_BYTES);
        long start = store.addressForRead(0);
        long segment = (start + SpanTable.SEGMENT_BYTES - 1) & -SpanTable.SEGMENT_BYTES;
        if (segment + SpanTable.SEGMENT_BYTES >= ADDRESS_LIMIT) {
            store.releaseLast();
            throw new IllegalStateException("memory beyond 48 bits of address");
        }
        SpanTable.initialise(segment);
        segments.put(segment, store);
        reservedBytes += SpanTable.SEGMENT_BYTES;
        touchedBytes += SpanTable.HEAD_BYTES;
        for (int i = SpanTable.SPANS - 1; i > 0; i--) {
            linkFree(segment + (long) i * SpanTable.RECORD_BYTES);
        }
    }

    private void closeSegment(long segment) {
        for (int i = 1; i < SpanTable.SPANS; i++) {
            long record = segment + (long) i * SpanTable.RECORD_BYTES;
            unlinkFree(record);
            touchedBytes -= SpanTable.touched(record);
            spareBytes -= SpanTable.touched(record);
        }
        touchedBytes -= SpanTable.HEAD_BYTES;
        reservedBytes -= SpanTable.SEGMENT_BYTES;
        segments.remove(segment).releaseLast();
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
        reservedBytes += blockBytes;
        touchedBytes += blockBytes;
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
            reservedBytes -= blockBytes;
            touchedBytes -= blockBytes;
            report();
        }
    }

    private void link(long record, int sizeClass) {
        roomy[sizeClass] = pushFront(record, roomy[sizeClass]);
    }

    private void unlink(long record, int sizeClass) {
        roomy[sizeClass] = cutOut(record, roomy[sizeClass]);
    }

    private void linkFree(long record) {
        freeSpans = pushFront(record, freeSpans);
    }

    private void unlinkFree(long record) {
        freeSpans = cutOut(record, freeSpans);
    }

    private static long pushFront(long record, long head) {
        SpanTable.next(record, head);
        SpanTable.previous(record, 0);
        if (head != 0) {
            SpanTable.previous(head, record);
        }
        return record;
    }

    /** Takes a record out of the list and returns the list's head afterwards. */
    private static long cutOut(long record, long head) {
        long next = SpanTable.next(record);
        long previous = SpanTable.previous(record);
        if (next != 0) {
            SpanTable.previous(next, previous);
        }
        if (previous != 0) {
            SpanTable.next(previous, next);
            return head;
        }
        return next;
    }
}
