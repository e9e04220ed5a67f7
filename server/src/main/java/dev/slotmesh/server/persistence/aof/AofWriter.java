package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.config.AppendFsync;
import dev.slotmesh.server.log.NodeLog;

import io.netty.buffer.ByteBuf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Brings what is pending in an {@link AppendBuffer} into the file, and the file to disk.
 *
 * <p><b>Group commit.</b> Whoever is about to send replies calls {@link #commit}. The first that comes writes what all have
 * appended, the others wait for {@code lock} and mostly find their part written. Positions are counts of bytes ever appended:
 * {@code settledBytes} never passes {@link AppendBuffer#appendedBytes}, and everything below it is as safe as the policy
 * promises.
 *
 * <p><b>What is guarded by what.</b> {@code lock} guards the queue, the file and its exchange, and is held while writing, and
 * while forcing with {@code always}. {@code forcing} is held while a file is forced by {@link #turn}, and by who closes files;
 * it is taken before {@code lock}. No slot lock is held by any caller, or it holds all.
 *
 * <p><b>Every second.</b> While a forcing is under way, writes are put off up to two seconds, as Redis does, since a kernel may
 * let them wait; after that they are made nevertheless and counted as delayed.
 */
final class AofWriter {
    private static final int MOST_PARTS = 64;
    private static final long SYNC_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ERROR_LOG_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final AppendBuffer buffer;
    private final NodeLog log;
    private final Supplier<AppendFsync> policy;
    private final BooleanSupplier notNow;
    private final Runnable fatal;

    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock forcing = new ReentrantLock();
    private final Deque<ByteBuf> queue = new ArrayDeque<>();
    private final ByteBuffer[] parts = new ByteBuffer[MOST_PARTS];
    private final Deque<AppendFile> retired = new ArrayDeque<>();
    /** Null when there is none to write to. */
    private volatile AppendFile file;
    /** What is written to after the next mark; null when there is none. */
    private Successor successor;

    private long putOffSinceNanos;
    private boolean puttingOff;
    private long lastRetryNanos;
    private long lastErrorLogNanos;
    private boolean errorLogged;

    private volatile long settledBytes;
    private volatile boolean unforced;
    private volatile long lastForcedNanos = System.nanoTime();
    private volatile boolean forcingNow;
    private volatile long delayedCount;
    private volatile String writeError;
    private volatile String forceError;
    private volatile boolean broken;

    /** What a file that begins at a mark needs before it is written to. */
    interface Successor {
        /** Makes the file the one that is in use; called with the writer's lock. What it throws leaves the former in use. */
        AppendFile take() throws IOException;

        /** Has not become the file in use. */
        void refused(IOException cause);
    }

    /**
     * @param notNow whether files are not to be forced at present
     * @param fatal ends the node; called with the writer's lock
     */
    AofWriter(
            AppendBuffer buffer,
            NodeLog log,
            Supplier<AppendFsync> policy,
            BooleanSupplier notNow,
            Runnable fatal) {
        this.buffer = buffer;
        this.log = log;
        this.policy = policy;
        this.notNow = notNow;
        this.fatal = fatal;
    }

    /**
     * What was appended so far becomes as safe as the policy promises before a reply is sent. Never blocks for a forcing but
     * with {@code always}.
     *
     * @return false when that cannot be and the node ends: nothing may be replied
     */
    boolean commit() {
        long target = buffer.appendedBytes();
        return settledBytes >= target || commit(target, false);
    }

    /** As {@link #commit}, also while a file is being forced. */
    boolean commitNow() {
        return commit(buffer.appendedBytes(), true);
    }

    private boolean commit(long target, boolean now) {
        lock.lock();
        try {
            if (settledBytes < target || now) {
                write(now);
            }
            return !broken;
        } finally {
            lock.unlock();
        }
    }

    private void write(boolean now) {
        if (broken || !now && (mayPutOff() || failedJustNow())) {
            return;
        }
        puttingOff = false;
        long upTo = buffer.take(queue);
        try {
            while (!queue.isEmpty()) {
                if (queue.peekFirst() == AppendBuffer.SWITCH) {
                    queue.pollFirst();
                    exchange();
                } else if (file == null) {
                    buffer.giveBack(queue.pollFirst());
                } else {
                    writeRun();
                }
            }
        } catch (PartialWriteException failure) {
            failed(failure);
            return;
        }
        if (writeError != null) {
            log.warning("AOF write error looks solved. Redis can write again.");
            writeError = null;
        }
        settle(upTo);
    }

    private boolean failedJustNow() {
        return writeError != null && System.nanoTime() - lastRetryNanos < RETRY_NANOS;
    }

    /** Whether a write had better wait for the forcing under way. */
    private boolean mayPutOff() {
        if (!forcingNow || policy.get() != AppendFsync.EVERYSEC) {
            return false;
        }
        long now = System.nanoTime();
        if (!puttingOff) {
            puttingOff = true;
            putOffSinceNanos = now;
            return true;
        }
        if (now - putOffSinceNanos < LONGEST_DELAY_NANOS) {
            return true;
        }
        delayedCount++;
        log.notice(
                "Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer"
                        + " without waiting for fsync to complete, this may slow down Redis.");
        return false;
    }

    /** Writes chunks up to the next mark. */
    private void writeRun() throws PartialWriteException {
        int count = 0;
        for (ByteBuf chunk : queue) {
            if (chunk == AppendBuffer.SWITCH || count == MOST_PARTS) {
                break;
            }
            parts[count++] = chunk.internalNioBuffer(chunk.readerIndex(), chunk.readableBytes());
        }
        try {
            file.append(parts, count);
            unforced = true;
        } catch (PartialWriteException failure) {
            skip(failure.keptBytes());
            throw failure;
        }
        for (int i = 0; i < count; i++) {
            buffer.giveBack(queue.pollFirst());
        }
    }

    private void skip(long bytes) {
        for (long left = bytes; left > 0; ) {
            ByteBuf chunk = queue.peekFirst();
            int step = (int) Math.min(left, chunk.readableBytes());
            chunk.skipBytes(step);
            left -= step;
            if (!chunk.isReadable()) {
                buffer.giveBack(queue.pollFirst());
            }
        }
    }

    private void exchange() {
        Successor next = successor;
        successor = null;
        if (next == null) {
            return;
        }
        try {
            AppendFile taken = next.take();
            if (file != null) {
                retired.add(file);
            }
            file = taken;
        } catch (IOException cause) {
            next.refused(cause);
        }
    }

    private void failed(PartialWriteException failure) {
        boolean always = policy.get() == AppendFsync.ALWAYS;
        long now = System.nanoTime();
        if (always || !errorLogged || now - lastErrorLogNanos >= ERROR_LOG_NANOS) {
            errorLogged = true;
            lastErrorLogNanos = now;
            log.warning(failure.text());
            if (failure.notTakenBack() != null) {
                log.warning(
                        "Could not remove short write from the append-only file.  Redis may refuse to"
                                + " load the AOF the next time it starts.  ftruncate: "
                                + failure.notTakenBack().getMessage());
            }
        }
        writeError = failure.getMessage();
        lastRetryNanos = now;
        if (always) {
            log.warning("Can't recover from AOF write error when the AOF fsync policy is 'always'."
                    + " Exiting...");
            broken = true;
            fatal.run();
        }
    }

    private void settle(long upTo) {
        if (policy.get() == AppendFsync.ALWAYS && file != null && !notNow.getAsBoolean()) {
            try {
                // Their last commands may be of this very write.
                for (AppendFile old : retired) {
                    old.force();
                }
                file.force();
                unforced = false;
                forceError = null;
                lastForcedNanos = System.nanoTime();
            } catch (IOException cause) {
                log.warning(
                        "Can't persist AOF for fsync error when the AOF fsync policy is 'always': "
                                + cause.getMessage() + ". Exiting...");
                broken = true;
                fatal.run();
                return;
            }
        }
        settledBytes = upTo;
    }

    /** The periodic work, some times a second on one thread: forces once a second, tries again what failed or was put off. */
    void turn() {
        long now = System.nanoTime();
        commit();
        boolean due = unforced && now - lastForcedNanos >= SYNC_PERIOD_NANOS;
        // With another policy nobody else would find out that it can be forced again.
        boolean wanted = policy.get() == AppendFsync.EVERYSEC || forceError != null;
        if (due && wanted && !notNow.getAsBoolean()) {
            force();
            commit();
        }
        closeRetired();
    }

    private void force() {
        forcing.lock();
        try {
            AppendFile current;
            lock.lock();
            try {
                current = file;
                unforced = false;
                forcingNow = current != null;
            } finally {
                lock.unlock();
            }
            if (current != null) {
                lastForcedNanos = System.nanoTime();
                current.force();
                forceError = null;
            }
        } catch (IOException cause) {
            unforced = true;
            forceError = cause.getMessage();
            log.warning("Fail to fsync the AOF file: " + cause.getMessage());
        } finally {
            forcingNow = false;
            forcing.unlock();
        }
    }

    private void closeRetired() {
        while (true) {
            AppendFile old;
            lock.lock();
            try {
                old = retired.pollFirst();
            } finally {
                lock.unlock();
            }
            if (old == null) {
                return;
            }
            try (old) {
                old.force();
            } catch (IOException cause) {
                log.warning("Fail to fsync the AOF file: " + cause.getMessage());
            }
        }
    }

    /** Begins with a file; nothing was appended yet. */
    void begin(AppendFile first) {
        lock.lock();
        try {
            file = first;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Prepares the file that is written to from the next mark on, or none; the one before was taken into use or withdrawn, and
     * its mark is behind us.
     */
    void prepare(Successor nextOrNull) {
        lock.lock();
        try {
            successor = nextOrNull;
        } finally {
            lock.unlock();
        }
    }

    /** The file that was prepared is not to be used, neither if its mark has been set already and nobody has come to it. */
    void withdraw() {
        lock.lock();
        try {
            successor = null;
            buffer.take(queue);
            queue.removeIf(chunk -> chunk == AppendBuffer.SWITCH);
        } finally {
            lock.unlock();
        }
    }

    /** Writes everything, forces it to disk and closes the file. Nothing may be appended meanwhile. */
    void end() {
        forcing.lock();
        lock.lock();
        try {
            write(true);
            if (file != null) {
                try (AppendFile last = file) {
                    file = null;
                    last.force();
                } catch (IOException cause) {
                    log.warning("Fail to fsync the AOF file: " + cause.getMessage());
                }
            }
            discard();
        } finally {
            lock.unlock();
            forcing.unlock();
        }
        closeRetired();
    }

    /** Closes the file, if there is one, and forgets what is pending: it belongs to an attempt that failed. */
    void abandon() {
        forcing.lock();
        lock.lock();
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException cause) {
            log.warning("Closing an append-only file failed: " + cause.getMessage());
        } finally {
            file = null;
            discard();
            lock.unlock();
            forcing.unlock();
        }
    }

    private void discard() {
        successor = null;
        while (!queue.isEmpty()) {
            buffer.giveBack(queue.pollFirst());
        }
        buffer.clear();
        settledBytes = buffer.appendedBytes();
        writeError = null;
        forceError = null;
        unforced = false;
    }

    /** Why writes are to be refused at present, or null. */
    String error() {
        String error = writeError;
        return error == null ? forceError : error;
    }

    /** Whether the last write succeeded. */
    boolean wroteWell() {
        return writeError == null;
    }

    /** Bytes appended and not written. */
    long pendingBytes() {
        return Math.max(0, buffer.appendedBytes() - settledBytes);
    }

    boolean isForcing() {
        return forcingNow;
    }

    long delayedCount() {
        return delayedCount;
    }

    /** Bytes of the file in use, 0 when there is none. */
    long fileBytes() {
        AppendFile now = file;
        return now == null ? 0 : now.bytes();
    }
}
