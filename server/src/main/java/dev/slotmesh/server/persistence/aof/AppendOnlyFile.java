package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.LoadFailure;
import dev.slotmesh.server.persistence.Loading;
import dev.slotmesh.server.persistence.RdbLoads;
import dev.slotmesh.server.persistence.Snapshots;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.system.DaemonThreads;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A node's append-only file: whether there is one, which files it is made of, when it is rewritten.
 *
 * <p><b>States.</b> OFF; ON; or WAITING: it was switched on while the node runs, and counts once the rewrite that this takes has
 * ended well. From the cut of that rewrite on commands go to a temporary increment. While another data set takes the place of the
 * node's the file is suspended: OFF, whatever the configuration says; what is on disk stays as it is until then.
 *
 * <p><b>What is guarded by what.</b> {@code changes} makes changes of the state, beginnings and ends of rewrites follow one
 * another; it is taken after the world lock, since CONFIG SET in a transaction comes with that held, and before the locks of
 * {@link AofWriter} and {@link ManifestKeeper}. Whether commands come changes with the world lock held besides; so does the
 * state, but for the end of WAITING, which is on the thread of the cuts: so a cut, which holds the world lock alone, may read
 * it.
 */
public final class AppendOnlyFile {
    /** What {@link #rewrite} came to. */
    public enum RewriteStart {
        STARTED,
        /** It begins when what goes on has ended. */
        SCHEDULED,
        RUNNING,
        /** The log says why. */
        FAILED
    }

    private enum State {
        OFF,
        ON,
        WAITING
    }

    /** What it works with. */
    public record Parts(
            Configuration configuration,
            Keyspace keyspace,
            Supplier<Dispatcher> dispatcher,
            Snapshots snapshots,
            NodeLog log,
            Executor background,
            Runnable fatal) {}

    private static final int PERIOD_MS = 100;
    private static final long RESUME_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Parts parts;
    private final Configuration configuration;
    private final NodeLog log;
    private final AofFiles files;
    private final AppendBuffer buffer = new AppendBuffer();
    private final AofWriter writer;
    private final AofRewrites rewrites;
    private final ReentrantLock changes = new ReentrantLock();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("slotmesh-aof"));
    /** Written once, before anybody else can ask, as the two that follow. */
    private AofLoad contents;

    private RdbLoads loads;
    private Loading loading;

    private volatile State state = State.OFF;
    /** The increment after the cut of the rewrite under way; guarded by changes. */
    private NextIncrement next;
    /** The rewrite under way, null when its result is not wanted any more; guarded by changes. */
    private AofRewrite present;
    /** Another data set is about to take the place of the present one; guarded by changes. */
    private boolean suspended;
    /** What the node had kept is loaded; before, there is nothing that a file could be begun with. */
    private volatile boolean loaded;
    /** The data set is there to stay, and the file may be on again. */
    private volatile boolean resuming;
    /** When to try that, again after a failure; of the periodic thread. */
    private long resumeFromNanos = System.nanoTime();

    public AppendOnlyFile(Parts parts) {
        this.parts = parts;
        this.configuration = parts.configuration();
        this.log = parts.log();
        this.files = new AofFiles(
                new AofDirectory(
                        name -> configuration.path(name),
                        configuration.get(PersistenceDirectives.APPENDDIRNAME),
                        configuration.get(PersistenceDirectives.APPENDFILENAME)),
                log);
        this.writer = new AofWriter(
                buffer,
                log,
                () -> configuration.get(PersistenceDirectives.APPENDFSYNC),
                () -> configuration.get(PersistenceDirectives.NO_APPENDFSYNC_ON_REWRITE)
                        && parts.snapshots().isRunning(),
                parts.fatal());
        this.rewrites = new AofRewrites(configuration, log);
    }

    /** Whether the node is to load and keep an append-only file from its start on. */
    public boolean isWanted() {
        return configuration.get(PersistenceDirectives.APPENDONLY);
    }

    AofFiles files() {
        return files;
    }

    /**
     * Learns which files there are, whether or not they are wanted, and begins the periodic work.
     *
     * @throws LoadFailure when the manifest cannot be understood: the node must not start
     */
    public void begin(RdbLoads rdbLoads, Loading progress) throws LoadFailure {
        loads = rdbLoads;
        loading = progress;
        contents = new AofLoad(
                files.directory(),
                files.manifests(),
                new PartLoader.Tools(parts.dispatcher().get(), loads, loading, log));
        contents.findManifest();
        files.deleteLeftovers();
        thread.scheduleWithFixedDelay(this::turn, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
        configuration.listen(PersistenceDirectives.AOF_TIMESTAMP_ENABLED, (was, now) -> {
            buffer.timestamps(now);
            return Optional.empty();
        });
        configuration.listen(PersistenceDirectives.APPENDONLY, (was, now) -> enable(now));
    }

    /**
     * Loads everything that was kept, into an empty keyspace and on the caller's thread; commands are kept from then on.
     *
     * @throws LoadFailure when it cannot be loaded: the node must not start
     */
    public void load() throws LoadFailure {
        long beginNanos = System.nanoTime();
        contents.adoptOldStyle();
        if (contents.run(parts.keyspace(), cutsOff())) {
            log.notice(String.format(
                    Locale.ROOT,
                    "DB loaded from append only file: %.3f seconds",
                    (System.nanoTime() - beginNanos) / NANOS_PER_SECOND));
        }
        lock();
        try {
            writer.begin(files.open(new BaseContent(configuration, parts.keyspace())));
            buffer.timestamps(configuration.get(PersistenceDirectives.AOF_TIMESTAMP_ENABLED));
            switchTo(State.ON);
        } catch (IOException failure) {
            throw new LoadFailure(
                    "Can't open or create append-only dir " + files.directory().name() + ": "
                            + failure.getMessage(),
                    failure);
        } finally {
            unlock();
        }
        deleteHistory();
    }

    /** Takes the world lock, and then that of changes. */
    private void lock() {
        parts.keyspace().locks().lockWorld();
        changes.lock();
    }

    private void unlock() {
        changes.unlock();
        parts.keyspace().locks().unlockWorld();
    }

    private boolean cutsOff() {
        return configuration.get(PersistenceDirectives.AOF_LOAD_TRUNCATED);
    }

    /**
     * Replaces the content of the keyspace by what was kept, as far as it can be loaded. Clients are answered LOADING meanwhile.
     * On a thread that may wait and holds no lock.
     */
    public void reload() throws LoadFailure {
        loading.begin(0, false);
        try {
            loads.emptyKeyspace();
            writer.commitNow();
            contents.run(parts.keyspace(), cutsOff());
        } finally {
            loading.end();
        }
    }

    /** Changes the state and, with it, whether commands come. The world lock and that of changes are held. */
    private void switchTo(State now) {
        state = now;
        listen(now == State.ON);
    }

    /** Has commands come or not; needs the world lock. */
    private void listen(boolean wanted) {
        Dispatcher dispatcher = parts.dispatcher().get();
        if (wanted != buffer.isActive()) {
            buffer.active(wanted);
            if (wanted) {
                dispatcher.commandLog().attach(buffer);
            } else {
                dispatcher.commandLog().detach(buffer);
            }
            dispatcher.replyGate(wanted ? writer::commit : null);
        }
    }

    /** CONFIG SET appendonly; the world lock is held. Returns why it cannot be done, in words for the client. */
    private Optional<String> enable(boolean wanted) {
        parts.keyspace().locks().requireWorldHeld();
        changes.lock();
        try {
            if (wanted && state == State.OFF && loaded && !suspended) {
                return start()
                        ? Optional.empty()
                        : Optional.of("Unable to turn on AOF. Check server logs.");
            }
            if (!wanted && state != State.OFF) {
                end(leave());
            }
            return Optional.empty();
        } finally {
            changes.unlock();
        }
    }

    /** The node has loaded what it had kept: a file that was switched on meanwhile may be begun. */
    public void loaded() {
        loaded = true;
        resume();
    }

    /**
     * Another data set is about to take the place of the node's, which no command tells of: what is on disk is left as it is, a
     * rewrite under way is given up. No lock is held.
     */
    public void suspend() {
        State was = State.OFF;
        lock();
        try {
            suspended = true;
            resuming = false;
            if (state != State.OFF) {
                was = leave();
            }
        } finally {
            parts.keyspace().locks().unlockWorld();
        }
        try {
            end(was);
        } finally {
            changes.unlock();
        }
    }

    /**
     * The node's data set is there to stay: if a file is wanted and there is none at present, one is begun soon. Any lock may be
     * held.
     */
    public void resume() {
        resuming = true;
    }

    /** On the periodic thread. */
    private void resumeNow() {
        lock();
        try {
            suspended = false;
            resuming = false;
            if (isWanted() && state == State.OFF && !start()) {
                resuming = true;
                resumeFromNanos = System.nanoTime() + RESUME_RETRY_NANOS;
            }
        } finally {
            unlock();
        }
    }

    /** Switches the file on; the world lock and that of changes are held. Returns false when it cannot be. */
    private boolean start() {
        buffer.timestamps(configuration.get(PersistenceDirectives.AOF_TIMESTAMP_ENABLED));
        switchTo(State.WAITING);
        if (rewrites.isRunning()) {
            log.warning(
                    "AOF was enabled but there is already an AOF rewriting in background. Stopping"
                            + " background AOF and starting a rewrite now.");
            parts.snapshots().cancel();
            present = null;
            rewrites.schedule();
        } else if (parts.snapshots().isRunning()) {
            log.warning("AOF was enabled but there is already another background operation. An AOF"
                    + " background was scheduled to start when possible.");
            rewrites.schedule();
        } else if (begin() == RewriteStart.FAILED) {
            switchTo(State.OFF);
            log.warning("Redis needs to enable the AOF but can't trigger a background AOF rewrite"
                    + " operation. Check the above logs for more info about the error.");
            return false;
        }
        return true;
    }

    /** Has no more commands come; the world lock and that of changes are held. Returns the state before. */
    private State leave() {
        State was = state;
        switchTo(State.OFF);
        if (rewrites.isRunning()) {
            log.notice("Killing running AOF rewrite child: "
                    + ProcessHandle.current().pid());
            parts.snapshots().cancel();
        }
        present = null;
        rewrites.unschedule();
        return was;
    }

    /** Brings to disk what came before {@link #leave}, and closes the file; the lock of changes is held. */
    private void end(State was) {
        if (was == State.WAITING) {
            writer.abandon();
        } else if (was == State.ON) {
            writer.end();
        }
    }

    /** BGREWRITEAOF. */
    public RewriteStart rewrite(boolean later) {
        changes.lock();
        try {
            if (rewrites.isRunning()) {
                return RewriteStart.RUNNING;
            }
            if (later || parts.snapshots().isRunning()) {
                rewrites.scheduleByOperator();
                return RewriteStart.SCHEDULED;
            }
            return begin();
        } finally {
            changes.unlock();
        }
    }

    /** Begins a rewrite; holds {@code changes}. */
    private RewriteStart begin() {
        try {
            files.directory().create();
        } catch (IOException failure) {
            log.warning("Can't open or create append-only dir "
                    + files.directory().name() + ": " + failure.getMessage());
            rewrites.notBegun();
            return RewriteStart.FAILED;
        }
        try {
            next = state == State.OFF ? null : openNext();
        } catch (IOException failure) {
            log.warning("Can't open the append-only file: " + failure.getMessage());
            rewrites.notBegun();
            return RewriteStart.FAILED;
        }
        writer.prepare(next);
        AofRewrite job = new AofRewrite(
                this, new BaseContent(configuration, parts.keyspace()), files.temporaryBase());
        if (!parts.snapshots().start(job)) {
            writer.withdraw();
            discardNext();
            rewrites.schedule();
            return RewriteStart.SCHEDULED;
        }
        present = job;
        rewrites.started();
        log.notice("Background append only file rewriting started by pid "
                + ProcessHandle.current().pid());
        return RewriteStart.STARTED;
    }

    private NextIncrement openNext() throws IOException {
        return state == State.WAITING
                ? new NextIncrement(this, files.temporaryIncrement(), true)
                : new NextIncrement(this, files.nextIncrement(), false);
    }

    private void discardNext() {
        if (next != null) {
            next.discard();
            next = null;
        }
    }

    /** The rewrite's moment, under the world lock: what was appended before belongs to the base. */
    void cut() {
        if (state == State.OFF) {
            return;
        }
        if (state == State.WAITING) {
            listen(true);
        }
        buffer.switchHere();
    }

    /** The base that was begun at the cut is on disk under a temporary name. */
    void written(AofRewrite job, Path temporary, boolean rdb) throws IOException {
        changes.lock();
        try {
            if (job != present) {
                throw new CancellationException("nobody wants it any more");
            }
            log.notice("Background AOF rewrite terminated with success");
            writer.commitNow();
            if (next != null && !next.isTaken()) {
                throw new IOException("the commands before the rewrite could not be written");
            }
            files.adopt(
                    temporary,
                    rdb,
                    state == State.WAITING ? Optional.of(next.file()) : Optional.empty(),
                    state == State.OFF ? 0 : 1);
            files.rewritten(writer.fileBytes());
            if (state == State.WAITING) {
                state = State.ON;
            }
            rewrites.ended(AofRewrites.Ending.WELL);
            present = null;
            next = null;
            log.notice("Background AOF rewrite finished successfully");
        } finally {
            changes.unlock();
        }
        deleteHistory();
    }

    private void deleteHistory() {
        if (!configuration.get(PersistenceDirectives.AOF_DISABLE_AUTO_GC)) {
            parts.background().execute(files::deleteHistory);
        }
    }

    /** The rewrite under way came to nothing. */
    void failed(Throwable cause) {
        lock();
        try {
            if (state == State.WAITING) {
                listen(false);
            }
        } finally {
            parts.keyspace().locks().unlockWorld();
        }
        try {
            boolean cancelled = cause instanceof CancellationException;
            log.warning(
                    cancelled
                            ? "Background AOF rewrite terminated by signal 10"
                            : "Background AOF rewrite terminated with error: "
                                    + cause.getMessage());
            rewrites.ended(cancelled ? AofRewrites.Ending.GIVEN_UP : AofRewrites.Ending.FAILED);
            present = null;
            writer.withdraw();
            if (state == State.WAITING) {
                writer.abandon();
                rewrites.schedule();
            }
            if (next != null && (!next.isTaken() || next.isTemporary())) {
                discardNext();
            }
            next = null;
        } finally {
            changes.unlock();
        }
    }

    /** The increment after the cut cannot be taken into use: the rewrite is given up. */
    void refused(IOException cause) {
        log.warning("Can't persist the AOF manifest for the next increment: " + cause.getMessage());
        parts.snapshots().cancel();
    }

    /** A new increment is written to from now on; called with the writer's lock. */
    void tookOver() {
        files.tookOver(writer.fileBytes());
    }

    /** The periodic work, ten times a second on one thread. */
    private void turn() {
        try {
            writer.turn();
            if (resuming && loaded && System.nanoTime() - resumeFromNanos >= 0) {
                resumeNow();
            }
            if (!parts.snapshots().isRunning() && isRewriteDue()) {
                beginDue();
            }
        } catch (RuntimeException | AssertionError mistake) {
            log.warning(
                    "The work on the append-only file failed by a mistake of the server; please report it",
                    mistake);
        }
    }

    private boolean isRewriteDue() {
        return rewrites.isDue(
                System.currentTimeMillis(),
                state == State.ON,
                currentBytes(),
                files.rewrittenBytes());
    }

    private void beginDue() {
        changes.lock();
        try {
            if (!parts.snapshots().isRunning()) {
                boolean scheduled = rewrites.unschedule();
                if (begin() == RewriteStart.FAILED && scheduled) {
                    rewrites.schedule();
                }
            }
        } finally {
            changes.unlock();
        }
    }

    /** Whether the base is being written without which what is kept is not the whole. */
    public boolean isBeingBegun() {
        return state == State.WAITING && rewrites.isRunning();
    }

    /** Why writes are to be refused at present, or null. */
    public String error() {
        return state == State.OFF ? null : writer.error();
    }

    /** Brings everything to disk and keeps nothing more. No command may come any more. */
    public void close() {
        thread.shutdown();
        lock();
        try {
            if (state == State.ON) {
                log.notice("Calling fsync() on the AOF file.");
            }
            if (state != State.OFF) {
                end(leave());
            }
            buffer.close();
        } finally {
            unlock();
        }
    }

    /** What INFO tells. */
    public AofFigures figures() {
        return new AofFigures(
                state != State.OFF,
                rewrites.figures(),
                new AofFigures.Writing(
                        writer.wroteWell(),
                        currentBytes(),
                        files.rewrittenBytes(),
                        writer.pendingBytes()),
                new AofFigures.Forcing(writer.isForcing() ? 1 : 0, writer.delayedCount()));
    }

    /** Bytes of all files. */
    private long currentBytes() {
        return files.earlierBytes() + writer.fileBytes();
    }

    /** Seconds of 1970. */
    static long secondsNow() {
        return TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
    }
}
