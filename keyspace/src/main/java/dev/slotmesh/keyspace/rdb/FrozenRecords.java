package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.MemoryAccount;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Keys that writers have written down before they change them, waiting for the thread of the snapshot to fetch them. Their
 * memory is bounded by the keys changed during the snapshot, and usually far below, since it is fetched after each step.
 *
 * <p>Writers of different slots use different lanes, each with a lock of its own below the slot's. The thread of the snapshot
 * takes a lane away as a whole and pours it without any lock.
 */
final class FrozenRecords implements AutoCloseable {
    private static final int LANES = 8;

    private final SnapshotForm form;
    private final long cutMs;
    private final MemoryAccount account;
    private final Place[] places = new Place[LANES];
    /** Written by the thread of the snapshot. */
    private volatile long peakBytes;

    /** Where a lane is, if there is one: guarded by its lock. */
    private static final class Place {
        final ReentrantLock lock = new ReentrantLock();
        RecordLane lane;
        /** An emptied lane to be used again. */
        RecordLane spare;

        boolean closed;
    }

    FrozenRecords(SnapshotForm form, long cutMs, MemoryAccount account) {
        this.form = form;
        this.cutMs = cutMs;
        this.account = account;
        for (int i = 0; i < LANES; i++) {
            places[i] = new Place();
        }
    }

    /** Adds a key; the lock of its slot is held. */
    void add(int database, Slot slot, long entry) {
        Place place = places[slot.number() % LANES];
        place.lock.lock();
        try {
            if (place.closed) {
                return;
            }
            if (place.lane == null) {
                place.lane =
                        place.spare == null ? new RecordLane(form, cutMs, account) : place.spare;
                place.spare = null;
            }
            place.lane.add(database, slot, entry);
        } finally {
            place.lock.unlock();
        }
    }

    /** Hands everything there is on. Thread of the snapshot, holding no lock. */
    void pour(RdbSink sink) {
        peakBytes = Math.max(peakBytes, waitingBytes());
        for (Place place : places) {
            RecordLane lane;
            place.lock.lock();
            try {
                lane = place.lane;
                place.lane = null;
            } finally {
                place.lock.unlock();
            }
            if (lane != null) {
                pour(place, lane, sink);
            }
        }
    }

    private static void pour(Place place, RecordLane lane, RdbSink sink) {
        boolean kept = false;
        try {
            lane.pour(sink);
            place.lock.lock();
            try {
                kept = place.spare == null && !place.closed;
                if (kept) {
                    place.spare = lane;
                }
            } finally {
                place.lock.unlock();
            }
        } finally {
            if (!kept) {
                lane.close();
            }
        }
    }

    /** Bytes that wait to be handed on. Any thread. */
    long waitingBytes() {
        long bytes = 0;
        for (Place place : places) {
            place.lock.lock();
            try {
                bytes += place.lane == null ? 0 : place.lane.bytes();
            } finally {
                place.lock.unlock();
            }
        }
        return bytes;
    }

    /** The most that ever waited. Any thread. */
    long peakBytes() {
        return peakBytes;
    }

    /** Frees everything; what is added later is ignored. */
    @Override
    public void close() {
        for (Place place : places) {
            place.lock.lock();
            try {
                place.closed = true;
                close(place.lane);
                close(place.spare);
                place.lane = null;
                place.spare = null;
            } finally {
                place.lock.unlock();
            }
        }
    }

    private static void close(RecordLane lane) {
        if (lane != null) {
            lane.close();
        }
    }
}
