package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.rdb.RdbFileSummary;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.config.ShutdownFlag;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.aof.AppendOnlyFile;
import dev.slotmesh.server.session.Dispatcher;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** All that a node has of persistence, from its start to its end: the way in for the rest of the server. */
public final class Persistence {
    private static final long STOP_WAIT_SECONDS = 5;

    private final Configuration configuration;
    private final Keyspace keyspace;
    private final NodeLog log;
    private final Snapshots snapshots;
    private final RdbSaves saves;
    private final Loading loading = new Loading();
    private final RdbLoads loads;
    private final StartUpLoad startUp;
    private final Reload reload;
    /** Written once, before the load. */
    private AppendOnlyFile appendOnly;
    /** Held while the start's load or a reload goes on. */
    private final ReentrantLock starting = new ReentrantLock();

    public Persistence(Configuration configuration, Keyspace keyspace, NodeLog log) {
        this.configuration = configuration;
        this.keyspace = keyspace;
        this.log = log;
        this.snapshots = new Snapshots(
                keyspace,
                log,
                () -> configuration.getInt(PersistenceDirectives.RDB_KEY_SAVE_DELAY));
        this.saves = new RdbSaves(configuration, keyspace, log, snapshots);
        this.loads = new RdbLoads(configuration, keyspace, loading, log);
        this.startUp = new StartUpLoad(configuration, loads, loading, log);
        this.reload = new Reload(configuration, keyspace, saves, loads, log);
    }

    /**
     * Makes the append-only file, which is neither loaded nor written yet: to be called once, before anything else.
     *
     * @param background for what may take its time
     * @param fatal ends the node
     */
    public void prepareAppendOnly(Dispatcher dispatcher, Executor background, Runnable fatal) {
        appendOnly = new AppendOnlyFile(new AppendOnlyFile.Parts(
                configuration, keyspace, () -> dispatcher, snapshots, log, background, fatal));
    }

    /** The append-only file, whether or not the node keeps one at present. */
    public AppendOnlyFile appendOnly() {
        return appendOnly;
    }

    /** Takes snapshots, for whatever purpose. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /** Saves to the snapshot file. */
    public RdbSaves saves() {
        return saves;
    }

    /** Whether and how far a data set is being loaded. */
    public Loading loading() {
        return loading;
    }

    /** Loads files and streams, for whatever purpose. */
    public RdbLoads loads() {
        return loads;
    }

    /** Has clients answered LOADING from now until {@link #load} returns: to be called before any can connect. */
    public void announceLoad() {
        loading.begin(0, false);
    }

    /**
     * Loads what the node was stopped with, on the caller's thread; {@link #stop} makes it end early.
     *
     * @return what was in the snapshot file; empty when there was none
     * @throws LoadFailure when it cannot be loaded: the node must not start
     */
    public Optional<RdbFileSummary> load() throws LoadFailure {
        starting.lock();
        try {
            saves.deleteLeftovers();
            appendOnly.begin(loads, loading);
            Optional<RdbFileSummary> loaded =
                    appendOnly.isWanted() ? loadAppendOnly() : startUp.run();
            saves.loaded();
            if (!loading.isCancelled()) {
                appendOnly.loaded();
            }
            return loaded;
        } finally {
            starting.unlock();
        }
    }

    /**
     * Saves the data set and loads it again, on the caller's thread, which holds no lock or the world lock.
     *
     * @param emptied is told when what there was has been let go
     */
    public Reload.Outcome reload(Set<Reload.Option> options, Runnable emptied) {
        keyspace.locks().lockWorld();
        try {
            if (!starting.tryLock()) {
                log.warning("DEBUG RELOAD refused: the data set is being loaded");
                return Reload.Outcome.NOT_LOADED;
            }
            try {
                return reload.run(options, loading, emptied);
            } finally {
                starting.unlock();
            }
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    private Optional<RdbFileSummary> loadAppendOnly() throws LoadFailure {
        boolean whole = false;
        try {
            appendOnly.load();
            whole = true;
        } catch (CancellationException givenUp) {
            log.notice("Loading was given up");
        } finally {
            if (!whole) {
                loads.emptyKeyspace();
            }
            loading.end();
        }
        return Optional.empty();
    }

    /** Brings everything that is kept to disk, when no command comes any more. */
    public void close() {
        appendOnly.close();
    }

    /** To be called some times a second. */
    public void turn(long nowMs) {
        if (!loading.isActive()) {
            saves.turn(nowMs);
        }
    }

    /**
     * Saves what is to be saved before the node ends. The world lock is held, and must not be given back before clients are kept
     * from writing.
     *
     * @return false when the node must not end, because what it holds would be lost; the log has the reason
     */
    public boolean prepareToEnd(Set<ShutdownFlag> flags) {
        if (saves.isSaving()) {
            log.warning("There is a child saving an .rdb. Killing it!");
            saves.cancel();
        }
        boolean force = flags.contains(ShutdownFlag.FORCE);
        if (appendOnly.isBeingBegun()) {
            log.warning(
                    force
                            ? "Writing initial AOF. Exit anyway."
                            : "Writing initial AOF, can't exit.");
            if (!force) {
                return false;
            }
        }
        boolean byRule = !configuration.get(PersistenceDirectives.SAVE).isEmpty()
                && !flags.contains(ShutdownFlag.NOSAVE);
        if (loading.isActive() || !byRule && !flags.contains(ShutdownFlag.SAVE)) {
            return true;
        }
        log.notice("Saving the final RDB snapshot before exiting.");
        if (saves.saveNow()) {
            return true;
        }
        log.warning(
                force
                        ? "Error trying to save the DB. Exit anyway."
                        : "Error trying to save the DB, can't exit.");
        return force;
    }

    /** Ends what is under way. Returns false when it did not end in time, so that the keyspace must stay. */
    public boolean stop() {
        loading.cancel();
        boolean started = false;
        try {
            started = starting.tryLock(STOP_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (started) {
            starting.unlock();
        }
        return snapshots.stop() && started;
    }
}
