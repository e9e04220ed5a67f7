package dev.slotmesh.server.persistence;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Whether a data set is being loaded and how far that is: while it is, clients are answered LOADING, and INFO tells of it. One
 * thread loads, any thread reads; what they read may be a moment old.
 */
public final class Loading {
    private static final double PERCENT = 100;

    private volatile boolean active;
    private volatile boolean async;
    private volatile boolean cancelled;
    private volatile long startedMs;
    private volatile long totalBytes;
    private volatile long usedMemoryBytes;
    private volatile long loadedBytes;
    private volatile long lastKeysLoaded;
    private volatile long lastKeysExpired;

    /**
     * A load begins.
     *
     * @param total bytes it will take, 0 when that is not known
     * @param beside whether the former data set is served meanwhile
     */
    public void begin(long total, boolean beside) {
        totalBytes = total;
        loadedBytes = 0;
        usedMemoryBytes = 0;
        startedMs = System.currentTimeMillis();
        async = beside;
        active = true;
    }

    /**
     * It has come so far.
     *
     * @throws CancellationException when {@link #cancel} asked for the end
     */
    public void progress(long bytes) {
        loadedBytes = bytes;
        if (cancelled) {
            throw new CancellationException("loading was given up");
        }
    }

    /** The file tells how many bytes of memory its data set took where it was written. */
    public void usedMemory(long bytes) {
        usedMemoryBytes = bytes;
    }

    /** A file was read to its end. */
    public void loaded(long keys, long expired) {
        lastKeysLoaded = keys;
        lastKeysExpired = expired;
    }

    /** It is over, well or not. */
    public void end() {
        active = false;
        async = false;
    }

    /** Has what is being loaded, and whatever would be, end at the next key: the node goes down. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether {@link #cancel} was called. */
    boolean isCancelled() {
        return cancelled;
    }

    /** Whether a data set is being loaded and none is served. */
    public boolean isBlocking() {
        return active && !async;
    }

    /** Whether a data set is being loaded, in place of or beside the one that is served. */
    public boolean isActive() {
        return active;
    }

    /** Whether a data set is being loaded while the former one is served. */
    public boolean isAsync() {
        return async;
    }

    /** Milliseconds since 1970. */
    public long startedMs() {
        return startedMs;
    }

    /** Bytes the load will take, 0 when that is not known. */
    public long totalBytes() {
        return totalBytes;
    }

    /** Memory that the data set took where it was written, 0 when the file does not say. */
    public long usedMemoryBytes() {
        return usedMemoryBytes;
    }

    public long loadedBytes() {
        return loadedBytes;
    }

    /** 0 to 100. */
    public double percentage() {
        long total = totalBytes;
        return total == 0 ? 0 : Math.min(PERCENT, loadedBytes * PERCENT / total);
    }

    /** Seconds it will still take at the pace so far; 1 when nobody can say. */
    public long secondsLeft() {
        long elapsed = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis() - startedMs);
        long loaded = loadedBytes;
        return elapsed == 0 || loaded == 0
                ? 1
                : (long) ((double) elapsed * Math.max(0, totalBytes - loaded) / loaded);
    }

    /** Keys that the last file loaded has brought. */
    public long lastKeysLoaded() {
        return lastKeysLoaded;
    }

    /** Keys of the last file loaded that were left out because their time had passed. */
    public long lastKeysExpired() {
        return lastKeysExpired;
    }
}
