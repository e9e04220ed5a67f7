package dev.slotmesh.keyspace.memory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.openhft.chronicle.bytes.BytesStore;

/**
 * The segments of an arena and their free spans, which serve all its stripes: what one stripe has emptied another can use.
 *
 * <p>Guarded by this object's monitor, a leaf lock below those of the stripes, taken when a span begins or ends to be used. The
 * record of a free span is in one of two lists here; that of a span in use belongs to the stripe whose number it bears, and only
 * that stripe, under its own monitor, hands it back.
 */
final class SpanPool {
    private static final long ADDRESS_LIMIT = 1L << 48;

    /**
     * An emptied segment is given back only while so many other spans are free: whoever takes a span and returns it by turns
     * would otherwise have the system make and clear a segment each time.
     */
    static final int KEPT_SPANS = 8;

    /** What malloc is asked for when it can be hoped to align its mapping, as Linux does with those of huge pages' size. */
    private static final long SNUG_BYTES = SpanTable.SEGMENT_BYTES - SpanTable.UNUSED_BYTES;

    /** The smallest pages there are. */
    private static final int TOUCH_BYTES = 4096;

    private final MemoryAccount account;
    private final MallocTuning malloc;
    /** What a segment's head is counted as. */
    private final int headBytes;

    private final Map<Long, BytesStore<?, Void>> segments = new HashMap<>();
    /** Segments that are to be emptied. */
    private final Set<Long> leavingSegments = new HashSet<>();

    private long freeSpans;
    private int freeCount;
    /** Free spans of {@link #leavingSegments}: used only when there are no others. */
    private long hiddenSpans;

    /** Touched bytes of free spans. */
    private long spareBytes;
    /** Somebody waits until fewer spans are free. */
    private int wantedFree;

    private record Segment(long address, BytesStore<?, Void> store) {}

    SpanPool(MemoryAccount account, MallocTuning malloc) {
        this.account = account;
        this.malloc = malloc;
        this.headBytes = malloc.hugePages() ? SpanTable.SPAN_BYTES : SpanTable.HEAD_BYTES;
    }

    MemoryAccount account() {
        return account;
    }

    /** A free span's record, from then on a stripe's, for blocks of a class. */
    synchronized long take(int stripe, int sizeClass) {
        if (freeSpans == 0 && hiddenSpans != 0) {
            keepSegments();
        }
        if (freeSpans == 0) {
            openSegment();
        }
        long record = freeSpans;
        cutOutFree(record);
        long segment = SpanTable.segmentOf(record);
        SpanTable.spansInUse(segment, SpanTable.spansInUse(segment) + 1);
        SpanTable.owner(record, stripe);
        SpanTable.sizeClass(record, sizeClass);
        addSpare(-SpanTable.touched(record));
        if (freeCount < wantedFree) {
            notifyAll();
        }
        return record;
    }

    /** Takes an emptied span back from its stripe; it may be gone together with its segment afterwards. */
    synchronized void give(long record) {
        SpanTable.markFree(record);
        linkFree(record);
        addSpare(SpanTable.touched(record));
        long segment = SpanTable.segmentOf(record);
        int left = SpanTable.spansInUse(segment) - 1;
        SpanTable.spansInUse(segment, left);
        if (left == 0 && isSuperfluous(segment)) {
            closeSegment(segment);
        }
    }

    private boolean isSuperfluous(long segment) {
        return segments.size() > 1
                && (leavingSegments.contains(segment)
                        || freeCount - (SpanTable.SPANS - 1) >= KEPT_SPANS);
    }

    /**
     * Chooses segments to be emptied: as many as the free spans of the others have room for. Those that are empty already are
     * given back. Returns how many of both there were.
     */
    synchronized int chooseSegments() {
        long spare = spareBytes / SpanTable.SPAN_BYTES;
        long[] chosen = SparseSpans.segments(segments.keySet(), spare);
        for (long segment : chosen) {
            if (SpanTable.spansInUse(segment) == 0) {
                closeSegment(segment);
                continue;
            }
            leavingSegments.add(segment);
            for (int i = 1; i < SpanTable.SPANS; i++) {
                long record = SpanTable.recordAt(segment, i);
                if (SpanTable.isFree(record)) {
                    cutOutFree(record);
                    hiddenSpans = SpanTable.pushFront(record, hiddenSpans);
                }
            }
        }
        return chosen.length;
    }

    /** The records of a stripe's spans in segments that are to be emptied. The stripe's monitor is held. */
    synchronized long[] leavingSpansOf(int stripe) {
        long[] records = new long[leavingSegments.size() * SpanTable.SPANS];
        int count = 0;
        for (long segment : leavingSegments) {
            for (int i = 1; i < SpanTable.SPANS; i++) {
                long record = SpanTable.recordAt(segment, i);
                if (!SpanTable.isFree(record) && SpanTable.owner(record) == stripe) {
                    records[count++] = record;
                }
            }
        }
        return Arrays.copyOf(records, count);
    }

    /** Uses the segments again that were to be emptied and are not. */
    synchronized void keepSegments() {
        leavingSegments.clear();
        while (hiddenSpans != 0) {
            long record = hiddenSpans;
            hiddenSpans = SpanTable.cutOut(record, hiddenSpans);
            pushFree(record);
        }
    }

    /** Bytes of address space. */
    synchronized long reservedBytes() {
        return (long) segments.size() * SpanTable.SEGMENT_BYTES;
    }

    /** Bytes of the heads of segments. */
    synchronized long headBytes() {
        return (long) segments.size() * headBytes;
    }

    /** What was touched of the free spans. */
    synchronized long spareBytes() {
        return spareBytes;
    }

    /** Gives all segments back to the operating system, those in use included. */
    synchronized void close() {
        addSpare(-spareBytes);
        account.addBlocks(-headBytes(), -headBytes());
        leavingSegments.clear();
        segments.values().forEach(BytesStore::releaseLast);
        segments.clear();
        freeSpans = 0;
        freeCount = 0;
        hiddenSpans = 0;
    }

    /** Waits until fewer spans than this are free, for {@link MemoryAhead}; 0 and less never ends but by interruption. */
    synchronized void awaitShortage(int spans) throws InterruptedException {
        wantedFree = spans;
        try {
            while (freeCount >= spans) {
                wait();
            }
        } finally {
            wantedFree = 0;
        }
    }

    /** Opens a segment whose pages are all there already; holds no lock while the system makes them. */
    void openTouchedSegment() {
        Segment segment = reserveSegment();
        for (int at = TOUCH_BYTES;
                at < SpanTable.SEGMENT_BYTES - SpanTable.UNUSED_BYTES;
                at += TOUCH_BYTES) {
            NativeMemory.writeByte(segment.address + at, (byte) 0);
        }
        synchronized (this) {
            open(segment, SpanTable.SPAN_BYTES);
        }
    }

    /** Gives empty segments back of which there are more than the next blocks need. */
    synchronized void closeEmptySegments() {
        for (long segment : List.copyOf(segments.keySet())) {
            if (SpanTable.spansInUse(segment) == 0 && isSuperfluous(segment)) {
                closeSegment(segment);
            }
        }
    }

    private void openSegment() {
        open(reserveSegment(), malloc.hugePages() ? SpanTable.SPAN_BYTES : 0);
    }

    private Segment reserveSegment() {
        BytesStore<?, Void> store = reserve();
        long address = segmentIn(store);
        if (address + SpanTable.SEGMENT_BYTES >= ADDRESS_LIMIT) {
            store.releaseLast();
            throw new IllegalStateException("memory beyond 48 bits of address");
        }
        return new Segment(address, store);
    }

    private void open(Segment segment, int touched) {
        SpanTable.initialise(segment.address, touched);
        segments.put(segment.address, segment.store);
        account.addBlocks(headBytes, headBytes);
        for (int i = SpanTable.SPANS - 1; i > 0; i--) {
            linkFree(SpanTable.recordAt(segment.address, i));
            addSpare(SpanTable.touched(SpanTable.recordAt(segment.address, i)));
        }
    }

    /**
     * Memory with a segment in it. Where malloc notes what it does just before a mapping's usable part that page is resident, and
     * with huge pages what is around it: so the segment begins right there if the system has aligned it.
     */
    private BytesStore<?, Void> reserve() {
        if (!malloc.fixedThreshold()) {
            return reserve(MallocTuning.LARGEST_HEAP_REQUEST + SNUG_BYTES);
        }
        BytesStore<?, Void> snug = reserve(SNUG_BYTES);
        if (isSnug(snug.addressForRead(0))) {
            return snug;
        }
        snug.releaseLast();
        return reserve(2L * SpanTable.SEGMENT_BYTES);
    }

    private static BytesStore<?, Void> reserve(long bytes) {
        return BytesStore.lazyNativeBytesStoreWithFixedCapacity(bytes);
    }

    private static long segmentIn(BytesStore<?, Void> store) {
        long start = store.addressForRead(0);
        return isSnug(start)
                ? SpanTable.segmentOf(start)
                : SpanTable.segmentOf(start + SpanTable.SEGMENT_BYTES - 1);
    }

    /** Whether a segment can begin just before an address, with nothing of it but what malloc notes before that. */
    private static boolean isSnug(long start) {
        return start - SpanTable.segmentOf(start) <= SpanTable.FOREIGN_BYTES;
    }

    private void closeSegment(long segment) {
        boolean leaving = leavingSegments.remove(segment);
        for (int i = 1; i < SpanTable.SPANS; i++) {
            long record = SpanTable.recordAt(segment, i);
            if (leaving) {
                hiddenSpans = SpanTable.cutOut(record, hiddenSpans);
            } else {
                cutOutFree(record);
            }
            addSpare(-SpanTable.touched(record));
        }
        account.addBlocks(-headBytes, -headBytes);
        segments.remove(segment).releaseLast();
    }

    private void linkFree(long record) {
        if (leavingSegments.contains(SpanTable.segmentOf(record))) {
            hiddenSpans = SpanTable.pushFront(record, hiddenSpans);
        } else {
            pushFree(record);
        }
    }

    private void pushFree(long record) {
        freeSpans = SpanTable.pushFront(record, freeSpans);
        freeCount++;
    }

    private void cutOutFree(long record) {
        freeSpans = SpanTable.cutOut(record, freeSpans);
        freeCount--;
    }

    private void addSpare(long bytes) {
        if (bytes != 0) {
            spareBytes += bytes;
            account.addSpare(bytes);
        }
    }
}
