package dev.slotmesh.keyspace;

import java.util.concurrent.ThreadLocalRandom;

/**
 * One database: 16,384 slots, made when first used.
 *
 * <p>A slot is guarded by the lock of its number. The content as a whole (which object holds the slots) changes only under
 * the world lock, or once when the first slot is asked for. Counts are read without any lock and may lag behind a write in
 * flight.
 */
public final class Database {
    private static final int SCAN_STEPS_PER_KEY = 10;
    private static final int RANDOM_ATTEMPTS = 100;
    private static final int SLOT_SHIFT = 48;
    private static final long BEFORE_ALL_DEADLINES = 0;

    /** Guarded by the world lock: what was staged is taken over by another. */
    private Keyspace keyspace;

    /** Guarded by the world lock. */
    private int number;

    /** Guarded by the world lock; see {@link SnapshotCut}. */
    private int numberAtCut;

    /** Null until the first key; replaced under the world lock. */
    private volatile Content content;

    Database(Keyspace keyspace, int number) {
        this.keyspace = keyspace;
        this.number = number;
    }

    public Keyspace keyspace() {
        return keyspace;
    }

    /** The number clients select, 0 and up. It changes with {@link Keyspace#swap}. */
    public int number() {
        return number;
    }

    /**
     * The slot of that number, 0..16383, whose lock is held.
     *
     * @throws IllegalMonitorStateException when the lock is not held
     * @throws IllegalStateException when the keyspace is closed
     */
    public Slot slot(int slot) {
        keyspace.locks().requireHeld(slot);
        Content current = content;
        if (current == null) {
            current = create();
        }
        Slot found = current.slots[slot];
        if (found == null) {
            found = new Slot(this, slot, current);
            current.slots[slot] = found;
        }
        return found;
    }

    /**
     * Keys in the database, DBSIZE: without locks, exact when nothing is being written. Those {@linkplain Keyspace#apart(int)
     * apart} are left out.
     */
    public long keyCount() {
        Content current = content;
        return current == null ? 0 : current.keys.sum() - sumApart(current.keys);
    }

    /** Keys with a deadline: without locks, and without those apart. */
    public long expiringKeyCount() {
        Content current = content;
        return current == null ? 0 : current.expiring.sum() - sumApart(current.expiring);
    }

    private long sumApart(SlotCounts counts) {
        return number == 0 ? keyspace.apartSlots().sum(counts) : 0;
    }

    /** Keys in the database, those apart as well: what a copy of it has. */
    public long storedKeyCount() {
        Content current = content;
        return current == null ? 0 : current.keys.sum();
    }

    /** Keys with a deadline, those apart as well. */
    public long storedExpiringKeyCount() {
        Content current = content;
        return current == null ? 0 : current.expiring.sum();
    }

    /** Whether the keys of a slot are somebody else's; exact under its lock. */
    boolean isApart(int slot) {
        return keyspace.apart(slot) && number == 0;
    }

    /** Keys in one slot, apart or not, CLUSTER COUNTKEYSINSLOT: without locks. */
    public int keyCount(int slot) {
        Content current = content;
        return current == null ? 0 : current.keys.get(slot);
    }

    /** Keys with a deadline in one slot: without locks. */
    public int expiringKeyCount(int slot) {
        Content current = content;
        return current == null ? 0 : current.expiring.get(slot);
    }

    /** Whether a slot, if not apart, has anything that goes by itself in time, keys or fields of hashes: without locks. */
    boolean hasDeadlines(int slot) {
        Content current = content;
        return current != null
                && (current.expiring.get(slot) | current.timedHashes.get(slot)) != 0
                && !isApart(slot);
    }

    /**
     * One step of SCAN: visits about {@code count} keys from {@code cursor}, taking the slots' locks itself (none may be
     * held unless all are). Every key present from the first call to the one that returns 0 is visited at least once,
     * however the tables grow or shrink meanwhile. Keys whose time has passed are left out; those it meets that {@code due}
     * accepts are deleted if {@link ExpiryMode} says so.
     *
     * @param cursor 0 to begin, else what the last step returned; any other value is taken as some position
     * @param count at least 1
     * @return the next cursor, 1 to 2^62 - 1, or 0 at the end
     */
    public long scan(long cursor, int count, long nowMs, KeyVisitor visitor, KeyTest due) {
        int slot = (int) (cursor >>> SLOT_SHIFT) & HashSlot.SLOT_COUNT - 1;
        long position = cursor & Slot.SCAN_END - 1;
        Counting counting = new Counting(visitor);
        long stepsLeft = (long) count * SCAN_STEPS_PER_KEY;
        while (slot < HashSlot.SLOT_COUNT) {
            if (keyCount(slot) > 0 && !isApart(slot)) {
                keyspace.locks().lock(slot);
                try {
                    Slot current = slot(slot);
                    while (position < Slot.SCAN_END) {
                        if (counting.visited >= count || stepsLeft <= 0) {
                            return (long) slot << SLOT_SHIFT | position;
                        }
                        position = current.scan(position, nowMs, counting, due);
                        stepsLeft--;
                    }
                } finally {
                    keyspace.locks().unlock(slot);
                }
            }
            slot++;
            position = 0;
            if (counting.visited >= count && slot < HashSlot.SLOT_COUNT) {
                return (long) slot << SLOT_SHIFT;
            }
        }
        return 0;
    }

    /** As {@link #scan(long, int, long, KeyVisitor, KeyTest)}, without deleting anything. */
    long scan(long cursor, int count, long nowMs, KeyVisitor visitor) {
        return scan(cursor, count, nowMs, visitor, (slot, entry) -> false);
    }

    /**
     * Visits every key whose time has not passed, slot by slot, taking their locks itself: KEYS. Those apart are left
     * out.
     */
    public void forEach(long nowMs, KeyVisitor visitor) {
        for (int slot = 0; slot < HashSlot.SLOT_COUNT; slot++) {
            if (!isApart(slot)) {
                forEachIn(slot, nowMs, visitor);
            }
        }
    }

    /** Visits every key, apart or not, its time over or not, taking the slots' locks itself. */
    public void forEachStored(KeyVisitor visitor) {
        for (int slot = 0; slot < HashSlot.SLOT_COUNT; slot++) {
            forEachIn(slot, BEFORE_ALL_DEADLINES, visitor);
        }
    }

    private void forEachIn(int slot, long nowMs, KeyVisitor visitor) {
        if (keyCount(slot) > 0) {
            keyspace.locks().lock(slot);
            try {
                slot(slot).forEach(nowMs, visitor);
            } finally {
                keyspace.locks().unlock(slot);
            }
        }
    }

    /**
     * Visits one random key whose time has not passed, every key equally likely; takes a slot lock itself. Those it comes upon
     * whose time has passed are deleted if {@link ExpiryMode} says so.
     *
     * @return whether one was found (after a hundred keys past their time in a row it gives up)
     */
    public boolean visitRandomKey(long nowMs, KeyVisitor visitor) {
        for (int attempt = 0; attempt < RANDOM_ATTEMPTS; attempt++) {
            int slot = randomSlot();
            if (slot < 0) {
                return false;
            }
            keyspace.locks().lock(slot);
            try {
                if (isApart(slot)) {
                    continue;
                }
                Slot chosen = slot(slot);
                long entry = chosen.unlessExpired(chosen.randomEntry(), nowMs);
                if (entry != Slot.ABSENT) {
                    visitor.visit(chosen, entry);
                    return true;
                }
            } finally {
                keyspace.locks().unlock(slot);
            }
        }
        return false;
    }

    /** Deletes everything and frees its memory now. Needs the world lock. Returns how many keys there were. */
    public long flush() {
        DetachedKeys detached = detach();
        detached.free(Long.MAX_VALUE);
        return detached.keyCount();
    }

    /**
     * Empties the database at once and hands its former content over to be freed in steps, outside any slot lock. Needs
     * the world lock. A snapshot under way keeps the content until it has been written; there is nothing to be freed then.
     */
    public DetachedKeys detach() {
        keyspace.locks().requireWorldHeld();
        Content former = content;
        content = null;
        if (former == null) {
            return new DetachedKeys(new Slot[0], 0);
        }
        SnapshotCut cut = keyspace.cut();
        return cut == null
                ? new DetachedKeys(former.slots, former.keys.sum())
                : cut.flushed(former);
    }

    /** Whether no key was stored since the start or the last flush. */
    boolean isUnused() {
        return content == null;
    }

    /** The world lock of the new owner is held, and nobody else knows the database. */
    void takenOver(Keyspace by) {
        keyspace = by;
    }

    void number(int changed) {
        number = changed;
    }

    /** Null when there was no key since the start or the last flush. */
    Content content() {
        return content;
    }

    int numberAtCut() {
        return numberAtCut;
    }

    void numberAtCut(int present) {
        numberAtCut = present;
    }

    private synchronized Content create() {
        keyspace.requireOpen();
        if (content == null) {
            content = new Content();
        }
        return content;
    }

    /** A slot, each as likely as it has keys, or -1 when there are none. */
    private int randomSlot() {
        Content current = content;
        long total = keyCount();
        if (current == null || total == 0) {
            return -1;
        }
        long left = ThreadLocalRandom.current().nextLong(total);
        int last = -1;
        for (int slot = 0; slot < HashSlot.SLOT_COUNT; slot++) {
            int keys = current.keys.get(slot);
            if (keys > 0 && !isApart(slot)) {
                last = slot;
                left -= keys;
                if (left < 0) {
                    return slot;
                }
            }
        }
        return last;
    }

    /** The slots with their counts: what a flush takes away as a whole. */
    static final class Content {
        final Slot[] slots = new Slot[HashSlot.SLOT_COUNT];
        final SlotCounts keys = new SlotCounts();
        final SlotCounts expiring = new SlotCounts();
        final SlotCounts timedHashes = new SlotCounts();
    }

    /** Passes visits on and counts them. */
    private static final class Counting implements KeyVisitor {
        private final KeyVisitor visitor;
        private int visited;

        Counting(KeyVisitor visitor) {
            this.visitor = visitor;
        }

        @Override
        public void visit(Slot slot, long entry) {
            visited++;
            visitor.visit(slot, entry);
        }
    }
}
