package dev.slotmesh.keyspace.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
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

    /** Emptied segments that are kept for a while, 128 MiB. */
    static final int MOST_IDLE = 64;

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

    /**
     * Segments with nothing in them, used when no other span is free. They are given back when nobody needed them for a while:
     * to make and clear a segment takes the system as long as thousands of commands.
     */
    private final ArrayDeque<Long> idle = new ArrayDeque<>();
    /** The least of them there were since {@link #giveBackIdle}. */
    private int leastIdle;

    private long freeSpans;
    /** Free spans of {@link #leavingSegments}: used only when there are no others. */
    private long hiddenSpans;

    /** Touched bytes of free spans. */
    private long spareBytes;
    /** Somebody waits until fewer segments are idle. */
    private int wantedIdle;

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
        if (freeSpans == 0) {
            findSpans();
        }
        long record = freeSpans;
        freeSpans = SpanTable.cutOut(record, freeSpans);
        long segment = SpanTable.segmentOf(record);
        SpanTable.spansInUse(segment, SpanTable.spansInUse(segment) + 1);
        SpanTable.owner(record, stripe);
        SpanTable.sizeClass(record, sizeClass);
        addSpare(-SpanTable.touched(record));
        return record;
    }

    private void findSpans() {
        if (idle.isEmpty() && hiddenSpans != 0) {
            keepSegments();
            return;
        }
        if (idle.isEmpty()) {
            open(reserveSegment(), malloc.hugePages() ? SpanTable.SPAN_BYTES : 0);
        }
        long segment = idle.pop();
        leastIdle = Math.min(leastIdle, idle.size());
        for (int i = SpanTable.SPANS - 1; i > 0; i--) {
            freeSpans = SpanTable.pushFront(SpanTable.recordAt(segment, i), freeSpans);
        }
        if (idle.size() < wantedIdle) {
            notifyAll();
        }
    }

    /** Takes an emptied span back from its stripe; it may be gone together with its segment afterwards. */
    synchronized void give(long record) {
        SpanTable.markFree(record);
        linkFree(record);
        addSpare(SpanTable.touched(record));
        long segment = SpanTable.segmentOf(record);
        int left = SpanTable.spansInUse(segment) - 1;
        SpanTable.spansInUse(segment, left);
        if (left > 0) {
            return;
        }
        boolean leaves = leavingSegments.contains(segment);
        if (leaves || idle.size() >= MOST_IDLE) {
            detach(segment).releaseLast();
        } else {
            for (int i = 1; i < SpanTable.SPANS; i++) {
                freeSpans = SpanTable.cutOut(SpanTable.recordAt(segment, i), freeSpans);
            }
            idle.push(segment);
        }
    }

    /**
     * Chooses segments to be emptied: as many as the free spans of the others have room for. Those that are empty already are
     * given back. Returns how many of both there were.
     */
    int chooseSegments() {
        List<BytesStore<?, Void>> gone = new ArrayList<>();
        long[] chosen;
        synchronized (this) {
            long spare = spareBytes / SpanTable.SPAN_BYTES;
            chosen = SparseSpans.segments(segments.keySet(), spare);
            for (long segment : chosen) {
                if (SpanTable.spansInUse(segment) == 0) {
                    gone.add(detach(segment));
                } else {
                    hide(segment);
                }
            }
        }
        gone.forEach(BytesStore::releaseLast);
        return chosen.length;
    }

    private void hide(long segment) {
        leavingSegments.add(segment);
        for (int i = 1; i < SpanTable.SPANS; i++) {
            long record = SpanTable.recordAt(segment, i);
            if (SpanTable.isFree(record)) {
                freeSpans = SpanTable.cutOut(record, freeSpans);
                hiddenSpans = SpanTable.pushFront(record, hiddenSpans);
            }
        }
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
            freeSpans = SpanTable.pushFront(record, freeSpans);
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
        idle.clear();
        leastIdle = 0;
        freeSpans = 0;
        hiddenSpans = 0;
    }

    /** Gives the idle segments back that nobody needed since the last call. To be called every few seconds. */
    void giveBackIdle() {
        List<BytesStore<?, Void>> gone;
        synchronized (this) {
            gone = takeIdle(leastIdle);
            leastIdle = idle.size();
        }
        gone.forEach(BytesStore::releaseLast);
    }

    /** Gives all idle segments back, but for the last segment there is. */
    void giveBackFree() {
        List<BytesStore<?, Void>> gone;
        synchronized (this) {
            gone = takeIdle(idle.size());
            leastIdle = 0;
        }
        gone.forEach(BytesStore::releaseLast);
    }

    private List<BytesStore<?, Void>> takeIdle(int count) {
        List<BytesStore<?, Void>> taken = new ArrayList<>();
        for (int i = 0; i < count && segments.size() > 1; i++) {
            taken.add(detach(idle.peekLast()));
        }
        return taken;
    }

    /** Waits until fewer segments than this, 1 or more, are idle; for {@link MemoryAhead}. */
    synchronized void awaitShortage(int count) throws InterruptedException {
        wantedIdle = count;
        try {
            while (idle.size() >= count) {
                wait();
            }
        } finally {
            wantedIdle = 0;
        }
    }

    /** Opens an idle segment whose pages are all there already; holds no lock while the system makes them. */
    void openTouchedSegment() {
        Segment segment = reserveSegment();
        int end = SpanTable.SEGMENT_BYTES - SpanTable.UNUSED_BYTES;
        for (int at = TOUCH_BYTES; at < end; at += TOUCH_BYTES) {
            NativeMemory.writeByte(segment.address + at, (byte) 0);
        }
        synchronized (this) {
            open(segment, SpanTable.SPAN_BYTES);
        }
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
        addSpare((long) touched * (SpanTable.SPANS - 1));
        idle.push(segment.address);
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

    /** Takes an empty segment out of everything; what it lies in is to be released, best without the monitor. */
    private BytesStore<?, Void> detach(long segment) {
        boolean wasIdle = idle.remove(segment);
        leastIdle = Math.min(leastIdle, idle.size());
        boolean leaving = leavingSegments.remove(segment);
        for (int i = 1; i < SpanTable.SPANS; i++) {
            long record = SpanTable.recordAt(segment, i);
            if (leaving) {
                hiddenSpans = SpanTable.cutOut(record, hiddenSpans);
            } else if (!wasIdle) {
                freeSpans = SpanTable.cutOut(record, freeSpans);
            }
            addSpare(-SpanTable.touched(record));
        }
        account.addBlocks(-headBytes, -headBytes);
        return segments.remove(segment);
    }

    private void linkFree(long record) {
        if (leavingSegments.contains(SpanTable.segmentOf(record))) {
            hiddenSpans = SpanTable.pushFront(record, hiddenSpans);
        } else {
            freeSpans = SpanTable.pushFront(record, freeSpans);
        }
    }

    private void addSpare(long bytes) {
        if (bytes != 0) {
            spareBytes += bytes;
            account.addSpare(bytes);
        }
    }
}
