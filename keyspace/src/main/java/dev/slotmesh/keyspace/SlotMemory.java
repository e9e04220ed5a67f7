package dev.slotmesh.keyspace;

/**
 * What the keys of a slot occupy: their blocks, their share of the index and what is below them, as {@link Slot#memoryUse} has it.
 * Nobody keeps an account by slot, since blocks do not know theirs, so it is found by looking: at every key of a slot that
 * has up to {@value #MOST_KEYS}; of a larger one at as many, the first in the order of their hashes, and the rest is taken to
 * be like them.
 */
public final class SlotMemory {
    private static final int MOST_KEYS = 1024;
    /** Keys looked at under one hold of the lock. */
    private static final int KEYS_PER_HOLD = 64;
    /** Elements of a structure from whose sizes the others are extrapolated. */
    private static final int ELEMENTS = 32;

    private final Database database;
    private int looked;
    private long bytes;

    private SlotMemory(Database database) {
        this.database = database;
    }

    /** Bytes, about; takes the slot's lock several times for a short while, so it may not be held. */
    public static long bytes(Database database, int slot) {
        return database.keyCount(slot) == 0 ? 0 : new SlotMemory(database).look(slot);
    }

    private long look(int slot) {
        long position = 0;
        while (position < Slot.SCAN_END && looked < MOST_KEYS) {
            database.keyspace().locks().giveWay(slot);
            database.keyspace().locks().lock(slot);
            try {
                position = lookOn(database.slot(slot), position);
            } finally {
                database.keyspace().locks().unlock(slot);
            }
        }
        int keys = database.keyCount(slot);
        return position == Slot.SCAN_END || looked >= keys
                ? bytes
                : (long) ((double) bytes / looked * keys);
    }

    private long lookOn(Slot slot, long from) {
        long position = from;
        int enough = Math.min(MOST_KEYS, looked + KEYS_PER_HOLD);
        while (position < Slot.SCAN_END && looked < enough) {
            position = slot.scan(position, entry -> {
                looked++;
                bytes += slot.memoryUse(entry, ELEMENTS);
            });
        }
        return position;
    }
}
