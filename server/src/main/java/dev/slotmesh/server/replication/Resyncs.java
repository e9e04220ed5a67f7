package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.rdb.SnapshotForm;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.RdbContent;
import dev.slotmesh.server.persistence.SnapshotJob;
import dev.slotmesh.server.persistence.Snapshots;
import dev.slotmesh.server.persistence.TemporaryFiles;
import dev.slotmesh.server.session.ReplicaTraits.Trait;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Decides when which waiting replicas get a snapshot, and how. One snapshot serves all that wait when it begins; those that come
 * later wait for the next, or share one that is being written to a file.
 *
 * <p>Guarded by the monitor; the jobs call back from the thread of the snapshots.
 */
final class Resyncs {
    /** What a resync needs of the rest of the node. */
    record Parts(
            Configuration configuration, NodeLog log, Keyspace keyspace, Snapshots snapshots) {}

    private final Parts parts;
    private final Replicas replicas;
    private final ReplicationLog stream;
    private final ReplicationState state;
    private final SecureRandom random;
    /** The job under way, or null. */
    private SnapshotJob present;

    Resyncs(Parts parts, Replicas replicas, ReplicationState state, SecureRandom random) {
        this.parts = parts;
        this.replicas = replicas;
        this.stream = replicas.stream();
        this.state = state;
        this.random = random;
    }

    Parts parts() {
        return parts;
    }

    /** A replica has begun to wait. */
    synchronized void request(Replica replica) {
        if (present instanceof FiledResync filed && filed.join(replica)) {
            parts.log.notice("Waiting for end of BGSAVE for SYNC");
            return;
        }
        review(System.currentTimeMillis());
    }

    /** Begins a resync if one is due and no other snapshot is under way; to be called again and again. */
    synchronized void review(long nowMs) {
        if (present != null || parts.snapshots.isRunning()) {
            return;
        }
        List<Replica> waiting = replicas.waiting();
        if (waiting.isEmpty()) {
            return;
        }
        boolean withoutKeys = waiting.get(0).traits().has(Trait.WITHOUT_KEYS);
        waiting.removeIf(replica -> replica.traits().has(Trait.WITHOUT_KEYS) != withoutKeys);
        boolean streamed = parts.configuration.get(ReplicationDirectives.REPL_DISKLESS_SYNC)
                && waiting.stream().allMatch(replica -> replica.traits().has(Trait.END_MARK));
        if (!streamed || isDue(waiting, nowMs)) {
            begin(streamed, withoutKeys);
        }
    }

    private boolean isDue(List<Replica> waiting, long nowMs) {
        long most = parts.configuration.get(ReplicationDirectives.REPL_DISKLESS_SYNC_MAX_REPLICAS);
        long delayMs = TimeUnit.SECONDS.toMillis(
                parts.configuration.get(ReplicationDirectives.REPL_DISKLESS_SYNC_DELAY));
        boolean enough = most > 0 && waiting.size() >= most;
        return enough || nowMs - waiting.get(0).waitingSinceMs() >= delayMs;
    }

    private void begin(boolean streamed, boolean withoutKeys) {
        ResyncCut cut = new ResyncCut(stream, state, withoutKeys);
        SnapshotJob job = streamed
                ? new StreamedResync(this, cut, ReplicationId.create(random))
                : new FiledResync(this, cut, file());
        present = job;
        parts.log.notice("Starting BGSAVE for SYNC with target: "
                + (streamed ? "replicas sockets" : "disk"));
        if (withoutKeys) {
            runWithoutKeys(job);
        } else if (!parts.snapshots.start(job)) {
            present = null;
        }
    }

    private Path file() {
        return TemporaryFiles.of(
                parts.configuration.path(PersistenceDirectives.DBFILENAME),
                TemporaryFiles.Purpose.SENT);
    }

    /** There is nothing to take a snapshot of. */
    private void runWithoutKeys(SnapshotJob job) {
        parts.keyspace.locks().lockWorld();
        try {
            job.cut();
        } finally {
            parts.keyspace.locks().unlockWorld();
        }
        try {
            job.open();
            job.finished();
        } catch (IOException | RuntimeException cause) {
            job.failed(cause);
        }
    }

    List<Replica> waiting() {
        return replicas.waiting();
    }

    SnapshotForm form() {
        return RdbContent.form(parts.configuration);
    }

    boolean isChecksumming() {
        return parts.configuration.get(PersistenceDirectives.RDBCHECKSUM);
    }

    long usedBytes() {
        return parts.keyspace.memoryUse().usedBytes();
    }

    /** A job sends its announcements. */
    void begun(SnapshotJob job, ResyncCut cut) {
        parts.log.notice("Full resync of " + cut.members().size() + " replica(s) begins: "
                + cut.announcement().strip());
    }

    /** A job has given away all its bytes. */
    synchronized void finished(SnapshotJob job, long bytes) {
        parts.log.notice("Background RDB transfer: " + bytes + " bytes written");
        end(job);
    }

    /** A job came to nothing; its replicas are being disconnected and will come back. */
    synchronized void failed(SnapshotJob job, Throwable cause) {
        parts.log.warning("A full resync failed: " + cause.getMessage());
        end(job);
    }

    private void end(SnapshotJob job) {
        if (present == job) {
            present = null;
        }
    }

    /** A replica has others wait for it. */
    void stuck(Replica replica) {
        parts.log.warning("Disconnecting replica " + replica.name()
                + ": it takes nothing of the snapshot, and others wait for it");
    }

    void fileNotClosed(IOException failure) {
        parts.log.warning("The file of a resync could not be closed: " + failure.getMessage());
    }
}
