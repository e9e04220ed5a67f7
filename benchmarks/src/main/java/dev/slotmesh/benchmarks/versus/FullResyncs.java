package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a new real replica takes to get a whole data set: of Slotmesh and of Redis in strict alternation, without a file, from
 * REPLICAOF to the link being up. The replica's own loading is part of it, and the same for both.
 */
final class FullResyncs {
    private static final int KEY_BYTES = 16;
    private static final double MEBIBYTE = 1024 * 1024;

    private final VersusOptions options;
    private final Children children;
    private final Bars bars;

    private record Pair(double slotmeshMs, double redisMs) {
        double ratio() {
            return slotmeshMs / redisMs;
        }
    }

    FullResyncs(VersusOptions options, Children children, Bars bars) {
        this.options = options;
        this.children = children;
        this.bars = bars;
    }

    /** Returns the table; the bar is that Slotmesh is no slower. */
    String measure() throws IOException {
        List<Pair> pairs = new ArrayList<>();
        try (RunningServer slotmesh =
                        RunningServer.start(Contender.slotmesh(options), children, false, 2);
                RunningServer redis =
                        RunningServer.start(Contender.redis(options), children, false, 1)) {
            for (RunningServer primary : List.of(slotmesh, redis)) {
                Versus.progress("loading " + options.keys() + " keys on " + primary.name());
                Replicas.noDelay(primary);
                KeyLoader.load(primary.port(), options.keys(), 1);
            }
            for (int round = 0; round < options.rounds(); round++) {
                Versus.progress("full resyncs, round " + (round + 1));
                pairs.add(new Pair(millis(slotmesh), millis(redis)));
            }
        }
        return table(pairs);
    }

    private double millis(RunningServer primary) throws IOException {
        Replicas replicas = new Replicas(options, children);
        try (RunningServer replica = replicas.start()) {
            double millis = Replicas.follow(replica, primary) / 1e6;
            long held = KeyLoader.count(replica.port());
            if (held != options.keys()) {
                throw new IOException(
                        "the replica of " + primary.name() + " has " + held + " keys");
            }
            return millis;
        }
    }

    private String table(List<Pair> pairs) {
        Samples ratio = Samples.of(pairs, Pair::ratio);
        bars.atMost("full resync to a Redis replica", 1, ratio.median(), " x Redis to Redis");
        long bytes = (long) options.keys() * (KEY_BYTES + KeyLoader.VALUE_BYTES);
        return "Full resync to an empty Redis replica, diskless, " + options.keys() + " keys ("
                + Decimals.whole(bytes / MEBIBYTE) + " MiB of keys and values)\n\n"
                + new TextTable("Slotmesh to Redis, ms", "Redis to Redis, ms", "ratio (range)")
                        .row(
                                Decimals.whole(
                                        Samples.of(pairs, Pair::slotmeshMs).median()),
                                Decimals.whole(Samples.of(pairs, Pair::redisMs).median()),
                                Decimals.range(ratio));
    }
}
