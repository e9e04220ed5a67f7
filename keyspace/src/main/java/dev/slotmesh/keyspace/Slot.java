package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.EntryStore;
import dev.slotmesh.keyspace.memory.EntryVisitor;
import dev.slotmesh.keyspace.memory.KeyHash;
import dev.slotmesh.keyspace.memory.KeyIndex;
import dev.slotmesh.keyspace.memory.Root;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One hash slot of one database: its keys, their values and deadlines.
 *
 * <p>Every method needs the slot's lock; {@link Database#slot} checks it. An <i>entry</i> is an opaque handle of a key and
 * its value, {@link #ABSENT} when there is none; it is valid until the next write to the slot, and a made-up handle ends
 * the process. Times are milliseconds since 1970. A key has expired once its deadline is before now.
 */
public final class Slot {
    /** The handle of no entry. */
    public static final long ABSENT = 0;

    /** Instead of a deadline: the key never expires. */
    public static final long NO_EXPIRY = -1;

    /** Instead of a deadline: what the key had before, {@link #NO_EXPIRY} for a new key. */
    public static final long KEEP_EXPIRY = -2;

    static final long SCAN_END = KeyIndex.END;

    private final Database database;
    private final int number;
    private final Database.Content content;
    private final KeyIndex index;
    private final EntryStore entries;
    private final KeyHash hashes;
    private final TimedHashes timedHashes;

    private boolean holdsStructures;

    Slot(Database database, int number, Database.Content content) {
        this.database = database;
        this.number = number;
        this.content = content;
        this.index = database.keyspace().newIndex(number);
        this.entries = database.keyspace().entries(number);
        this.hashes = database.keyspace().hashes();
        this.timedHashes = new TimedHashes(stripe(), number, content.timedHashes);
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
        return index.size();
    }

    /** Keys that have a deadline. */
    public int expiringKeyCount() {
        return index.expiring();
    }

    /**
     * The entry of a key, noting the access. A key whose time has passed is treated as {@link ExpiryMode} says.
     *
     * @return the entry, or {@link #ABSENT}
     */
    public long find(ByteSpan key, long nowMs) {
        long entry = peek(key, nowMs);
        if (entry != ABSENT) {
            touch(entry, nowMs);
        }
        return entry;
    }

    /** As {@link #find}, without noting the access: for TTL, TYPE, OBJECT and clients that asked for it. */
    public long peek(ByteSpan key, long nowMs) {
        long entry = index.find(key, hashes.of(key));
        return entry == ABSENT || EntryStore.deadline(entry) == 0
                ? entry
                : unlessExpired(entry, nowMs);
    }

    /** Whether a key is kept, be its time over or not; nothing is noted or deleted. */
    public boolean contains(ByteSpan key) {
        return index.find(key, hashes.of(key)) != ABSENT;
    }

    long hash(ByteSpan key) {
        return hashes.of(key);
    }

    KeyIndex index() {
        return index;
    }

    EntryStore entries() {
        return entries;
    }

    /** Whether anything but strings was ever stored here. */
    boolean holdsStructures() {
        return holdsStructures;
    }

    /** An entry was made that is not a string. */
    void noteStructure() {
        holdsStructures = true;
    }

    public KeyType type(long entry) {
        return KeyType.of(EntryStore.type(entry));
    }

    public ValueEncoding encoding(long entry) {
        return ValueEncoding.of(EntryStore.encoding(entry));
    }

    /** Points {@code into} at the entry's key. */
    public ByteSpan key(long entry, ByteSpan into) {
        return EntryStore.key(entry, into);
    }

    /**
     * Points {@code into} at the bytes of a string, writable in place as long as the length stays.
     *
     * @throws IllegalStateException when the entry is not a string: ask {@link #type} first
     */
    public ByteSpan stringValue(long entry, ByteSpan into) {
        requireString(entry);
        return EntryStore.value(entry, into);
    }

    /**
     * Bytes of a string.
     *
     * @throws IllegalStateException when the entry is not a string
     */
    public int stringLength(long entry) {
        requireString(entry);
        return EntryStore.valueLength(entry);
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
        long hash = hashes.of(key);
        long old = unlessExpiredHere(index.find(key, hash), nowMs);
        long oldDeadline = old == ABSENT ? 0 : EntryStore.deadline(old);
        long deadline = expireAtMs == KEEP_EXPIRY ? kept(oldDeadline, nowMs) : deadline(expireAtMs);
        long traits = EntryStore.traits(
                KeyType.STRING.code(), form.encodingOf(value).code(), freshClock(old, nowMs));
        if (isString(old) && entries.overwrite(old, value, traits, deadline)) {
            noteDeadline(hash, old, oldDeadline, deadline);
            return old;
        }
        long entry = entries.create(key, value, traits, deadline);
        enter(hash, old, entry, deadline);
        return entry;
    }

    /**
     * Stores a string under a key that must be absent, whatever its time.
     *
     * @param expireAtMs a deadline above 0, or {@link #NO_EXPIRY}
     * @return the entry, or {@link #ABSENT} when the key is there: nothing is changed then
     */
    public long addString(ByteSpan key, ByteSpan value, long expireAtMs, long nowMs) {
        return addString(key, hashes.of(key), value, expireAtMs, nowMs);
    }

    /** As the other {@code addString}, for those who know the key's hash: {@link ReadAhead#hash}. */
    public long addString(ByteSpan key, long hash, ByteSpan value, long expireAtMs, long nowMs) {
        if (index.find(key, hash) != ABSENT) {
            return ABSENT;
        }
        long deadline = deadline(expireAtMs);
        long traits = EntryStore.traits(
                KeyType.STRING.code(),
                StringForm.AUTO.encodingOf(value).code(),
                freshClock(ABSENT, nowMs));
        long entry = entries.create(key, value, traits, deadline);
        enter(hash, ABSENT, entry, deadline);
        return entry;
    }

    /** Makes room in the index for about so many keys in all, a few thousand at most, so that adding them is faster. */
    public void reserve(int keys) {
        index.reserve(keys);
    }

    /**
     * Makes an entry for a list, set, sorted set, hash or stream, replacing whatever the key held. It has no content before
     * {@link #root(long, ValueEncoding, long)} gave it one, which must follow before anything else is done.
     *
     * @param expireAtMs a deadline above 0, {@link #NO_EXPIRY} or {@link #KEEP_EXPIRY}
     * @return the entry
     */
    public long create(ByteSpan key, KeyType type, long expireAtMs, long nowMs) {
        long hash = hashes.of(key);
        long old = unlessExpiredHere(index.find(key, hash), nowMs);
        long oldDeadline = old == ABSENT ? 0 : EntryStore.deadline(old);
        long deadline = expireAtMs == KEEP_EXPIRY ? kept(oldDeadline, nowMs) : deadline(expireAtMs);
        long traits = EntryStore.traits(type.code(), 0, freshClock(old, nowMs));
        long entry =
                entries.create(key, EntryStore.ROOT_BYTES, EntryStore.ROOT_BYTES, traits, deadline);
        EntryStore.root(entry, 0);
        noteStructure();
        enter(hash, old, entry, deadline);
        return entry;
    }

    /** The {@link Root} of what an entry holds that is not a string. */
    public long root(long entry) {
        return EntryStore.root(entry);
    }

    /** Gives an entry that is not a string another root and encoding; the caller has freed what was there. */
    public void root(long entry, ValueEncoding encoding, long root) {
        EntryStore.encoding(entry, encoding.code());
        EntryStore.root(entry, root);
    }

    /** Where new structures of this slot get their blocks. */
    public ArenaStripe stripe() {
        return database.keyspace().stripe(number);
    }

    /** Where the structure below an entry has its blocks from. */
    public ArenaStripe stripe(long entry) {
        return database.keyspace().stripe(Root.stripe(EntryStore.root(entry)));
    }

    /** Deletes a key, unless its time has passed; its memory is reusable at once. Returns whether it was there. */
    public boolean remove(ByteSpan key, long nowMs) {
        long entry = peek(key, nowMs);
        if (entry == ABSENT) {
            return false;
        }
        removeEntry(entry);
        return true;
    }

    /** Deletes an entry just found. */
    public void removeEntry(long entry) {
        index.remove(index.hash(entry), entry);
        discard(entry);
        publish();
    }

    /** The deadline of an entry, or {@link #NO_EXPIRY}. */
    public long expireAt(long entry) {
        long deadline = EntryStore.deadline(entry);
        return deadline == 0 ? NO_EXPIRY : deadline;
    }

    /**
     * Gives an entry a deadline; one in the past is accepted, and the key is then met as expired.
     *
     * @param expireAtMs above 0, or {@link #NO_EXPIRY} to take the deadline away
     * @return the entry's handle from now on: it may have moved
     */
    public long setExpireAt(long entry, long expireAtMs) {
        long deadline = deadline(expireAtMs);
        long hash = index.hash(entry);
        long placed = entry;
        if (!EntryStore.deadline(entry, deadline)) {
            placed = entries.copy(entry, EntryStore.valueLength(entry), deadline);
        }
        index.replace(hash, entry, placed, deadline);
        if (placed != entry) {
            entries.free(entry);
        }
        publish();
        return placed;
    }

    /** Takes the deadline of a key away. Returns whether there was one. */
    public boolean persist(ByteSpan key, long nowMs) {
        long entry = peek(key, nowMs);
        if (entry == ABSENT || EntryStore.deadline(entry) == 0) {
            return false;
        }
        setExpireAt(entry, NO_EXPIRY);
        return true;
    }

    /**
     * Moves an entry to another key, slot or database, deadline and access kept, replacing what is there. The target's
     * lock is held as well. A string is copied (one of 512 MiB costs about 0.1 s), a structure is not.
     *
     * @return the entry in the target; the same one when it is there already
     */
    public long moveTo(long entry, Slot target, ByteSpan newKey) {
        return EntryTransfer.move(this, entry, target, newKey);
    }

    /**
     * Copies an entry to another key, slot or database with its deadline, replacing what is there. The target's lock is
     * held as well.
     *
     * @return the entry in the target; the same one when it is there already
     */
    public long copyTo(long entry, Slot target, ByteSpan newKey, long nowMs) {
        int clock = database.keyspace().accessClock().fresh(nowMs);
        return EntryTransfer.copy(this, entry, target, newKey, clock);
    }

    /** Notes an access now, as TOUCH does. */
    public void touch(long entry, long nowMs) {
        AccessClock clock = database.keyspace().accessClock();
        EntryStore.clock(entry, clock.accessed(EntryStore.clock(entry), nowMs));
    }

    /** Seconds since the last access (0 or more), under {@link AccessPolicy#LRU}. */
    public long idleSeconds(long entry, long nowMs) {
        return AccessClock.idleSeconds(EntryStore.clock(entry), nowMs);
    }

    /** The logarithmic access counter, 0..255, decayed to now, under {@link AccessPolicy#LFU}. */
    public int accessFrequency(long entry, long nowMs) {
        return database.keyspace().accessClock().frequency(EntryStore.clock(entry), nowMs);
    }

    /** Has an entry look as if it had last been accessed so many seconds ago (0 to 2^24 - 1), under {@link AccessPolicy#LRU}. */
    public void idleSeconds(long entry, long idleSeconds, long nowMs) {
        EntryStore.clock(entry, AccessClock.idleFor(idleSeconds, nowMs));
    }

    /** Sets the access counter, 0..255, under {@link AccessPolicy#LFU}. */
    public void accessFrequency(long entry, int counter, long nowMs) {
        EntryStore.clock(entry, AccessClock.ofFrequency(counter, nowMs));
    }

    /**
     * Bytes that this key occupies: its block, its share of the index and what is below it, extrapolated from so many
     * elements of a structure (0: all are looked at).
     */
    public long memoryUse(long entry, int samples) {
        long own = EntryStore.blockSize(entry) + index.bytesPerKey();
        return isString(entry)
                ? own
                : own
                        + database.keyspace()
                                .structures()
                                .of(entry)
                                .bytes(Root.address(EntryStore.root(entry)), samples);
    }

    /** Visits every entry whose time has not passed. */
    public void forEach(long nowMs, KeyVisitor visitor) {
        index.forEach(entry -> {
            if (isVisible(entry, nowMs)) {
                visitor.visit(this, entry);
            }
        });
    }

    /**
     * Visits up to {@code limit} entries whose time has not passed (with 0 for {@code nowMs}: all, as CLUSTER
     * GETKEYSINSLOT lists them). Returns how many.
     */
    public int forEach(long nowMs, int limit, KeyVisitor visitor) {
        int[] visited = {0};
        long position = 0;
        while (position < SCAN_END && visited[0] < limit) {
            position = index.scan(position, entry -> {
                if (visited[0] < limit && isVisible(entry, nowMs)) {
                    visited[0]++;
                    visitor.visit(this, entry);
                }
            });
        }
        return visited[0];
    }

    /** A random entry, or {@link #ABSENT} when the slot is empty; its time may have passed. */
    public long randomEntry() {
        return index.random(new SplittableRandom(ThreadLocalRandom.current().nextLong()));
    }

    /** Visits a few entries from a position, 0 to {@link #SCAN_END} - 1, on. Returns where to go on. */
    long scan(long position, long nowMs, KeyVisitor visitor) {
        return index.scan(position, entry -> {
            if (isVisible(entry, nowMs)) {
                visitor.visit(this, entry);
            }
        });
    }

    /**
     * As {@link #scan(long, long, KeyVisitor)}; before it, those whose time has passed and whom {@code due} accepts are deleted
     * if {@link ExpiryMode} says so.
     */
    long scan(long position, long nowMs, KeyVisitor visitor, KeyTest due) {
        if (index.expiring() > 0 && expiryMode() == ExpiryMode.DELETE) {
            long expired = expiredAt(position, nowMs, due);
            while (expired != ABSENT) {
                // A handle ends with a removal, so they are looked for one by one: they are few.
                unlessExpired(expired, nowMs);
                expired = expiredAt(position, nowMs, due);
            }
        }
        return scan(position, nowMs, visitor);
    }

    private long expiredAt(long position, long nowMs, KeyTest due) {
        long[] found = {ABSENT};
        index.scan(position, entry -> {
            if (found[0] == ABSENT && !isVisible(entry, nowMs) && due.accepts(this, entry)) {
                found[0] = entry;
            }
        });
        return found[0];
    }

    /** Visits a few entries from a position on, those whose time has passed as well. Returns where to go on. */
    long scan(long position, EntryVisitor visitor) {
        return index.scan(position, visitor);
    }

    /** The entry, or {@link #ABSENT} when its time has passed; it is deleted if {@link ExpiryMode} says so. */
    long unlessExpired(long entry, long nowMs) {
        if (entry == ABSENT || isVisible(entry, nowMs)) {
            return entry;
        }
        if (expiryMode() == ExpiryMode.DELETE) {
            database.keyspace().noteExpired(this, entry);
            removeEntry(entry);
        }
        return ABSENT;
    }

    /**
     * As {@link #unlessExpired} for a key about to be replaced: where keys whose time has passed are kept, the entry stays the
     * one to replace.
     */
    long unlessExpiredHere(long entry, long nowMs) {
        return entry != ABSENT
                        && hasPassed(EntryStore.deadline(entry), nowMs)
                        && expiryMode() == ExpiryMode.DELETE
                ? unlessExpired(entry, nowMs)
                : entry;
    }

    /** Deletes what is past its time in the table at a position. Returns where the next table begins. */
    long removeDue(long position, long nowMs, int keysPerMs) {
        long next = index.removeDue(position, nowMs, keysPerMs, entries, entry -> {
            database.keyspace().noteExpired(this, entry);
            database.keyspace().freeze(this, entry);
            timedHashes.forget(entry);
            database.keyspace().freeStructure(entry);
        });
        publish();
        return next;
    }

    void evict(long entry) {
        database.keyspace().noteEvicted(this, entry);
        removeEntry(entry);
    }

    /** The hashes here that have fields with deadlines. */
    TimedHashes timedHashes() {
        return timedHashes;
    }

    /**
     * What becomes here of keys and fields whose time has passed, as far as this thread is concerned: nothing in a slot that is
     * {@linkplain Keyspace#apart(int) apart}. To be asked once one is met.
     */
    public ExpiryMode expiryMode() {
        return database.isApart(number)
                ? ExpiryMode.IGNORE
                : database.keyspace().expiryModeHere();
    }

    /** Whether a deadline (0: none) makes what has it absent. */
    boolean hasPassed(long deadlineMs, long nowMs) {
        return deadlineMs != 0 && deadlineMs < nowMs && expiryMode() != ExpiryMode.IGNORE;
    }

    /** Frees some thousand keys of a slot that nobody can reach any more. Returns whether all are free. */
    boolean freeSome() {
        return timedHashes.freeSome() && index.free(entries, database.keyspace()::freeStructure);
    }

    /** Has a new entry take the place of an old one ({@link #ABSENT}: none), which is freed with what is below it. */
    void enter(long hash, long old, long entry, long deadline) {
        if (old == ABSENT) {
            index.insert(hash, entry, deadline);
            database.keyspace().noteCreated(this, entry);
        } else {
            index.replace(hash, old, entry, deadline);
            discard(old);
        }
        publish();
    }

    /** Tells the index of a deadline that changed in place. */
    void noteDeadline(long hash, long entry, long before, long now) {
        if ((before | now) != 0) {
            index.replace(hash, entry, entry, now);
            publish();
        }
    }

    /** What {@link #KEEP_EXPIRY} makes of a deadline that was there. */
    static long kept(long deadline, long nowMs) {
        return deadline < nowMs ? 0 : deadline;
    }

    private boolean isVisible(long entry, long nowMs) {
        return !hasPassed(EntryStore.deadline(entry), nowMs);
    }

    private static long deadline(long expireAtMs) {
        if (expireAtMs == NO_EXPIRY) {
            return 0;
        }
        if (expireAtMs <= 0) {
            throw new IllegalArgumentException("a deadline of " + expireAtMs);
        }
        return expireAtMs;
    }

    /** The access bits of what is stored now in place of an entry ({@link #ABSENT}: none). */
    int freshClock(long old, long nowMs) {
        AccessClock clock = database.keyspace().accessClock();
        return old == ABSENT ? clock.fresh(nowMs) : clock.accessed(EntryStore.clock(old), nowMs);
    }

    static boolean isString(long entry) {
        return entry != ABSENT && EntryStore.type(entry) == KeyType.STRING.code();
    }

    /** Frees an entry nobody can reach any more, with what is below it. */
    private void discard(long entry) {
        database.keyspace().freeze(this, entry);
        timedHashes.forget(entry);
        database.keyspace().freeStructure(entry);
        entries.free(entry);
    }

    private void requireString(long entry) {
        if (EntryStore.type(entry) != KeyType.STRING.code()) {
            throw new IllegalStateException("the entry is not a string");
        }
    }

    /** Tells the database how many keys there are. */
    void publish() {
        content.keys.set(number, index.size());
        content.expiring.set(number, index.expiring());
    }
}
