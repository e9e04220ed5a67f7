package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.ReadAhead;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import java.util.Arrays;

/**
 * Stores the commonest of keys many at a time: strings, with or without a deadline, that stand in the reader's page and are not long.
 * What costs time is the wait for the index, and the waits for many keys overlap. Any other key ends a batch and is left to
 * the {@link KeyLoader}. For one thread.
 */
final class StringBatch implements AutoCloseable {
    private static final int MOST = 64;

    /** For what does not stand in the page as it is: integers and what is compressed, a few dozens of them at least. */
    private static final int ROOM_BYTES = 1 << 15;

    private final RdbReader in;
    private final RdbLoadSettings settings;
    private final ByteSpan[] keys = spans();
    private final ByteSpan[] values = spans();
    private final long[] deadlines = new long[MOST];
    private final int[] numbers = new int[MOST];
    private final int[] locked = new int[MOST];
    private final Slot[] slots = new Slot[MOST];
    private final ReadAhead ahead = new ReadAhead(MOST);
    private final NativeBuffer roomBuffer = new NativeBuffer(ROOM_BYTES);
    private final ByteSpan wholeRoom;
    private final ByteSpan room = new ByteSpan();
    private int size;
    private int expired;
    private boolean keepsExpired;

    StringBatch(RdbReader in, RdbLoadSettings settings) {
        this.in = in;
        this.wholeRoom = new ByteSpan().set(roomBuffer.room(ROOM_BYTES));
        this.settings = settings;
    }

    /**
     * Reads and stores as many keys as it can, at most {@value #MOST}; the reader then stands before the next record.
     *
     * @param keysPerSlot how many keys a slot will probably have, 0 when that is not known
     * @return how many were read, 0 when none of the kind comes next
     * @throws RdbFormatException when one is there already and is not to be replaced
     */
    int load(Database database, int keysPerSlot) {
        size = 0;
        expired = 0;
        room.set(wholeRoom);
        while (size < MOST && readOne()) {
            size++;
        }
        if (size > 0) {
            SlotLocks locks = database.keyspace().locks();
            int count = lock(locks);
            try {
                store(database, keysPerSlot);
            } finally {
                locks.unlockAll(locked, count);
            }
        }
        return size;
    }

    /** How many of those that {@link #load} last read were left out since their time had passed. */
    /** As {@link KeyLoader#keepExpired}. */
    void keepExpired() {
        keepsExpired = true;
    }

    int expired() {
        return expired;
    }

    /** Reads a key and its value if they are of the kind; else reads nothing. */
    private boolean readOne() {
        int mark = in.mark();
        int code = in.tryByte();
        long deadline = Slot.NO_EXPIRY;
        if (code == RdbOpcode.EXPIRE_TIME_MS && in.has(Long.BYTES)) {
            deadline = KeyLoader.bounded(in.readLong());
            code = in.tryByte();
        }
        boolean whole =
                code == RdbType.STRING && readString(keys[size]) && readString(values[size]);
        deadlines[size] = deadline;
        if (!whole) {
            in.reset(mark);
        }
        return whole;
    }

    private boolean readString(ByteSpan into) {
        int used = in.tryString(into, room);
        if (used > 0) {
            room.slice(used, room.length() - used);
        }
        return used >= 0;
    }

    /** Takes the locks of all slots, or the one that all share; returns how many. */
    private int lock(SlotLocks locks) {
        for (int i = 0; i < size; i++) {
            numbers[i] = HashSlot.of(keys[i]);
        }
        int count = 1;
        if (locks.shared()) {
            locked[0] = numbers[0];
        } else {
            System.arraycopy(numbers, 0, locked, 0, size);
            Arrays.sort(locked, 0, size);
            for (int i = 1; i < size; i++) {
                if (locked[i] != locked[count - 1]) {
                    locked[count++] = locked[i];
                }
            }
        }
        locks.lockAll(locked, count);
        return count;
    }

    private void store(Database database, int keysPerSlot) {
        ahead.clear();
        for (int i = 0; i < size; i++) {
            slots[i] = database.slot(numbers[i]);
            if (slots[i].keyCount() == 0 && keysPerSlot > 0) {
                slots[i].reserve(keysPerSlot);
            }
            ahead.add(slots[i], keys[i]);
        }
        ahead.run();
        long nowMs = settings.nowMs();
        for (int i = 0; i < size; i++) {
            if (!keepsExpired && settings.isDropped(deadlines[i])) {
                expired++;
            } else if (slots[i].addString(keys[i], ahead.hash(i), values[i], deadlines[i], nowMs)
                    == Slot.ABSENT) {
                settings.requireReplacing(keys[i], database.number());
                slots[i].putString(keys[i], values[i], deadlines[i], nowMs);
            }
        }
    }

    @Override
    public void close() {
        roomBuffer.close();
    }

    private static ByteSpan[] spans() {
        ByteSpan[] spans = new ByteSpan[MOST];
        Arrays.setAll(spans, i -> new ByteSpan());
        return spans;
    }
}
