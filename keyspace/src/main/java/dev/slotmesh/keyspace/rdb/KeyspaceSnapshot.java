package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotSelection;
import dev.slotmesh.keyspace.SnapshotCut;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * All keys of a keyspace, or those of some slots, as they were at one moment, written while clients go on: see {@link SnapshotCut} for how. Keys come in
 * no particular order, in runs of one database each.
 *
 * <p>A writer that is about to change a key not yet written writes it into {@link FrozenRecords}; the thread of the snapshot,
 * which all methods but {@link #begin} and the counts are for, writes the others in steps and fetches those. It holds one
 * lock at a time, as long as its {@link Pace} says unless a single value takes longer, and none while the sink has its
 * turn.
 */
public final class KeyspaceSnapshot implements AutoCloseable {
    private static final int WHOLE_RUN_BYTES = 1 << 16;

    private final SnapshotCut cut;
    private final Pace pace;
    private final FrozenRecords frozen;
    private final RecordLane own;
    private final Libraries libraries;
    private final LongAdder written = new LongAdder();
    /** Of the thread that is in {@link #writeSome}; null outside of it. */
    private volatile Thread walker;

    private volatile Throwable failure;
    private volatile boolean closed;
    private boolean announced;

    /**
     * How much is done in one step.
     *
     * @param lockedNanos how long a lock is held, about; 0: for one look
     * @param keysAtOnce how many keys are looked at together, 1 or more
     */
    public record Pace(long lockedNanos, int keysAtOnce) {
        /** Fast, and hardly felt by clients. */
        public static final Pace NORMAL = new Pace(TimeUnit.MICROSECONDS.toNanos(200), 64);
    }

    private KeyspaceSnapshot(
            Keyspace keyspace, SlotSelection slots, SnapshotForm form, long cutMs, Pace pace) {
        this.pace = pace;
        this.libraries = keyspace.libraries();
        this.frozen = new FrozenRecords(form, cutMs, keyspace.memoryAccount());
        this.own = new RecordLane(form, cutMs, keyspace.memoryAccount());
        this.cut = SnapshotCut.begin(keyspace, slots, this::visit, pace.keysAtOnce());
    }

    /**
     * Takes the moment: what the keyspace holds now is what will be written. Needs the world lock; costs a few milliseconds
     * at most, whatever the number of keys.
     *
     * @param cutMs milliseconds since 1970
     * @throws IllegalStateException when another one is not closed yet
     */
    public static KeyspaceSnapshot begin(
            Keyspace keyspace, SnapshotForm form, long cutMs, Pace pace) {
        return begin(keyspace, SlotSelection.ALL, form, cutMs, pace);
    }

    /** As the other {@code begin}, for the keys of some slots; who writes to others does nothing for it. */
    public static KeyspaceSnapshot begin(
            Keyspace keyspace, SlotSelection slots, SnapshotForm form, long cutMs, Pace pace) {
        return new KeyspaceSnapshot(keyspace, slots, form, cutMs, pace);
    }

    /**
     * Writes some more keys. No lock may be held.
     *
     * @param sink gets whole runs of keys, outside all locks; it may block and throw
     * @return false when everything has been written
     * @throws IllegalStateException when a key could not be written, by a mistake of ours: nothing is to be made of the rest
     */
    public boolean writeSome(RdbSink sink) {
        if (!announced) {
            announced = true;
            announce();
        }
        walker = Thread.currentThread();
        boolean more;
        try {
            more = cut.visitSome(pace.lockedNanos());
        } finally {
            walker = null;
        }
        own.pour(sink);
        frozen.pour(sink);
        if (failure != null) {
            throw new IllegalStateException("a key could not be written", failure);
        }
        return more;
    }

    private void announce() {
        own.announce(libraries);
        for (int number = 0; number < cut.databaseCount(); number++) {
            if (cut.keyCount(number) > 0) {
                own.announce(number, cut.keyCount(number), cut.expiringKeyCount(number));
            }
        }
    }

    /** Keys there were at the cut. Any thread. */
    public long keyCount() {
        long keys = 0;
        for (int number = 0; number < cut.databaseCount(); number++) {
            keys += cut.keyCount(number);
        }
        return keys;
    }

    /** Keys written so far. Any thread. */
    public long keysWritten() {
        return written.sum();
    }

    /** Bytes of keys that writers have written down before their changes and that wait for the sink. Any thread. */
    public long waitingBytes() {
        return frozen.waitingBytes();
    }

    /** The most that {@link #waitingBytes} has been when the sink was given its share. Any thread. */
    public long peakBytes() {
        return frozen.peakBytes();
    }

    /**
     * Writes all keys as they are now. Needs the world lock, so that there is nothing to be cared for; works also while a
     * snapshot is under way.
     *
     * @param cutMs milliseconds since 1970
     * @param sink gets runs of whole keys
     */
    public static void writeWhole(Keyspace keyspace, SnapshotForm form, long cutMs, RdbSink sink) {
        keyspace.locks().requireWorldHeld();
        try (RecordLane lane = new RecordLane(form, cutMs, keyspace.memoryAccount())) {
            lane.announce(keyspace.libraries());
            for (int i = 0; i < keyspace.databaseCount(); i++) {
                int number = i;
                Database database = keyspace.database(number);
                long keys = database.storedKeyCount();
                if (keys > 0) {
                    lane.announce(number, keys, database.storedExpiringKeyCount());
                }
                database.forEachStored((slot, entry) -> {
                    lane.add(number, slot, entry);
                    if (lane.bytes() >= WHOLE_RUN_BYTES) {
                        lane.pour(sink);
                    }
                });
                lane.pour(sink);
            }
        }
    }

    /** Ends it, complete or not, and frees its memory. No lock may be held. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            frozen.close();
            cut.close();
            own.close();
        }
    }

    /** Under the lock of the slot, on any thread; a mistake here must not cost the command that goes on after it. */
    private void visit(Slot slot, long entry) {
        if (closed || failure != null) {
            return;
        }
        try {
            int database = cut.databaseNumber(slot);
            if (Thread.currentThread() == walker) {
                own.add(database, slot, entry);
            } else {
                frozen.add(database, slot, entry);
            }
            written.increment();
        } catch (RuntimeException | AssertionError | OutOfMemoryError mistake) {
            failure = mistake;
        }
    }
}
