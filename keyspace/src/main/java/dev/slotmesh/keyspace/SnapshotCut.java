package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.EntryStore;

import java.util.ArrayList;
import java.util.List;

/**
 * A point in time of a keyspace, and the walk over all keys, or those of some slots, as they were then, while clients go on
 * writing.
 *
 * <p><b>How.</b> Every entry carries the number of the last cut it was visited after, or made after: its <i>generation</i>. A
 * cut begins a new generation under the world lock, which makes every entry there is an old one. Whoever is about to change
 * or remove an old entry has it visited first, under the lock of the slot which it holds anyway ({@link #freeze}); the
 * walk visits the rest. Both mark what they visited, so each key is visited exactly once, with the content it had at the cut.
 * What is made after the cut is of the new generation and never visited.
 *
 * <p><b>Flushed and exchanged databases.</b> The cut knows the content of each database and the number it had. What is flushed
 * before the end of the walk is kept until then, and SWAPDB changes nothing here.
 *
 * <p><b>Generations</b> are numbers of six bits. A walk that ends early leaves entries of older generations behind, which must
 * not be taken for visited ones when their number comes again: after some walks of that kind in a row one is finished as a
 * mere marking. A cut of some slots leaves the entries of all others behind, and counts as one of that kind.
 *
 * <p>{@link #visitSome} and {@link #close} are for one thread, which holds no lock; visits for writers happen on any thread.
 */
public final class SnapshotCut implements AutoCloseable {
    private static final int MOST_UNFINISHED = EntryStore.GENERATIONS / 2;
    private static final int MARKING_NANOS = 200_000;
    private static final int MARKED_AT_ONCE = 64;

    private final Keyspace keyspace;
    private final SlotLocks locks;
    private final KeyVisitor visitor;
    private final SlotSelection slots;
    private final int generation;
    /** By the number each database had; null without keys. */
    private final Database.Content[] contents;

    private final long[] keys;
    private final long[] expiring;
    /** What was flushed since the cut; guarded by the world lock, and taken at the end. */
    private final List<DetachedKeys> retained = new ArrayList<>();

    private final EntryBatch batch;
    private int database;
    private int slot;
    private long position;
    private volatile boolean finished;

    private SnapshotCut(
            Keyspace keyspace, SlotSelection slots, KeyVisitor visitor, int keysAtOnce) {
        this.keyspace = keyspace;
        this.locks = keyspace.locks();
        this.visitor = visitor;
        this.slots = slots;
        this.generation = keyspace.nextGeneration();
        this.batch = new EntryBatch(keysAtOnce);
        this.contents = new Database.Content[keyspace.databaseCount()];
        this.keys = new long[contents.length];
        this.expiring = new long[contents.length];
    }

    /**
     * Makes a cut. Needs the world lock.
     *
     * @param slots those whose keys are visited, in all databases
     * @param visitor called once for each key there is now, under the lock of its slot and on any thread; it must not change
     *     the slot, wait or throw
     * @param keysAtOnce how many keys the walk looks at together, 1 or more
     * @throws IllegalStateException when there is one already
     */
    public static SnapshotCut begin(
            Keyspace keyspace, SlotSelection slots, KeyVisitor visitor, int keysAtOnce) {
        keyspace.locks().requireWorldHeld();
        SnapshotCut cut = new SnapshotCut(keyspace, slots, visitor, keysAtOnce);
        for (int number = 0; number < cut.contents.length; number++) {
            Database each = keyspace.database(number);
            each.numberAtCut(number);
            Database.Content content = each.content();
            if (content != null) {
                cut.contents[number] = content;
                cut.keys[number] = content.keys.sum(slots);
                cut.expiring[number] = content.expiring.sum(slots);
            }
        }
        keyspace.cut(cut);
        return cut;
    }

    /** Databases, with keys or without. */
    public int databaseCount() {
        return contents.length;
    }

    /** Keys that a database had in the slots, by its number at the cut. */
    public long keyCount(int number) {
        return keys[number];
    }

    /** Keys with a deadline that a database had in the slots, by its number at the cut. */
    public long expiringKeyCount(int number) {
        return expiring[number];
    }

    /** The number that the database of a slot had at the cut; for the visitor. */
    public int databaseNumber(Slot of) {
        return of.database().numberAtCut();
    }

    /**
     * Visits keys for about {@code budgetNanos}, under one lock that it takes and gives back. A large value takes as long as
     * its visitor does.
     *
     * @return false when every key has been visited
     */
    public boolean visitSome(long budgetNanos) {
        if (!skipEmptySlots()) {
            finished = true;
            return false;
        }
        int locked = slot;
        locks.giveWay(locked);
        locks.lock(locked);
        long startNanos = System.nanoTime();
        try {
            do {
                fillBatch(locked);
                batch.readAhead();
                for (int i = 0; i < batch.size(); i++) {
                    visit(batch.slot(i), batch.entry(i));
                }
            } while (System.nanoTime() - startNanos < budgetNanos && isUnder(locked));
        } finally {
            locks.unlock(locked);
        }
        return true;
    }

    /** Whether every key has been visited. Any thread. */
    public boolean isFinished() {
        return finished;
    }

    /**
     * Has a key visited before it is changed, if it is there and was not yet; those of other slots cost nothing. The lock of its
     * slot is held.
     */
    void freeze(Slot of, ByteSpan key) {
        if (!slots.contains(of.number())) {
            return;
        }
        long entry = of.index().find(key, of.hash(key));
        if (entry != Slot.ABSENT) {
            visit(of, entry);
        }
    }

    /** Has an entry visited before it is changed or goes, unless it was. The lock of its slot is held. */
    void visit(Slot of, long entry) {
        if (EntryStore.generation(entry) != generation && slots.contains(of.number())) {
            visitor.visit(of, entry);
            EntryStore.generation(entry, generation);
        }
    }

    /**
     * A database is emptied; the world lock is held. Returns what its owner is to free now: nothing, when the walk still needs
     * it.
     */
    DetachedKeys flushed(Database.Content content) {
        DetachedKeys all = new DetachedKeys(content.slots, content.keys.sum());
        for (Database.Content each : contents) {
            if (each == content && !finished) {
                retained.add(all);
                return new DetachedKeys(new Slot[0], all.keyCount());
            }
        }
        return all;
    }

    /** Ends it, finished or not; writers need not care for it any more. */
    @Override
    public void close() {
        if (keyspace.cut() != this) {
            return;
        }
        if (!finished && slots.isAll() && keyspace.unfinishedCuts() >= MOST_UNFINISHED) {
            finish();
        }
        List<DetachedKeys> flushed;
        SnapshotCut marking = null;
        locks.lockWorld();
        try {
            keyspace.endCut(finished && slots.isAll());
            flushed = List.copyOf(retained);
            retained.clear();
            if (!slots.isAll() && keyspace.unfinishedCuts() > MOST_UNFINISHED) {
                marking = begin(keyspace, SlotSelection.ALL, (slot, entry) -> {}, MARKED_AT_ONCE);
            }
        } finally {
            locks.unlockWorld();
        }
        flushed.forEach(keyspace.remains()::add);
        if (marking != null) {
            marking.finish();
            marking.close();
        }
    }

    private void finish() {
        while (visitSome(MARKING_NANOS)) {
            Thread.onSpinWait();
        }
    }

    /** Moves on to a slot that has keys to be visited. Returns false when there is none. */
    private boolean skipEmptySlots() {
        while (database < contents.length) {
            Database.Content content = contents[database];
            while (content != null && slot < HashSlot.SLOT_COUNT) {
                if (position == 0) {
                    slot = slots.next(slot);
                }
                if (slot < HashSlot.SLOT_COUNT && content.keys.get(slot) > 0) {
                    return true;
                }
                nextSlot();
            }
            database++;
            slot = 0;
            position = 0;
        }
        return false;
    }

    /** Whether what comes next is under a lock that is held; moves on to it. */
    private boolean isUnder(int locked) {
        return skipEmptySlots() && (locks.shared() || slot == locked);
    }

    /** Collects the next entries that are not yet visited, as many as there are under the lock held. */
    private void fillBatch(int locked) {
        batch.clear();
        do {
            Slot current = contents[database].slots[slot];
            while (position < Slot.SCAN_END && !batch.isFull()) {
                position = current.scan(position, batch.of(current));
            }
            if (position >= Slot.SCAN_END) {
                nextSlot();
            }
        } while (!batch.isFull() && isUnder(locked));
    }

    private void nextSlot() {
        slot++;
        position = 0;
    }
}
