package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * One hash slot of one database: its keys, their values and expiry.
 *
 * <p>Every method needs the slot's lock. An <i>entry</i> is an opaque handle of a key and its value, {@link #ABSENT} when
 * there is none; it is valid until the next write to the slot. Times are milliseconds since 1970.
 */
public final class Slot {
    /** The handle of no entry. */
    public static final long ABSENT = 0;

    /** Instead of a deadline: the key never expires. */
    public static final long NO_EXPIRY = -1;

    /** Instead of a deadline: what the key had before, {@link #NO_EXPIRY} for a new key. */
    public static final long KEEP_EXPIRY = -2;

    private final Database database;
    private final int number;

    Slot(Database database, int number) {
        this.database = database;
        this.number = number;
    }

    /** 0..16383. */
    public int number() {
        return number;
    }

    public Database database() {
        return database;
    }

    /** Keys in the slot, those whose time has passed but were not met yet included. */
    public int keyCount() {
        throw new UnsupportedOperationException();
    }

    /** Keys that have an expiry. */
    public int expiringKeyCount() {
        throw new UnsupportedOperationException();
    }

    /**
     * The entry of a key, noting the access. A key whose time has passed is treated as {@link ExpiryMode} says.
     *
     * @return the entry, or {@link #ABSENT}
     */
    public long find(ByteSpan key, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #find}, without noting the access: for TTL, TYPE, OBJECT, EXISTS without touch. */
    public long peek(ByteSpan key, long nowMs) {
        throw new UnsupportedOperationException();
    }

    public KeyType type(long entry) {
        throw new UnsupportedOperationException();
    }

    public ValueEncoding encoding(long entry) {
        throw new UnsupportedOperationException();
    }

    /** Points {@code into} at the entry's key. */
    public ByteSpan key(long entry, ByteSpan into) {
        throw new UnsupportedOperationException();
    }

    /**
     * Points {@code into} at the bytes of a string, writable in place as long as the length stays.
     *
     * @throws IllegalStateException when the entry is not a string: ask {@link #type} first
     */
    public ByteSpan stringValue(long entry, ByteSpan into) {
        throw new UnsupportedOperationException();
    }

    /** Bytes of a string. */
    public int stringLength(long entry) {
        throw new UnsupportedOperationException();
    }

    /**
     * Stores a string under a key, replacing whatever it held, as SET does.
     *
     * @param expireAtMs a deadline above 0, {@link #NO_EXPIRY} or {@link #KEEP_EXPIRY}
     * @return the entry
     */
    public long putString(ByteSpan key, ByteSpan value, long expireAtMs, long nowMs) {
        return putString(key, value, StringForm.AUTO, expireAtMs, nowMs);
    }

    /**
     * Stores a string under a key, replacing whatever it held.
     *
     * @param value may lie in this keyspace, also in the entry that is replaced
     * @param expireAtMs a deadline above 0, {@link #NO_EXPIRY} or {@link #KEEP_EXPIRY}
     * @return the entry
     */
    public long putString(
            ByteSpan key, ByteSpan value, StringForm form, long expireAtMs, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** Deletes a key whose time has not passed; its memory is reusable at once. Returns whether it was there. */
    public boolean remove(ByteSpan key, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** Deletes an entry just found. */
    public void removeEntry(long entry) {
        throw new UnsupportedOperationException();
    }

    /** The deadline of an entry, or {@link #NO_EXPIRY}. */
    public long expireAt(long entry) {
        throw new UnsupportedOperationException();
    }

    /**
     * Gives an entry a deadline.
     *
     * @param expireAtMs above 0, or {@link #NO_EXPIRY} to take the deadline away
     * @return the entry's handle from now on: it may have moved
     */
    public long setExpireAt(long entry, long expireAtMs) {
        throw new UnsupportedOperationException();
    }

    /** Takes the deadline of a key away. Returns whether there was one. */
    public boolean persist(ByteSpan key, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /**
     * Moves an entry to another key, slot or database, deadline and access kept, replacing what is there. The target's
     * lock is held as well.
     *
     * @return the entry in the target
     */
    public long moveTo(long entry, Slot target, ByteSpan newKey) {
        throw new UnsupportedOperationException();
    }

    /**
     * Copies an entry to another key, slot or database with its deadline, replacing what is there. The target's lock is
     * held as well. The source entry's handle is stale afterwards when both are in this slot.
     *
     * @return the entry in the target
     */
    public long copyTo(long entry, Slot target, ByteSpan newKey, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** Notes an access now, as TOUCH does. */
    public void touch(long entry, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** Seconds since the last access (0 or more), under {@link AccessPolicy#LRU}. */
    public long idleSeconds(long entry, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** The logarithmic access counter, 0..255, decayed to now, under {@link AccessPolicy#LFU}. */
    public int accessFrequency(long entry, long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** Bytes that this key occupies: its block and its share of the index. */
    public long memoryUse(long entry) {
        throw new UnsupportedOperationException();
    }

    /** Visits every entry whose time has not passed. The visitor changes nothing. */
    public void forEach(long nowMs, KeyVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** Visits up to {@code limit} entries as {@link #forEach} does: CLUSTER GETKEYSINSLOT. Returns how many. */
    public int forEach(long nowMs, int limit, KeyVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** A random entry, or {@link #ABSENT} when the slot is empty; its time may have passed. */
    public long randomEntry() {
        throw new UnsupportedOperationException();
    }
}
