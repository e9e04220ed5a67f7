package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.resp.Reply;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * GETs and SETs of random keys in turn on one connection, one every {@value #PERIOD_MICROS} us, and how long each took from the
 * moment it was due: a server that stalls keeps all those waiting that were due meanwhile.
 */
final class PacedLoad implements Callable<double[]> {
    static final long PERIOD_MICROS = 500;

    private static final long PERIOD_NANOS = TimeUnit.MICROSECONDS.toNanos(PERIOD_MICROS);
    private static final double NANOS_PER_MS = 1e6;
    private static final double QUANTILE = 0.999;
    private static final int FIRST_ROOM = 1 << 14;

    private final int port;
    private final int keys;
    private final SplittableRandom random;
    private volatile boolean over;

    PacedLoad(int port, int keys, long seed) {
        this.port = port;
        this.keys = keys;
        this.random = new SplittableRandom(seed);
    }

    /** Goes on until {@link #end}. Returns the times in milliseconds, ascending. */
    @Override
    public double[] call() throws IOException {
        double[] taken = new double[FIRST_ROOM];
        int count = 0;
        try (RespClient client = new RespClient(port)) {
            for (long due = System.nanoTime(); !over; due += PERIOD_NANOS) {
                LockSupport.parkNanos(due - System.nanoTime());
                request(client, count % 2 == 0);
                if (count == taken.length) {
                    taken = Arrays.copyOf(taken, 2 * count);
                }
                taken[count++] = (System.nanoTime() - due) / NANOS_PER_MS;
            }
        }
        double[] sorted = Arrays.copyOf(taken, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private void request(RespClient client, boolean reads) throws IOException {
        String key = KeyLoader.key(random.nextInt(keys));
        Reply reply = reads ? client.call("GET", key) : client.call("SET", key, KeyLoader.VALUE);
        if (reply instanceof Reply.SimpleError error) {
            throw new IOException("the server answered " + error.text());
        }
    }

    void end() {
        over = true;
    }

    /** The time that one request in a thousand exceeds. */
    static double tail(double[] sorted) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * QUANTILE))];
    }
}
