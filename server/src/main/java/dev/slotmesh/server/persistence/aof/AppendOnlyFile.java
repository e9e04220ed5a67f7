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

import java.io.IOException;
import java.nio.file.Files;
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
 * ended well. From the cut of that rewrite on commands go to a temporary increment.
 *
 * <p><b>What is guarded by what.</b> {@code changes} makes changes of the state, beginnings and ends of rewrites follow one
 * another; it is taken before the world lock and before the locks of {@link AofWriter} and {@link ManifestKeeper}. The state
 * changes with the world lock held besides, so a cut, which holds that alone, may read it.
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

    private static final String TEMPORARY = "temp-";
    private static final int PERIOD_MS = 100;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Parts parts;
    private final Configuration configuration;
    private final NodeLog log;
    private final AofDirectory directory;
    private final ManifestKeeper manifests;
    private final AppendBuffer buffer = new AppendBuffer();
    private final AofWriter writer;
    private final AofRewrites rewrites;
    private final ReentrantLock changes = new ReentrantLock();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = new Thread(task, "slotmesh-aof");
                made.setDaemon(true);
                return made;
            });
    /** Written once, before anybody else can ask, as the two that follow. */
    private AofLoad files;

    private RdbLoads loads;
    private Loading loading;

    private volatile State state = State.OFF;
    /** The increment after the cut of the rewrite under way; guarded by changes. */
    private NextIncrement next;
    /** The rewrite under way, null when its result is not wanted any more; guarded by changes. */
    private AofRewrite present;
    /** Bytes of all files before the one that is written to. */
    private volatile long earlierBytes;
    /** Bytes of all files when the last rewrite had ended, or at start. */
    private volatile long rewrittenBytes;

    public AppendOnlyFile(Parts parts) {
        this.parts = parts;
        this.configuration = parts.configuration();
        this.log = parts.log();
        this.directory = new AofDirectory(
                name -> configuration.path(name),
                configuration.get(PersistenceDirectives.APPENDDIRNAME),
                configuration.get(PersistenceDirectives.APPENDFILENAME));
        this.manifests = new ManifestKeeper(directory);
        this.writer = new AofWriter(
                buffer,
                log,
                () -> configuration.get(PersistenceDirectives.APPENDFSYNC),
                () -> configuration.get(PersistenceDirectives.NO_APPENDFSYNC_ON_REWRITE)
                        && parts.snapshots().isRunning(),
                parts.fatal());
        this.rewrites = new AofRewrites(this, configuration, log);
    }

    /** Whether the node is to load and keep an append-only file from its start on. */
    public boolean isWanted() {
        return configuration.get(PersistenceDirectives.APPENDONLY);
    }

    AofDirectory directory() {
        return directory;
    }

    ManifestKeeper manifests() {
        return manifests;
    }

    /**
     * Learns which files there are, whether or not they are wanted, and begins the periodic work.
     *
     * @throws LoadFailure when the manifest cannot be understood: the node must not start
     */
    public void begin(RdbLoads rdbLoads, Loading progress) throws LoadFailure {
        loads = rdbLoads;
        loading = progress;
        files = new AofLoad(
                directory,
                manifests,
                new PartLoader.Tools(parts.dispatcher().get(), loads, loading, log));
        files.findManifest();
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
        files.adoptOldStyle();
        if (files.run(parts.keyspace(), cutsOff())) {
            log.notice(String.format(
                    Locale.ROOT,
                    "DB loaded from append only file: %.3f seconds",
                    (System.nanoTime() - beginNanos) / NANOS_PER_SECOND));
        }
        changes.lock();
        try {
            openFiles();
        } catch (IOException failure) {
            throw new LoadFailure(
                    "Can't open or create append-only dir " + directory.name() + ": "
                            + failure.getMessage(),
                    failure);
        } finally {
            changes.unlock();
        }
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
            writer.commitNow();
            loads.emptyKeyspace();
            files.run(parts.keyspace(), cutsOff());
        } finally {
            loading.end();
        }
    }

    private void openFiles() throws IOException {
        directory.create();
        AofManifest wanted = manifests.get();
        if (wanted.isEmpty()) {
            BaseContent content = new BaseContent(configuration, parts.keyspace());
            AofFile base = wanted.nextBase(directory.fileName(), content.isRdb());
            log.notice("Creating AOF base file " + base.name() + " on server start");
            Path temporary = directory.path().resolve(TEMPORARY + base.name());
            content.write(temporary);
            AofDirectory.move(temporary, directory.path(base));
            wanted = wanted.withBase(base);
        }
        AppendFile file;
        if (wanted.lastIncrement().isEmpty()) {
            AofFile first = wanted.nextIncrement(directory.fileName());
            log.notice("Creating AOF incr file " + first.name() + " on server start");
            file = AppendFile.create(directory.path(first));
            wanted = wanted.withIncrement(first);
        } else {
            AofFile last = wanted.lastIncrement().get();
            log.notice("Opening AOF incr file " + last.name() + " on server start");
            file = AppendFile.open(directory.path(last));
        }
        AofManifest saved = wanted;
        manifests.update(any -> saved);
        writer.begin(file);
        earlierBytes = bytesBefore(saved);
        rewrittenBytes = earlierBytes + file.bytes();
        buffer.timestamps(configuration.get(PersistenceDirectives.AOF_TIMESTAMP_ENABLED));
        switchTo(State.ON);
        rewrites.deleteHistory();
    }

    private long bytesBefore(AofManifest manifest) throws IOException {
        long bytes = 0;
        for (AofFile part : manifest.parts()) {
            if (!manifest.lastIncrement().equals(Optional.of(part))) {
                bytes += directory.size(part);
            }
        }
        return bytes;
    }

    /** Changes the state and, with it, whether commands come. Takes the world lock. */
    private void switchTo(State now) {
        parts.keyspace().locks().lockWorld();
        try {
            state = now;
            listen(now == State.ON);
        } finally {
            parts.keyspace().locks().unlockWorld();
        }
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

    /** CONFIG SET appendonly. Returns why it cannot be done, in words for the client. */
    private Optional<String> enable(boolean wanted) {
        changes.lock();
        try {
            if (wanted && state == State.OFF) {
                return start()
                        ? Optional.empty()
                        : Optional.of("Unable to turn on AOF. Check server logs.");
            }
            if (!wanted && state != State.OFF) {
                stop();
            }
            return Optional.empty();
        } finally {
            changes.unlock();
        }
    }

    private boolean start() {
        buffer.timestamps(configuration.get(PersistenceDirectives.AOF_TIMESTAMP_ENABLED));
        switchTo(State.WAITING);
        if (rewrites.isRunning()) {
            log.warning(
                    "AOF was enabled but there is already an AOF rewriting in background. Stopping"
                            + " background AOF and starting a rewrite now.");
            parts.snapshots().cancel();
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

    private void stop() {
        boolean waiting = state == State.WAITING;
        switchTo(State.OFF);
        if (rewrites.isRunning()) {
            log.notice("Killing running AOF rewrite child: "
                    + ProcessHandle.current().pid());
            parts.snapshots().cancel();
        }
        present = null;
        rewrites.unschedule();
        if (waiting) {
            writer.abandon();
        } else {
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
            directory.create();
        } catch (IOException failure) {
            log.warning("Can't open or create append-only dir " + directory.name() + ": "
                    + failure.getMessage());
            return RewriteStart.FAILED;
        }
        try {
            next = state == State.OFF ? null : openNext();
        } catch (IOException failure) {
            log.warning("Can't open the append-only file: " + failure.getMessage());
            return RewriteStart.FAILED;
        }
        writer.prepare(next);
        String name = TEMPORARY + "rewriteaof-bg-" + ProcessHandle.current().pid() + ".aof";
        AofRewrite job = new AofRewrite(
                this, new BaseContent(configuration, parts.keyspace()), directory.besides(name));
        if (!parts.snapshots().start(job)) {
            writer.prepare(null);
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
        if (state == State.WAITING) {
            String name = TEMPORARY + directory.fileName() + ".incr";
            AofFile temporary = new AofFile(name, 1, AofFile.Kind.INCREMENT);
            log.notice("Creating AOF incr file " + name + " on background rewrite");
            return new NextIncrement(this, temporary, true);
        }
        AofFile file = manifests.get().nextIncrement(directory.fileName());
        log.notice("Creating AOF incr file " + file.name() + " on background rewrite");
        return new NextIncrement(this, file, false);
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
            adopt(temporary, rdb);
            rewrites.ended(AofRewrites.Ending.WELL);
            present = null;
            next = null;
            log.notice("Background AOF rewrite finished successfully");
        } finally {
            changes.unlock();
        }
        rewrites.deleteHistory();
    }

    private void adopt(Path temporary, boolean rdb) throws IOException {
        AofFile base = manifests.get().nextBase(directory.fileName(), rdb);
        AofDirectory.move(temporary, directory.path(base));
        log.notice("Successfully renamed the temporary AOF base file " + temporary.getFileName()
                + " into " + base.name());
        AofFile increment = null;
        if (state == State.WAITING) {
            increment = manifests.get().nextIncrement(directory.fileName());
            AofDirectory.move(directory.path(next.file()), directory.path(increment));
            log.notice("Successfully renamed the temporary AOF incr file "
                    + next.file().name() + " into " + increment.name());
        }
        AofFile added = increment;
        boolean kept = state != State.OFF;
        manifests.update(manifest -> {
            AofManifest changed = manifest.withBase(base);
            changed = added == null ? changed : changed.withIncrement(added);
            return changed.keepingLast(kept ? 1 : 0);
        });
        earlierBytes = directory.size(base);
        rewrittenBytes = earlierBytes + writer.fileBytes();
        if (state == State.WAITING) {
            switchTo(State.ON);
        }
    }

    /** The rewrite under way came to nothing. */
    void failed(Throwable cause) {
        changes.lock();
        try {
            boolean cancelled = cause instanceof CancellationException;
            log.warning(
                    cancelled
                            ? "Background AOF rewrite terminated by signal 10"
                            : "Background AOF rewrite terminated with error: "
                                    + cause.getMessage());
            rewrites.ended(cancelled ? AofRewrites.Ending.GIVEN_UP : AofRewrites.Ending.FAILED);
            present = null;
            writer.prepare(null);
            if (state == State.WAITING) {
                parts.keyspace().locks().lockWorld();
                try {
                    listen(false);
                } finally {
                    parts.keyspace().locks().unlockWorld();
                }
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
        earlierBytes += writer.fileBytes();
    }

    /** The periodic work, ten times a second on one thread. */
    private void turn() {
        try {
            writer.turn();
            if (!parts.snapshots().isRunning()
                    && rewrites.isDue(System.currentTimeMillis(), state == State.ON)) {
                beginDue();
            }
        } catch (RuntimeException | AssertionError mistake) {
            log.warning(
                    "The work on the append-only file failed by a mistake of the server; please report it",
                    mistake);
        }
    }

    private void beginDue() {
        changes.lock();
        try {
            if (!parts.snapshots().isRunning()) {
                rewrites.unschedule();
                begin();
            }
        } finally {
            changes.unlock();
        }
    }

    /** Runs what may take its time and matters to nobody. */
    void inBackground(Runnable task) {
        parts.background().execute(task);
    }

    /** Why writes are to be refused at present, or null. */
    public String error() {
        return state == State.OFF ? null : writer.error();
    }

    /** Brings everything to disk and keeps nothing more. No command may come any more. */
    public void close() {
        thread.shutdown();
        changes.lock();
        try {
            if (state == State.ON) {
                log.notice("Calling fsync() on the AOF file.");
            }
            if (state != State.OFF) {
                stop();
            }
            buffer.close();
        } finally {
            changes.unlock();
        }
    }

    /** What INFO tells. */
    public AofFigures figures() {
        return new AofFigures(
                state != State.OFF,
                rewrites.figures(),
                new AofFigures.Writing(
                        writer.wroteWell(), currentBytes(), rewrittenBytes, writer.pendingBytes()),
                new AofFigures.Forcing(writer.isForcing() ? 1 : 0, writer.delayedCount()));
    }

    /** Bytes of all files. */
    long currentBytes() {
        return earlierBytes + writer.fileBytes();
    }

    long rewrittenBytes() {
        return rewrittenBytes;
    }

    /** Deletes a file, which need not be there. */
    void delete(AofFile file) {
        try {
            Files.deleteIfExists(directory.path(file));
        } catch (IOException failure) {
            log.warning("Deleting " + file.name() + " failed: " + failure.getMessage());
        }
    }

    /** Seconds of 1970. */
    static long secondsNow() {
        return TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
    }
}
