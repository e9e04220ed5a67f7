package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.list.Quicklist;
import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.EntryStore;
import dev.slotmesh.keyspace.memory.KeyHash;
import dev.slotmesh.keyspace.memory.KeyIndex;
import dev.slotmesh.keyspace.memory.MemoryAccount;
import dev.slotmesh.keyspace.memory.MemoryAhead;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.memory.Structure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * All databases of a node with their locks and their native memory.
 *
 * <p>The databases and which of them has which number are guarded by the world lock; a command asks for its database under
 * its slot's lock. Policies are volatile and may be changed by any thread.
 */
public final class Keyspace implements AutoCloseable {
    /** A structure of more blocks is freed in the background. */
    static final int MOST_BLOCKS_AT_ONCE = 64;

    private final KeyspaceSettings settings;
    private final SlotLocks locks;
    private final Arena arena;
    private final KeyHash hashes;
    private final EntryStore[] stores;
    private final Database[] databases;
    private final LongAdder expiredKeys = new LongAdder();
    private volatile ExpiryMode expiryMode = ExpiryMode.DELETE;
    private volatile Thread ignoringExpiry;
    private volatile AccessClock accessClock = AccessClock.DEFAULT;
    private final Structures structures = Structures.ofAllTypes();
    private final Remains remains;
    private volatile EncodingLimits encodingLimits = EncodingLimits.DEFAULT;
    private volatile int listPlainFrom = Quicklist.PLAIN_FROM;
    private final Eviction eviction;
    private final Compaction compaction;
    private volatile Libraries libraries = Libraries.NONE;
    private volatile RemovalLog removalLog = (slot, entry, cause) -> {};
    private volatile KeyVisitor expiredFieldLog = (slot, entry) -> {};
    private volatile FieldRemovalLog fieldRemovalLog = (slot, entry, field) -> {};
    private final LongAdder expiredFields = new LongAdder();
    /** Null when nobody wants to know. */
    private volatile KeyVisitor createdKeyLog;

    private final ApartSlots apart = new ApartSlots();

    /** Null while there is none. Set and taken back under the world lock, so whoever holds a slot's lock reads it plainly. */
    private SnapshotCut cut;
    /** Guarded by the world lock: that of the last cut. */
    private int generation;
    /** Guarded by the world lock: cuts in a row whose walk ended early. */
    private int unfinishedCuts;

    private volatile boolean closed;

    /** An empty keyspace; it holds no native memory before its first key. */
    public Keyspace(KeyspaceSettings settings) {
        this.settings = settings;
        this.locks = new SlotLocks(settings.lockPerSlot());
        this.hashes = new KeyHash(settings.hashSeed());
        this.arena =
                new Arena(settings.arenaStripes(), settings.hashSeed() ^ System.nanoTime(), hashes);
        this.remains = new Remains(this, arena.largeReleases());
        this.compaction = new Compaction(this, arena);
        this.eviction = new Eviction(this, arena.account(), settings.hashSeed());
        this.stores = new EntryStore[settings.arenaStripes()];
        for (int i = 0; i < stores.length; i++) {
            stores[i] = new EntryStore(arena, i);
        }
        this.databases = new Database[settings.databases()];
        for (int i = 0; i < databases.length; i++) {
            databases[i] = new Database(this, i);
        }
    }

    /** Databases of their own over the memory of another keyspace. */
    private Keyspace(Keyspace over) {
        this.settings = over.settings;
        this.locks = new SlotLocks(false);
        this.hashes = over.hashes;
        this.arena = over.arena;
        this.remains = over.remains;
        this.eviction = over.eviction;
        this.compaction = over.compaction;
        this.stores = over.stores;
        this.accessClock = over.accessClock;
        this.encodingLimits = over.encodingLimits;
        this.listPlainFrom = over.listPlainFrom;
        this.expiryMode = ExpiryMode.IGNORE;
        this.databases = new Database[settings.databases()];
        for (int i = 0; i < databases.length; i++) {
            databases[i] = new Database(this, i);
        }
    }

    /**
     * An empty keyspace with as many databases, to be filled by one thread and then given to {@link #adopt} or
     * {@link #discard}, which end it. It shares this one's memory and nothing else; keys whose time has passed stay in it.
     */
    public Keyspace stage() {
        return new Keyspace(this);
    }

    /**
     * Takes over the content of a keyspace that {@link #stage} has made, instead of its own. Needs the world lock. A snapshot may
     * not be under way.
     *
     * @return the former content, to be given to {@link Remains#add}
     */
    public List<DetachedKeys> adopt(Keyspace staged) {
        if (cut != null) {
            throw new IllegalStateException("a snapshot is under way");
        }
        List<DetachedKeys> former = new ArrayList<>();
        for (int i = 0; i < databases.length; i++) {
            former.add(databases[i].detach());
            databases[i] = staged.databases[i];
            databases[i].takenOver(this);
        }
        libraries = staged.libraries;
        staged.closed = true;
        return former;
    }

    /** Lets go of what {@link #stage} has made; its content is freed in the background. On the thread that fills it. */
    public void discard() {
        locks.lockWorld();
        try {
            for (Database database : databases) {
                remains.add(database.detach());
            }
            closed = true;
        } finally {
            locks.unlockWorld();
        }
    }

    public KeyspaceSettings settings() {
        return settings;
    }

    public SlotLocks locks() {
        return locks;
    }

    public int databaseCount() {
        return databases.length;
    }

    /**
     * The database of that number, 0 to {@link #databaseCount()} - 1. The answer changes with {@link #swap}: ask under the
     * slot's lock, each time.
     */
    public Database database(int number) {
        return databases[number];
    }

    /** Exchanges the content of two databases. Needs the world lock. */
    public void swap(int first, int second) {
        locks.requireWorldHeld();
        Database moved = databases[first];
        databases[first] = databases[second];
        databases[second] = moved;
        databases[first].number(first);
        databases[second].number(second);
    }

    /** What the native memory amounts to; takes the arena's locks briefly. */
    public MemoryUse memoryUse() {
        return new MemoryUse(
                arena.usedBytes(),
                arena.indexBytes(),
                arena.reservedBytes(),
                arena.touchedBytes(),
                arena.headBytes(),
                arena.spareBytes());
    }

    /** Keys deleted because their time had passed, since the start. */
    public long expiredKeyCount() {
        return expiredKeys.sum();
    }

    public ExpiryMode expiryMode() {
        return expiryMode;
    }

    /** Whether a slot's keys are kept apart: see the other {@code apart}. Exact under the slot's lock. */
    public boolean apart(int slot) {
        return apart.contains(slot);
    }

    /**
     * Has the keys that database 0 has in a slot, 0..16383, kept apart from now on, or no longer: they are somebody else's, whose
     * commands come in. DBSIZE, SCAN, KEYS, RANDOMKEY, eviction and the expiry cycle pass over them, and time makes none of
     * them absent: who sends them sends their deletions as well. Snapshots have them: replicas and files need them. The
     * slot's lock is held. The mark stays when the database is flushed.
     */
    public void apart(int slot, boolean keptApart) {
        locks.requireHeld(slot);
        apart.mark(slot, keptApart);
    }

    ApartSlots apartSlots() {
        return apart;
    }

    /** How this thread is to treat a key whose time has passed; only asked once one is met. */
    ExpiryMode expiryModeHere() {
        ExpiryMode mode = expiryMode;
        return mode == ExpiryMode.HIDE && Thread.currentThread() == ignoringExpiry
                ? ExpiryMode.IGNORE
                : mode;
    }

    /**
     * Lets one thread see keys whose time has passed while they are hidden from all others: it applies a primary's commands,
     * which were right about them. Called by that thread, at the beginning and at the end.
     */
    public void ignoreExpiry(boolean ignore) {
        Thread here = Thread.currentThread();
        if (ignore) {
            ignoringExpiry = here;
        } else if (ignoringExpiry == here) {
            ignoringExpiry = null;
        }
    }

    /** Changes what becomes of keys whose time has passed. Any thread; publish a role change under the world lock. */
    public void expiryMode(ExpiryMode mode) {
        expiryMode = mode;
    }

    public AccessPolicy accessPolicy() {
        return accessClock.policy();
    }

    /** Changes how accesses are noted, from the next access of each key on. Any thread. */
    public synchronized void accessPolicy(AccessPolicy policy) {
        accessClock = accessClock.withPolicy(policy);
    }

    /**
     * Changes how fast the counters of {@link AccessPolicy#LFU} grow and decay. Any thread.
     *
     * @param logFactor 0 or more: the larger, the more accesses a counter takes to grow (lfu-log-factor)
     * @param decayMinutes minutes after which an unused counter loses one; 0: it never does (lfu-decay-time)
     */
    public synchronized void frequencyPace(int logFactor, int decayMinutes) {
        accessClock = accessClock.withPace(logFactor, decayMinutes);
    }

    /**
     * Where keys are written down that go without a command deleting them: lazily or actively expired ones and evicted ones.
     * The replication log turns each into a DEL, watchers and listeners learn of it.
     */
    public void removalLog(RemovalLog log) {
        removalLog = log;
    }

    /** The libraries of functions that belong to the data set. Any thread. */
    public Libraries libraries() {
        return libraries;
    }

    /** Changes the libraries of functions. Needs the world lock. */
    public void libraries(Libraries all) {
        locks.requireWorldHeld();
        libraries = all;
    }

    /** Keeps memory below a limit. */
    public Eviction eviction() {
        return eviction;
    }

    /** Keeps the memory held near to the memory used. */
    public Compaction compaction() {
        return compaction;
    }

    /** Gives memory back that held nothing since the last call. To be called every few seconds, by one thread. */
    public void giveBackIdleMemory() {
        arena.giveBackIdle();
    }

    /** Gives all memory back that holds nothing. */
    public void giveBackFreeMemory() {
        arena.giveBackFree();
    }

    /** Has memory made ready on a thread of its own until that is closed: for who stores much at once. */
    public MemoryAhead memoryAhead() {
        return arena.memoryAhead();
    }

    /** What memory amounts to, to be read without a lock. */
    public MemoryAccount memoryAccount() {
        return arena.account();
    }

    /** Fields of hashes deleted because their time had passed, since the start. */
    public long expiredFieldCount() {
        return expiredFields.sum();
    }

    /**
     * Where hashes are written down that lost fields because their time had passed, once for each visit of the active cycle:
     * the source of {@code hexpired} events. It is called under the slot's lock, after the fields are gone and before an
     * empty hash goes ({@link Hashes#size} is 0 then), so it may take nothing but a lock of its own.
     */
    public void expiredFieldLog(KeyVisitor log) {
        expiredFieldLog = log;
    }

    /** Where each such field is written down, for those who repeat what happens here. */
    public void fieldRemovalLog(FieldRemovalLog log) {
        fieldRemovalLog = log;
    }

    /**
     * Where keys are written down that were not there before, or null for nowhere. It is called under the slot's lock, as soon
     * as the key can be found, before its content is complete.
     */
    public void createdKeyLog(KeyVisitor logOrNull) {
        createdKeyLog = logOrNull;
    }

    /** Where values stay in their compact encodings. */
    public EncodingLimits encodingLimits() {
        return encodingLimits;
    }

    /** Changes where values stay in their compact encodings, for the writes that follow. Any thread. */
    public void encodingLimits(EncodingLimits limits) {
        encodingLimits = limits;
    }

    /** From how many bytes on an element of a list gets a node of its own outside any listpack. */
    public int listPlainFrom() {
        return listPlainFrom;
    }

    /** Changes from how many bytes on new elements of lists are kept apart, 1 or more. Any thread. */
    public void listPlainFrom(int bytes) {
        listPlainFrom = bytes;
    }

    /** What is gone but not yet freed, to be freed by a thread of the background. */
    public Remains remains() {
        return remains;
    }

    /** Frees all native memory, under the world lock: any use of a slot afterwards is refused. */
    @Override
    public void close() {
        compaction.close();
        locks.lockWorld();
        try {
            if (!closed) {
                closed = true;
                for (Database database : databases) {
                    database.detach();
                }
                arena.close();
            }
        } finally {
            locks.unlockWorld();
        }
    }

    /** Whether a snapshot is under way that {@link #freeze} has something to do for. Some slot's lock is held. */
    public boolean isCut() {
        return cut != null;
    }

    /**
     * Tells a snapshot under way, if any, that a key may be changed now: what it held at the cut is written first. The lock of
     * its slot is held. Whoever changes a key's value or deadline goes through here before it looks it up; for keys that are
     * removed, moved or replaced the {@link Slot} does.
     */
    public void freeze(Slot slot, ByteSpan key) {
        if (cut != null) {
            cut.freeze(slot, key);
        }
    }

    /** As the other {@code freeze}, for an entry known already. */
    void freeze(Slot slot, long entry) {
        if (cut != null) {
            cut.visit(slot, entry);
        }
    }

    /** Null when there is none; some slot's lock is held. */
    SnapshotCut cut() {
        return cut;
    }

    void cut(SnapshotCut begun) {
        cut = begun;
    }

    /** Begins a generation; the world lock is held. */
    int nextGeneration() {
        if (cut != null) {
            throw new IllegalStateException("there is a snapshot already");
        }
        generation = (generation + 1) % EntryStore.GENERATIONS;
        for (EntryStore store : stores) {
            store.newGeneration(generation);
        }
        return generation;
    }

    int unfinishedCuts() {
        return unfinishedCuts;
    }

    /** The world lock is held. */
    void endCut(boolean finished) {
        cut = null;
        unfinishedCuts = finished ? 0 : unfinishedCuts + 1;
    }

    AccessClock accessClock() {
        return accessClock;
    }

    Structures structures() {
        return structures;
    }

    ArenaStripe stripe(int slotOrStripe) {
        return arena.stripe(slotOrStripe);
    }

    /** Frees what is below an entry that nobody can reach any more: now if it is small, else later. */
    void freeStructure(long entry) {
        if (EntryStore.type(entry) != KeyType.STRING.code()) {
            freeStructure(structures.of(entry), EntryStore.root(entry));
        }
    }

    /** As the other {@code freeStructure}, for a structure that no entry leads to. */
    void freeStructure(KeyType type, ValueEncoding encoding, long root) {
        freeStructure(structures.of(type.code(), encoding.code()), root);
    }

    private void freeStructure(Structure structure, long root) {
        if (structure.blocks(Root.address(root)) > MOST_BLOCKS_AT_ONCE) {
            remains.add(structure, root);
        } else if (structure.free(stripe(Root.stripe(root)), Root.address(root), Integer.MAX_VALUE)
                != 0) {
            throw new IllegalStateException("a structure was not freed in one step");
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the keyspace is closed");
        }
    }

    KeyIndex newIndex(int slot) {
        return new KeyIndex(arena, slot, hashes);
    }

    EntryStore entries(int slot) {
        return stores[slot & stores.length - 1];
    }

    KeyHash hashes() {
        return hashes;
    }

    void noteExpiredFields(Slot slot, long entry, int fields) {
        expiredFields.add(fields);
        expiredFieldLog.visit(slot, entry);
    }

    void noteExpiredField(Slot slot, long entry, ByteSpan field) {
        fieldRemovalLog.removing(slot, entry, field);
    }

    void noteCreated(Slot slot, long entry) {
        KeyVisitor log = createdKeyLog;
        if (log != null) {
            log.visit(slot, entry);
        }
    }

    void noteExpired(Slot slot, long entry) {
        expiredKeys.increment();
        removalLog.removing(slot, entry, Removal.EXPIRED);
    }

    void noteEvicted(Slot slot, long entry) {
        eviction.noteEvicted();
        removalLog.removing(slot, entry, Removal.EVICTED);
    }
}
