package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.rdb.KeyspaceSnapshot;
import dev.slotmesh.keyspace.rdb.SnapshotForm;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.GeneralDirectives;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.config.SavePoint;
import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Saves to the snapshot file ({@code dir}/{@code dbfilename}): when, by the rules of {@code save} or because somebody asks, and
 * what becomes of each. Any thread.
 *
 * <p>{@code publishing} is held while a complete file takes its name, and by whoever makes that impossible for a save under
 * way; a leaf.
 */
public final class RdbSaves {
    private static final long RETRY_AFTER_MS = 5000;

    private final Configuration configuration;
    private final Keyspace keyspace;
    private final NodeLog log;
    private final Snapshots snapshots;
    private final SaveRecord record = new SaveRecord(System.currentTimeMillis());
    private final Object publishing = new Object();
    /** A save was asked for while another snapshot was under way. */
    private volatile boolean scheduled;
    /** Set once, before clients can connect. */
    private volatile Sources sources = new Sources(() -> 0, Map::of);

    /**
     * What others know that is saved or decides of saves.
     *
     * @param changes changes to keys since the start of the node; exact under the world lock
     * @param replication what a file tells of the replication stream, by the names of its fields; under the world lock
     */
    public record Sources(LongSupplier changes, Supplier<Map<String, String>> replication) {}

    /** What became of the wish for a save in the background. */
    public enum Start {
        STARTED,
        SCHEDULED,
        /** A save is under way. */
        SAVING,
        /** Another snapshot is under way, and the wish was not to wait for its end. */
        OCCUPIED
    }

    RdbSaves(Configuration configuration, Keyspace keyspace, NodeLog log, Snapshots snapshots) {
        this.configuration = configuration;
        this.keyspace = keyspace;
        this.log = log;
        this.snapshots = snapshots;
    }

    /** Before anything is saved. */
    public void sources(Sources given) {
        sources = given;
    }

    /** BGSAVE: the cut is made soon, or after the present snapshot if that is what is wanted. */
    public Start startInBackground(boolean orSchedule, boolean inTransaction) {
        if (isSaving()) {
            return Start.SAVING;
        }
        if (inTransaction || snapshots.isRunning()) {
            if (!orSchedule && !inTransaction) {
                return Start.OCCUPIED;
            }
            scheduled = true;
            return Start.SCHEDULED;
        }
        return start() ? Start.STARTED : Start.OCCUPIED;
    }

    /** One at a time, so that the record is of the one that runs. */
    private synchronized boolean start() {
        if (snapshots.isRunning()) {
            return false;
        }
        Path target = configuration.path(PersistenceDirectives.DBFILENAME);
        FileSave save = new FileSave(
                this, target, TemporaryFiles.of(target, TemporaryFiles.Purpose.BACKGROUND));
        record.started(System.currentTimeMillis());
        if (!snapshots.start(save)) {
            record.notStarted();
            return false;
        }
        scheduled = false;
        log.notice("Background saving started by thread slotmesh-snapshot");
        return true;
    }

    /** Whether an RDB image is being written, to a file or to replicas. */
    public boolean isSaving() {
        SnapshotJob running = snapshots.running();
        return running != null && !running.isRewrite() && running.slots().isAll();
    }

    /**
     * Saves on this thread, under the world lock: clients wait. Files that are being written in the background will not take the
     * place of this one.
     *
     * @return whether it succeeded; the log has the reason if not
     */
    public boolean saveNow() {
        Path target = configuration.path(PersistenceDirectives.DBFILENAME);
        record.startedAtOnce();
        keyspace.locks().lockWorld();
        try (RdbFile file = create(TemporaryFiles.of(target, TemporaryFiles.Purpose.AT_ONCE))) {
            KeyspaceSnapshot.writeWhole(
                    keyspace, form(), System.currentTimeMillis(), file.begin(aux()));
            file.complete();
            synchronized (publishing) {
                revoke();
                publish(file, target);
            }
            saved(changes());
            return true;
        } catch (IOException | UncheckedIOException failure) {
            tell(failure);
            return false;
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    /** Ends what is under way, unless it is for the append-only file; its file never takes the place of the present one. */
    public void cancel() {
        if (isSaving()) {
            revoke();
            snapshots.cancel();
        }
    }

    private void revoke() {
        synchronized (publishing) {
            if (snapshots.running() instanceof FileSave save) {
                save.revoke();
            }
        }
    }

    /** All keys are gone: FLUSHALL. What is being saved is obsolete, and the file as well if there are rules to save. */
    public void flushed() {
        cancel();
        if (!configuration.get(PersistenceDirectives.SAVE).isEmpty()) {
            saveNow();
        }
    }

    /** To be called some times a second: saves when a rule says so, or when it was put off. */
    public void turn(long nowMs) {
        if (snapshots.isRunning()
                || !record.lastSucceeded() && nowMs - record.lastTriedMs() <= RETRY_AFTER_MS) {
            return;
        }
        if (scheduled) {
            start();
            return;
        }
        long unsaved = unsavedChanges();
        long passedMs = nowMs - record.lastSavedMs();
        for (SavePoint rule : configuration.get(PersistenceDirectives.SAVE)) {
            if (unsaved >= rule.changes() && passedMs > TimeUnit.SECONDS.toMillis(rule.seconds())) {
                log.notice(
                        rule.changes() + " changes in " + rule.seconds() + " seconds. Saving...");
                start();
                return;
            }
        }
    }

    /** Whether clients must not write, because the last save failed and they shall notice. */
    public boolean isWritingRefused() {
        return !record.lastSucceeded()
                && configuration.get(PersistenceDirectives.STOP_WRITES_ON_BGSAVE_ERROR)
                && !configuration.get(PersistenceDirectives.SAVE).isEmpty();
    }

    /** Changes since the last save. */
    public long unsavedChanges() {
        return record.unsaved(changes());
    }

    /** When the last save was, or the start of the node, seconds since 1970. */
    public long lastSavedSeconds() {
        return record.lastSavedSeconds();
    }

    /** The fields of INFO about saves, in Redis's order. */
    public Map<String, String> report() {
        long nowMs = System.currentTimeMillis();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("rdb_changes_since_last_save", Long.toString(unsavedChanges()));
        fields.put("rdb_bgsave_in_progress", isSaving() ? "1" : "0");
        fields.put("rdb_last_save_time", Long.toString(record.lastSavedSeconds()));
        fields.put("rdb_last_bgsave_status", record.lastSucceeded() ? "ok" : "err");
        fields.put("rdb_last_bgsave_time_sec", Long.toString(record.lastTookSeconds()));
        fields.put("rdb_current_bgsave_time_sec", Long.toString(record.tookSoFarSeconds(nowMs)));
        fields.put("rdb_saves", Long.toString(record.saves()));
        return fields;
    }

    /** Deletes what earlier processes have left of their saves. */
    void deleteLeftovers() {
        TemporaryFiles.deleteLeftOf(configuration.path(PersistenceDirectives.DBFILENAME), log);
    }

    /** A data set was loaded: nothing of it is unsaved. */
    void loaded() {
        record.succeeded(changes(), record.lastSavedMs());
    }

    SnapshotForm form() {
        return RdbContent.form(configuration);
    }

    long changes() {
        return sources.changes().getAsLong();
    }

    /** What a file tells of itself; under the world lock. */
    Map<String, String> aux() {
        return RdbContent.head(
                keyspace.memoryAccount().usedBytes(), sources.replication().get(), false);
    }

    RdbFile create(Path temporary) throws IOException {
        try {
            return RdbFile.create(
                    temporary,
                    configuration.get(PersistenceDirectives.RDBCHECKSUM),
                    configuration.get(PersistenceDirectives.RDB_SAVE_INCREMENTAL_FSYNC));
        } catch (IOException failure) {
            throw new SaveFailure(
                    "Failed opening the temp RDB file " + temporary.getFileName()
                            + " (in server root dir " + configuration.get(GeneralDirectives.DIR)
                            + ") for saving",
                    failure);
        }
    }

    /** Gives a save its name, unless it is obsolete. */
    void publish(FileSave save, RdbFile file, Path target) throws IOException {
        synchronized (publishing) {
            if (save.isRevoked()) {
                throw new CancellationException("obsolete");
            }
            publish(file, target);
        }
    }

    private static void publish(RdbFile file, Path target) throws IOException {
        try {
            file.publish(target);
        } catch (IOException failure) {
            throw new SaveFailure(
                    "Error moving temp DB file on the final destination " + target, failure);
        }
    }

    private void saved(long changes) {
        log.notice("DB saved on disk");
        record.succeeded(changes, System.currentTimeMillis());
    }

    void savedInBackground(long changes) {
        saved(changes);
        record.ended(System.currentTimeMillis());
        log.notice("Background saving terminated with success");
    }

    void failed(Throwable cause) {
        record.ended(System.currentTimeMillis());
        if (cause instanceof CancellationException) {
            log.warning("Background saving cancelled");
            return;
        }
        record.failed();
        tell(cause);
        log.warning("Background saving error");
    }

    private void tell(Throwable cause) {
        log.warning(
                cause instanceof SaveFailure
                        ? cause.getMessage()
                        : "Write error saving DB on disk: " + FileErrors.text(cause));
    }
}
