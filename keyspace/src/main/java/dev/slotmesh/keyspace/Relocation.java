package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.EntryStore;
import dev.slotmesh.keyspace.memory.EntryVisitor;
import dev.slotmesh.keyspace.memory.KeyIndex;
import dev.slotmesh.keyspace.memory.LeavingSpans;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.memory.SpanCopy;
import dev.slotmesh.keyspace.memory.Structure;

import java.util.concurrent.atomic.LongAdder;

/**
 * Moves blocks out of the spans that are to be emptied, in small steps; see {@link Compaction}, whose turn guards it. The counts
 * are read by any thread. No slot lock may be held.
 */
final class Relocation implements AutoCloseable {
    private static final int BLOCKS_A_LOCK = 64;
    private static final int SLOTS_A_LOCK = 16;
    private static final int SCANS_A_LOCK = 32;

    private final Keyspace keyspace;
    private final LeavingSpans leaving;
    private final LongAdder moved = new LongAdder();
    private final LongAdder movedKeys = new LongAdder();
    private final LongAdder stayingKeys = new LongAdder();
    private final SpanCopy copy = new SpanCopy();
    private final ByteSpan key = new ByteSpan();
    private final EntryVisitor valueRelocation = this::relocateValue;
    private int nextBlock;
    private int database;
    private int slot;
    private long position;

    /** @param leaving the spans of the round under way */
    Relocation(Keyspace keyspace, LeavingSpans leaving) {
        this.keyspace = keyspace;
        this.leaving = leaving;
    }

    /** Blocks moved since the start. */
    long movedCount() {
        return moved.sum();
    }

    /** Keys of which something was moved since the start. */
    long movedKeyCount() {
        return movedKeys.sum();
    }

    /** Keys looked at of which nothing had to move since the start. */
    long stayingKeyCount() {
        return stayingKeys.sum();
    }

    /** A new round begins. */
    void begin() {
        nextBlock = copy.blockCount();
        database = 0;
        slot = 0;
        position = 0;
    }

    /**
     * Copies a span of a stripe, or moves some of the entries in the copy.
     *
     * @return false when the stripe has no more
     */
    boolean moveEntries(ArenaStripe from) {
        if (nextBlock == copy.blockCount()) {
            boolean copied = from.copyLeaving(copy);
            nextBlock = copied ? 0 : nextBlock;
            return copied;
        }
        int end = Math.min(nextBlock + BLOCKS_A_LOCK, copy.blockCount());
        underSharedLock(() -> {
            for (; nextBlock < end; nextBlock++) {
                if (copy.key(nextBlock, key)) {
                    moveEntry(copy.block(nextBlock));
                }
            }
        });
        return true;
    }

    /** Moves tables of the index and values that are one block in some slots. Returns false after the last. */
    boolean walk() {
        underSharedLock(() -> {
            for (int i = 0; i < SLOTS_A_LOCK && database < keyspace.databaseCount(); i++) {
                walkOn();
            }
        });
        return database < keyspace.databaseCount();
    }

    @Override
    public void close() {
        copy.close();
    }

    /** Where all slots have one lock it is taken once for many keys, since others wait for it all the time. */
    private void underSharedLock(Runnable work) {
        if (!keyspace.locks().shared()) {
            work.run();
            return;
        }
        keyspace.locks().lock(0);
        try {
            work.run();
        } finally {
            keyspace.locks().unlock(0);
        }
    }

    /** Moves what lies at a place if it is the entry of {@link #key}. */
    private void moveEntry(long block) {
        int number = HashSlot.of(key);
        keyspace.locks().lock(number);
        try {
            for (int i = 0; i < keyspace.databaseCount(); i++) {
                if (keyspace.database(i).keyCount(number) > 0
                        && moveEntry(keyspace.database(i).slot(number), block)) {
                    moved.increment();
                    movedKeys.increment();
                    return;
                }
            }
            stayingKeys.increment();
        } finally {
            keyspace.locks().unlock(number);
        }
    }

    private boolean moveEntry(Slot at, long block) {
        long hash = at.hash(key);
        if (at.index().find(key, hash) != block) {
            return false;
        }
        long placed = at.entries().relocate(block);
        if (placed == 0) {
            return false;
        }
        at.index().replace(hash, block, placed, EntryStore.deadline(placed));
        at.entries().free(block);
        return true;
    }

    /** Visits a slot, or a part of it; many slots may be passed that have no keys. */
    private void walkOn() {
        Database current = keyspace.database(database);
        while (slot < HashSlot.SLOT_COUNT && current.keyCount(slot) == 0) {
            slot++;
            position = 0;
        }
        if (slot < HashSlot.SLOT_COUNT) {
            visit();
        }
        if (slot == HashSlot.SLOT_COUNT) {
            slot = 0;
            database++;
        }
    }

    private void visit() {
        keyspace.locks().lock(slot);
        try {
            Slot at = keyspace.database(database).slot(slot);
            KeyIndex index = at.index();
            for (int i = 0; i < SCANS_A_LOCK && position < Slot.SCAN_END; i++) {
                if (index.relocate(position, leaving)) {
                    moved.increment();
                }
                position = at.holdsStructures()
                        ? index.scan(position, valueRelocation)
                        : index.behind(position);
            }
        } finally {
            keyspace.locks().unlock(slot);
        }
        if (position >= Slot.SCAN_END) {
            slot++;
            position = 0;
        }
    }

    /** Moves the value below an entry if it is one block in a span that is to be emptied. */
    private void relocateValue(long entry) {
        if (Slot.isString(entry)) {
            return;
        }
        long root = EntryStore.root(entry);
        Structure structure = keyspace.structures().of(entry);
        ArenaStripe from = keyspace.stripe(Root.stripe(root));
        if (!structure.isOneBlock()
                || !leaving.mayHold(Root.address(root))
                || !from.isLeaving(Root.address(root), structure.bytes(Root.address(root), 0))) {
            stayingKeys.increment();
            return;
        }
        EntryStore.root(entry, Root.of(from, structure.copy(Root.address(root), from)));
        structure.free(from, Root.address(root), 1);
        moved.increment();
        movedKeys.increment();
    }
}
