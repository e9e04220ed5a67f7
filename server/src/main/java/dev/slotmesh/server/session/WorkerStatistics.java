package dev.slotmesh.server.session;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of one event loop. The loop adds without synchronisation; INFO sums over all loops and may see a value a
 * moment old. CONFIG RESETSTAT does not clear them: the reader subtracts what it noted at the reset.
 */
public final class WorkerStatistics {
    private final long[] calls;
    private final long[] nanos;
    private final long[] rejected;
    private final long[] failed;
    private final ConcurrentHashMap<String, LongAdder> errors = new ConcurrentHashMap<>();
    private long commands;
    private long errorReplies;
    private long hits;
    private long misses;
    private long networkIn;
    private long networkOut;

    WorkerStatistics(int commandCount) {
        calls = new long[commandCount];
        nanos = new long[commandCount];
        rejected = new long[commandCount];
        failed = new long[commandCount];
    }

    void called(int command, long tookNanos) {
        calls[command]++;
        nanos[command] += tookNanos;
        commands++;
    }

    void rejected(int command) {
        rejected[command]++;
    }

    void failed(int command) {
        failed[command]++;
    }

    /** @param code first word of an error reply, without the dash */
    void error(String code) {
        errorReplies++;
        errors.computeIfAbsent(code, c -> new LongAdder()).increment();
    }

    /** Counts the reply from an index to the end if it is an error. */
    void reply(ByteBuf output, int start) {
        if (output.writerIndex() == start || output.getByte(start) != '-') {
            return;
        }
        int end = start + 1;
        while (end < output.writerIndex() && output.getByte(end) > ' ') {
            end++;
        }
        error(output.toString(start + 1, end - start - 1, StandardCharsets.ISO_8859_1));
    }

    void hit() {
        hits++;
    }

    void miss() {
        misses++;
    }

    void networkIn(int bytes) {
        networkIn += bytes;
    }

    void networkOut(int bytes) {
        networkOut += bytes;
    }

    /** Adds this loop's counters to a sum. */
    void addTo(StatisticsSum sum) {
        for (int i = 0; i < calls.length; i++) {
            sum.calls[i] += calls[i];
            sum.nanos[i] += nanos[i];
            sum.rejected[i] += rejected[i];
            sum.failed[i] += failed[i];
        }
        sum.commands += commands;
        sum.errorReplies += errorReplies;
        sum.hits += hits;
        sum.misses += misses;
        sum.networkIn += networkIn;
        sum.networkOut += networkOut;
        for (Map.Entry<String, LongAdder> error : errors.entrySet()) {
            sum.errors.merge(error.getKey(), error.getValue().sum(), Long::sum);
        }
    }

    /** A sum over loops at one moment; also used as the base that CONFIG RESETSTAT sets. */
    public static final class StatisticsSum {
        private final long[] calls;
        private final long[] nanos;
        private final long[] rejected;
        private final long[] failed;
        private final Map<String, Long> errors = new HashMap<>();
        private long commands;
        private long errorReplies;
        private long hits;
        private long misses;
        private long networkIn;
        private long networkOut;

        StatisticsSum(int commandCount) {
            calls = new long[commandCount];
            nanos = new long[commandCount];
            rejected = new long[commandCount];
            failed = new long[commandCount];
        }

        /** What has come since {@code base}. */
        StatisticsSum since(StatisticsSum base) {
            StatisticsSum rest = new StatisticsSum(calls.length);
            for (int i = 0; i < calls.length; i++) {
                rest.calls[i] = calls[i] - base.calls[i];
                rest.nanos[i] = nanos[i] - base.nanos[i];
                rest.rejected[i] = rejected[i] - base.rejected[i];
                rest.failed[i] = failed[i] - base.failed[i];
            }
            rest.commands = commands - base.commands;
            rest.errorReplies = errorReplies - base.errorReplies;
            rest.hits = hits - base.hits;
            rest.misses = misses - base.misses;
            rest.networkIn = networkIn - base.networkIn;
            rest.networkOut = networkOut - base.networkOut;
            errors.forEach((code, count) -> {
                long left = count - base.errors.getOrDefault(code, 0L);
                if (left > 0) {
                    rest.errors.put(code, left);
                }
            });
            return rest;
        }

        public long calls(int command) {
            return calls[command];
        }

        public long nanos(int command) {
            return nanos[command];
        }

        public long rejected(int command) {
            return rejected[command];
        }

        public long failed(int command) {
            return failed[command];
        }

        /** Error replies by their first word. */
        public Map<String, Long> errors() {
            return errors;
        }

        public long commands() {
            return commands;
        }

        public long errorReplies() {
            return errorReplies;
        }

        public long hits() {
            return hits;
        }

        public long misses() {
            return misses;
        }

        public long networkIn() {
            return networkIn;
        }

        public long networkOut() {
            return networkOut;
        }
    }
}
