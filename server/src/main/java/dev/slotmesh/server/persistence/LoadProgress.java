package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbLoadListener;
import dev.slotmesh.server.log.NodeLog;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** Tells the log and {@link Loading} of one load, in Redis's words, and keeps it to {@code key-load-delay}. */
final class LoadProgress implements RdbLoadListener {
    private static final long REPORT_KEYS = 1024;
    private static final long REPORT_BYTES = 1 << 20;
    private static final double MEBIBYTE = 1 << 20;

    private final Loading loading;
    private final NodeLog log;
    private final IntSupplier delayMicros;
    private final RdbLoadListener further;
    private long reportedBytes;
    private long reportedKeys;
    private long owedNanos;

    /** @param delayMicros key-load-delay: microseconds per key; below 0, one of them per so many keys */
    LoadProgress(Loading loading, NodeLog log, IntSupplier delayMicros, RdbLoadListener further) {
        this.loading = loading;
        this.log = log;
        this.delayMicros = delayMicros;
        this.further = further;
    }

    @Override
    public void progress(long bytes, long keys) {
        int delay = delayMicros.getAsInt();
        if (delay != 0
                || keys - reportedKeys >= REPORT_KEYS
                || bytes - reportedBytes >= REPORT_BYTES) {
            pause(delay, keys - reportedKeys);
            reportedBytes = bytes;
            reportedKeys = keys;
            loading.progress(bytes);
            further.progress(bytes, keys);
        }
    }

    /** Parks once a millisecond is owed: the system keeps no shorter time. */
    private void pause(int delay, long keys) {
        long nanos = TimeUnit.MICROSECONDS.toNanos(keys);
        owedNanos += delay == 0 ? 0 : delay > 0 ? nanos * delay : nanos / -(long) delay;
        if (owedNanos >= TimeUnit.MILLISECONDS.toNanos(1)) {
            long until = System.nanoTime() + owedNanos;
            owedNanos = 0;
            for (long left = 1; left > 0; left = until - System.nanoTime()) {
                loading.progress(reportedBytes);
                LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
            }
        }
    }

    @Override
    public void aux(String name, String value) {
        switch (name) {
            case "redis-ver" -> log.notice("Loading RDB produced by version " + value);
            case "valkey-ver" -> log.notice("Loading RDB produced by Valkey version " + value);
            case "ctime" -> tellAge(value);
            case "used-mem" -> tellMemory(value);
            default -> {
                if (name.startsWith("%")) {
                    log.notice("RDB '" + name + "': " + value);
                }
            }
        }
        further.aux(name, value);
    }

    @Override
    public void notice(String line) {
        log.notice(line);
    }

    @Override
    public void warning(String line) {
        log.warning(line);
    }

    @Override
    public void behind(ByteSpan bytes) {
        further.behind(bytes);
    }

    private void tellAge(String created) {
        long seconds =
                TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) - number(created);
        log.notice("RDB age " + Math.max(0, seconds) + " seconds");
    }

    private void tellMemory(String used) {
        long bytes = number(used);
        log.notice(String.format(
                Locale.ROOT, "RDB memory usage when created %.2f Mb", bytes / MEBIBYTE));
        loading.usedMemory(bytes);
    }

    /** A decimal number, 0 when it is none: nothing hangs on it. */
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
