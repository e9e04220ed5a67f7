package dev.slotmesh.server;

import dev.slotmesh.server.session.WorkerStatistics.StatisticsSum;

/**
 * Rates over the last {@value #SAMPLES} samples, a tenth of a second apart, as INFO's instantaneous fields show them.
 * Written by the cron thread, read by any.
 */
public final class Rates {
    private static final int SAMPLES = 16;

    private final long[] perSecondCommands = new long[SAMPLES];
    private final long[] perSecondInput = new long[SAMPLES];
    private final long[] perSecondOutput = new long[SAMPLES];
    private int next;
    private long lastNanos;
    private long lastCommands;
    private long lastInput;
    private long lastOutput;
    private volatile long commands;
    private volatile long input;
    private volatile long output;

    void sample(StatisticsSum sum) {
        long now = System.nanoTime();
        if (lastNanos != 0) {
            long elapsed = Math.max(1, now - lastNanos);
            perSecondCommands[next] = perSecond(sum.commands() - lastCommands, elapsed);
            perSecondInput[next] = perSecond(sum.networkIn() - lastInput, elapsed);
            perSecondOutput[next] = perSecond(sum.networkOut() - lastOutput, elapsed);
            next = (next + 1) % SAMPLES;
            commands = mean(perSecondCommands);
            input = mean(perSecondInput);
            output = mean(perSecondOutput);
        }
        lastNanos = now;
        lastCommands = sum.commands();
        lastInput = sum.networkIn();
        lastOutput = sum.networkOut();
    }

    /** A count that fell (CONFIG RESETSTAT) counts as nothing. */
    private static long perSecond(long count, long elapsedNanos) {
        return Math.max(0, count) * 1_000_000_000L / elapsedNanos;
    }

    private static long mean(long[] samples) {
        long sum = 0;
        for (long sample : samples) {
            sum += sample;
        }
        return sum / samples.length;
    }

    public long commandsPerSecond() {
        return commands;
    }

    public long inputBytesPerSecond() {
        return input;
    }

    public long outputBytesPerSecond() {
        return output;
    }
}
