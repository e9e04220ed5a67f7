package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.AccessPolicy;
import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.MemoryAccount;
import dev.slotmesh.keyspace.memory.NativeBuffer;

/**
 * Reads keys with their values and stores them. What comes before a key in the file (its deadline, those of its fields, its idle
 * time or frequency) is told first. For one thread; takes slot locks itself.
 */
final class KeyLoader implements AutoCloseable {
    private static final int FIRST_KEY_BYTES = 256;
    private static final int MOST_EMPTY_TOLD = 10;
    private static final int NONE = -1;
    /** Half of what the access clock can tell, as Redis has it for more than its clock counts. */
    private static final long LONGEST_IDLE_SECONDS = 1 << 23;

    private final RdbReader in;
    private final RdbLoadSettings settings;
    private final StringBatch batch;
    private final TimedFields timedFields;
    private final NativeBuffer key = new NativeBuffer(FIRST_KEY_BYTES);
    private final ByteSpan text = new ByteSpan();
    private SlotLocks locks;
    private Database database;
    private int version;
    private int keysPerSlot;
    private long deadline = Slot.NO_EXPIRY;
    private long idleSeconds = NONE;
    private int frequency = NONE;
    private boolean keepsExpired;
    private long stored;
    private long expired;
    private long empty;

    KeyLoader(RdbReader in, RdbLoadSettings settings, MemoryAccount account) {
        this.in = in;
        this.timedFields = new TimedFields(account);
        this.settings = settings;
        this.batch = new StringBatch(in, settings);
    }

    /** Where the next keys go, from a file of that version. */
    void database(Database selected, int fileVersion) {
        requireNothingAhead();
        database = selected;
        version = fileVersion;
        locks = selected.keyspace().locks();
        keysPerSlot = 0;
    }

    /** How many keys the database will probably have: slots make room for their share. */
    void expect(long count) {
        keysPerSlot = (int) Math.min(Integer.MAX_VALUE, count / HashSlot.SLOT_COUNT);
    }

    /** Keeps keys whose time has passed, whatever the settings: replicas have them too, and are told when they go. */
    void keepExpired() {
        keepsExpired = true;
        batch.keepExpired();
    }

    void deadline(long atMs) {
        deadline = bounded(atMs);
    }

    /** Some of the deadlines of the fields of the key that comes next, as {@link TimedFields} writes them. */
    void fieldDeadlines(ByteSpan text) {
        timedFields.add(text);
    }

    /** Throws when something was told of a key that does not come. */
    void requireNothingAhead() {
        require(timedFields.isEmpty(), "deadlines of fields without their hash");
    }

    /** A deadline as a key can have it: a file may tell any number. */
    static long bounded(long atMs) {
        return atMs == Slot.NO_EXPIRY
                ? Slot.NO_EXPIRY
                : Math.min(Math.max(1, atMs), Long.MAX_VALUE - 1);
    }

    /** Reads and stores some of the keys that follow together. Returns false when none of them could be. */
    boolean readMany() {
        int read = batch.load(database, keysPerSlot);
        stored += read - batch.expired();
        expired += batch.expired();
        return read > 0;
    }

    void idleSeconds(long seconds) {
        idleSeconds = Math.max(0, seconds);
    }

    void frequency(int counter) {
        frequency = counter;
    }

    long stored() {
        return stored;
    }

    long expired() {
        return expired;
    }

    long empty() {
        return empty;
    }

    /** Reads a key whose type byte has been read. */
    void read(int code) {
        int type = RdbType.of(code, version);
        require(
                type == RdbType.HASH || timedFields.isEmpty(),
                "deadlines of fields before another value than their hash");
        key.put(in.readString(text));
        int number = HashSlot.of(key.span());
        locks.lock(number);
        try {
            store(type, database.slot(number));
        } finally {
            locks.unlock(number);
        }
        deadline = Slot.NO_EXPIRY;
        idleSeconds = NONE;
        frequency = NONE;
        timedFields.clear();
    }

    private void store(int type, Slot slot) {
        if (slot.keyCount() == 0 && keysPerSlot > 0) {
            slot.reserve(keysPerSlot);
        }
        boolean due = !keepsExpired && settings.isDropped(deadline);
        if (type != RdbType.STRING) {
            storeStructure(type, slot, due);
            return;
        }
        in.readString(text);
        if (due) {
            expired++;
            return;
        }
        long nowMs = settings.nowMs();
        long entry = slot.addString(key.span(), text, deadline, nowMs);
        if (entry == Slot.ABSENT) {
            settings.requireReplacing(key.span(), database.number());
            entry = slot.putString(key.span(), text, deadline, nowMs);
        }
        finish(slot, entry);
    }

    private void storeStructure(int type, Slot slot, boolean due) {
        boolean replaces = slot.contains(key.span());
        if (replaces) {
            settings.requireReplacing(key.span(), database.number());
        }
        try {
            long entry = replaces ? readAside(type, slot, due) : read(type, slot, key.span(), due);
            if (entry == Slot.ABSENT) {
                expired++;
                return;
            }
            if (deadline != Slot.NO_EXPIRY) {
                entry = slot.setExpireAt(entry, deadline);
            }
            finish(slot, entry);
        } catch (RdbFormatException wrong) {
            if (!wrong.isEmptyStructure()) {
                throw wrong;
            }
            if (empty++ < MOST_EMPTY_TOLD) {
                settings.listener().warning("rdbLoadObject skipping empty key: " + key.span());
            }
        }
    }

    /** Returns the entry, or absent when the key, or each of its fields, is left out because its time has passed. */
    private long read(int type, Slot slot, ByteSpan under, boolean due) {
        long nowMs = settings.nowMs();
        ValueTarget target = new ValueTarget(slot, under, nowMs, timedFields::forNextField);
        long entry = RdbValues.read(in, type, target);
        timedFields.requireUsed();
        boolean dropsFields =
                slot.type(entry) == KeyType.HASH && settings.dropsExpired() && !keepsExpired;
        if (due || dropsFields && !FieldDeadlines.keepAlive(slot, entry, nowMs)) {
            slot.removeEntry(entry);
            return Slot.ABSENT;
        }
        return entry;
    }

    /** Puts a value together beside the one it replaces, so that its key has one of the two whatever comes. */
    private long readAside(int type, Slot slot, boolean due) {
        try (NativeBuffer aside = new NativeBuffer(key.span().length() + 1)) {
            DumpPayload.absentKey(slot, key.span(), aside);
            long entry = read(type, slot, aside.span(), due);
            return entry == Slot.ABSENT ? entry : slot.moveTo(entry, slot, key.span());
        }
    }

    private void finish(Slot slot, long entry) {
        stored++;
        if (frequency == NONE && idleSeconds == NONE) {
            return;
        }
        AccessPolicy policy = slot.database().keyspace().accessPolicy();
        if (policy == AccessPolicy.LFU && frequency != NONE) {
            slot.accessFrequency(entry, frequency, settings.nowMs());
        } else if (policy == AccessPolicy.LRU && idleSeconds != NONE) {
            slot.idleSeconds(entry, Math.min(idleSeconds, LONGEST_IDLE_SECONDS), settings.nowMs());
        }
    }

    @Override
    public void close() {
        key.close();
        timedFields.close();
        batch.close();
    }
}
