package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.SlotSelection;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.keyspace.rdb.SnapshotForm;

import java.io.IOException;

/**
 * What a snapshot is taken for: a file, a new base of the append-only file, replicas, a node that takes slots over. All methods are called on the thread of
 * {@link Snapshots}, {@link #cancel} excepted, in the order they have here; of {@link #finished} and {@link #failed} exactly
 * one, unless the former throws.
 */
public interface SnapshotJob {
    /** How keys are put into bytes. */
    SnapshotForm form();

    /** Those whose keys are wanted; unless it is all of them, it is no image of the data set. */
    default SlotSelection slots() {
        return SlotSelection.ALL;
    }

    /**
     * The moment of the snapshot: what is written is the keyspace as it is now. The world lock is held, so nothing is to be
     * waited for here; it is the place to note an offset.
     */
    void cut();

    /**
     * Where the keys go: whole records one after the other, without the header and end of a file. It may block. What it throws
     * fails the job.
     */
    RdbSink open() throws IOException;

    /** Every key has been given to the sink. What this throws fails the job. */
    void finished() throws IOException;

    /**
     * It came to nothing; the sink is not used any more.
     *
     * @param cause a {@link java.util.concurrent.CancellationException} when {@link Snapshots#cancel} was called
     */
    void failed(Throwable cause);

    /** Whether it is for the append-only file, so that no RDB image is being saved. */
    default boolean isRewrite() {
        return false;
    }

    /** Somebody wants it to end early: a sink that blocks is to give up. Any thread. */
    default void cancel() {}
}
