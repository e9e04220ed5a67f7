package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.MemoryAccount;

/**
 * Keys written one after the other, each under the database it belongs to, waiting to be poured into the snapshot. What was
 * poured stands for itself: it says at its beginning which database it is of. One thread at a time.
 */
final class RecordLane implements AutoCloseable {
    private static final int NO_DATABASE = -1;

    private final SnapshotForm form;
    private final long cutMs;
    private final RecordBuffer buffer;
    private final RdbWriter out;
    private long poured;
    private int database = NO_DATABASE;

    RecordLane(SnapshotForm form, long cutMs, MemoryAccount account) {
        this.form = form;
        this.cutMs = cutMs;
        this.buffer = new RecordBuffer(account);
        this.out = new RdbWriter(buffer, form.isCompressing(), false);
    }

    /** Begins with what a data set has beside keys. */
    void announce(Libraries libraries) {
        if (!libraries.isEmpty()) {
            form.libraries(out, libraries);
        }
    }

    /** Tells of a database and how many keys it has. */
    void announce(int number, long keys, long expiring) {
        form.announce(out, number, keys, expiring);
        database = number;
    }

    /** Adds a key; the lock of its slot is held. */
    void add(int number, Slot slot, long entry) {
        if (number != database) {
            form.select(out, number);
            database = number;
        }
        form.write(out, slot, entry, cutMs);
    }

    /** Bytes waiting. */
    long bytes() {
        return out.writtenBytes() - poured;
    }

    /** Hands what there is on. */
    void pour(RdbSink sink) {
        out.flush();
        buffer.pour(sink);
        poured = out.writtenBytes();
        database = NO_DATABASE;
    }

    @Override
    public void close() {
        out.close();
        buffer.close();
    }
}
