package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.DetachedKeys;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.session.Dispatcher;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * This node's data set as a whole, when another takes its place. Used by the loading thread, one at a time; it takes the world
 * lock.
 */
final class DataSet {
    private static final long SNAPSHOT_POLL_MS = 5;

    private final Keyspace keyspace;
    private final Dispatcher dispatcher;
    private final FollowerOutlets outlets;

    DataSet(Dispatcher dispatcher, FollowerOutlets outlets) {
        this.keyspace = dispatcher.keyspace();
        this.dispatcher = dispatcher;
        this.outlets = outlets;
    }

    /** Keys of all databases. Any thread. */
    long keyCount() {
        long count = 0;
        for (int i = 0; i < keyspace.databaseCount(); i++) {
            count += keyspace.database(i).storedKeyCount();
        }
        return count;
    }

    /**
     * Empties all databases.
     *
     * @param decision asked under the world lock, where it may do what has to happen with it
     * @return what was decided; when false the data set is as it was
     */
    boolean drop(BooleanSupplier decision) {
        outlets.replacing();
        boolean wanted;
        keyspace.locks().lockWorld();
        try {
            wanted = decision.getAsBoolean();
            for (int i = 0; wanted && i < keyspace.databaseCount(); i++) {
                keyspace.remains().add(keyspace.database(i).detach());
            }
        } finally {
            keyspace.locks().unlockWorld();
        }
        if (wanted) {
            afterwards();
        } else {
            outlets.settled();
        }
        return wanted;
    }

    /**
     * Takes a staged keyspace over.
     *
     * @param decision as for {@link #drop}
     * @return what was decided; when false the staged keyspace is the caller's to discard
     */
    boolean adopt(Keyspace staged, BooleanSupplier decision) {
        lockWorldWithoutSnapshot();
        List<DetachedKeys> former;
        try {
            if (!decision.getAsBoolean()) {
                return false;
            }
            former = keyspace.adopt(staged);
        } finally {
            keyspace.locks().unlockWorld();
        }
        former.forEach(keyspace.remains()::add);
        afterwards();
        return true;
    }

    /** A snapshot of the former data would not know what becomes of it. */
    private void lockWorldWithoutSnapshot() {
        keyspace.locks().lockWorld();
        while (keyspace.isCut()) {
            keyspace.locks().unlockWorld();
            outlets.endSnapshot();
            try {
                TimeUnit.MILLISECONDS.sleep(SNAPSHOT_POLL_MS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            keyspace.locks().lockWorld();
        }
    }

    private void afterwards() {
        dispatcher.breakWatches();
        outlets.dropReplicas();
        outlets.freeRemains();
    }
}
