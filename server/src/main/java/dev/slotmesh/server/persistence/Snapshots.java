package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.rdb.KeyspaceSnapshot;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.system.DaemonThreads;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Takes snapshots, one at a time, on a thread of its own.
 *
 * <p>Everything below is guarded by {@code lock}, a leaf; no job is called while it is held. Fields of {@link Run} say who may
 * touch them.
 */
public final class Snapshots implements AutoCloseable {
    private static final long CLOSE_WAIT_SECONDS = 5;
    private static final long LONGEST_DELAY_MICROS = TimeUnit.HOURS.toMicros(1);

    private final Keyspace keyspace;
    private final NodeLog log;
    private final IntSupplier keyDelayMicros;
    private final ExecutorService thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition cancelled = lock.newCondition();
    /** Null when none is under way. Written under the lock, read by anyone. */
    private volatile Run present;

    /** The most that waited for the sink during the last snapshot; written by the thread. */
    private volatile long lastPeakBytes;

    private boolean closed;

    /** A job under way. */
    private static final class Run {
        final SnapshotJob job;
        /** Guarded by the lock. */
        boolean cancelled;
        /** Null before the cut; written by the thread. */
        volatile KeyspaceSnapshot snapshot;

        Run(SnapshotJob job) {
            this.job = job;
        }
    }

    /** @param keyDelayMicros how long to wait after each key: rdb-key-save-delay, 0 for not at all */
    public Snapshots(Keyspace keyspace, NodeLog log, IntSupplier keyDelayMicros) {
        this.keyspace = keyspace;
        this.log = log;
        this.keyDelayMicros = keyDelayMicros;
        this.thread = Executors.newSingleThreadExecutor(DaemonThreads.named("slotmesh-snapshot"));
    }

    /** Whether a job is under way, from {@link #start} to after its last call. */
    public boolean isRunning() {
        return present != null;
    }

    /** The job under way, or null. */
    public SnapshotJob running() {
        Run run = present;
        return run == null ? null : run.job;
    }

    /** Keys that the snapshot under way will have, 0 when there is none. */
    public long keyCount() {
        KeyspaceSnapshot snapshot = snapshot();
        return snapshot == null ? 0 : snapshot.keyCount();
    }

    /** Keys that the snapshot under way has so far. */
    public long keysWritten() {
        KeyspaceSnapshot snapshot = snapshot();
        return snapshot == null ? 0 : snapshot.keysWritten();
    }

    /** Bytes that writers have written down before their changes and that wait for the sink of the snapshot under way. */
    public long waitingBytes() {
        KeyspaceSnapshot snapshot = snapshot();
        return snapshot == null ? 0 : snapshot.waitingBytes();
    }

    /** The most of {@link #waitingBytes} in the snapshot under way. */
    public long peakBytes() {
        KeyspaceSnapshot snapshot = snapshot();
        return snapshot == null ? 0 : snapshot.peakBytes();
    }

    /** The most of {@link #waitingBytes} in the last snapshot that is over. */
    public long lastPeakBytes() {
        return lastPeakBytes;
    }

    private KeyspaceSnapshot snapshot() {
        Run run = present;
        return run == null ? null : run.snapshot;
    }

    /** Starts a job, whose cut follows soon. Any thread, also one that holds locks. Returns false when one is under way. */
    public boolean start(SnapshotJob job) {
        lock.lock();
        try {
            if (present != null || closed) {
                return false;
            }
            Run run = new Run(job);
            present = run;
            thread.execute(() -> run(run));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Asks the job under way, if any, to end early. Any thread, also one that holds locks. */
    public void cancel() {
        Run run;
        lock.lock();
        try {
            run = present;
            if (run == null) {
                return;
            }
            run.cancelled = true;
            cancelled.signalAll();
        } finally {
            lock.unlock();
        }
        run.job.cancel();
    }

    private void run(Run run) {
        try {
            write(run);
            run.job.finished();
        } catch (IOException | RuntimeException | AssertionError | OutOfMemoryError cause) {
            giveUp(run, cause);
        } finally {
            end();
        }
    }

    private void giveUp(Run run, Throwable cause) {
        try {
            run.job.failed(cause);
        } catch (RuntimeException | AssertionError mistake) {
            mistake.addSuppressed(cause);
            log.warning(
                    "The end of a snapshot failed by a mistake of the server; please report it",
                    mistake);
        }
    }

    private void write(Run run) throws IOException {
        int delayMicros = keyDelayMicros.getAsInt();
        try (KeyspaceSnapshot snapshot = cut(run)) {
            run.snapshot = snapshot;
            RdbSink sink = run.job.open();
            boolean more = true;
            while (more) {
                long before = snapshot.keysWritten();
                more = snapshot.writeSome(sink);
                // Nobody waits for a core a whole time slice because of this thread.
                Thread.yield();
                dawdle(run, delayMicros * (snapshot.keysWritten() - before));
            }
            lastPeakBytes = snapshot.peakBytes();
        }
    }

    private KeyspaceSnapshot cut(Run run) {
        keyspace.locks().lockWorld();
        try {
            run.job.cut();
            return KeyspaceSnapshot.begin(
                    keyspace,
                    run.job.slots(),
                    run.job.form(),
                    System.currentTimeMillis(),
                    KeyspaceSnapshot.Pace.NORMAL);
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    /** Waits for that long, or until somebody cancels the job. */
    private void dawdle(Run run, long micros) {
        lock.lock();
        try {
            long left = TimeUnit.MICROSECONDS.toNanos(Math.min(micros, LONGEST_DELAY_MICROS));
            while (left > 0 && !run.cancelled) {
                left = cancelled.awaitNanos(left);
            }
            if (run.cancelled) {
                throw new CancellationException("cancelled");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the node ends");
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            present = null;
        } finally {
            lock.unlock();
        }
    }

    /** Cancels what is under way and waits for its end, a few seconds at most. Returns whether it has ended. */
    public boolean stop() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        cancel();
        thread.shutdown();
        try {
            return thread.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        stop();
    }
}
