package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one attached replica costs writes: SET on two Slotmesh nodes in strict alternation, one with a real replica and one that
 * never had any; and the same for Redis, which is shown beside. The replica shares the machine, so on few cores the throughput
 * has its part too; the CPU time is the primary's alone.
 */
final class ReplicatedWrites {
    private static final List<Integer> PIPELINES = List.of(1, 16, 64);
    private static final int TRIAL_REQUESTS = 100_000;
    private static final double WANTED_SECONDS = 2.5;
    private static final double BAR = 0.85;

    private final VersusOptions options;
    private final Children children;
    private final Bars bars;
    private final TextTable table = new TextTable(
            "server",
            "pipeline",
            "alone req/s",
            "with a replica req/s",
            "ratio (range)",
            "CPU ratio (range)");

    private record Pair(Load.Result alone, Load.Result attached) {
        double throughputRatio() {
            return attached.perSecond() / alone.perSecond();
        }

        double cpuRatio() {
            return attached.cpuNanosPerRequest() / alone.cpuNanosPerRequest();
        }
    }

    ReplicatedWrites(VersusOptions options, Children children, Bars bars) {
        this.options = options;
        this.children = children;
        this.bars = bars;
    }

    /** Returns the table; the bars are for Slotmesh. */
    String measure() throws IOException {
        for (Contender contender : List.of(Contender.slotmesh(options), Contender.redis(options))) {
            measure(contender);
        }
        return "SET with one Redis replica attached and without; one event loop each, 50"
                + " connections\n\n" + table;
    }

    private void measure(Contender contender) throws IOException {
        try (RunningServer alone = RunningServer.start(contender, children, false, 1);
                RunningServer attached = RunningServer.start(contender, children, false, 1)) {
            Replicas.noDelay(attached);
            try (RunningServer replica = new Replicas(options, children).attach(attached)) {
                Versus.progress(
                        "writes of " + contender.name() + " to " + replica.name() + ", warming up");
                for (int pipeline : PIPELINES) {
                    Load load = new Load("SET", pipeline);
                    load.run(alone, 6L * TRIAL_REQUESTS, KeyLoader.KEYS, children);
                    load.run(attached, 6L * TRIAL_REQUESTS, KeyLoader.KEYS, children);
                }
                for (int pipeline : PIPELINES) {
                    Versus.progress("writes of " + contender.name() + ", pipeline " + pipeline);
                    row(contender, pipeline, run(new Load("SET", pipeline), alone, attached));
                }
            }
        }
    }

    private List<Pair> run(Load load, RunningServer alone, RunningServer attached)
            throws IOException {
        double perSecond =
                load.run(alone, TRIAL_REQUESTS, KeyLoader.KEYS, children).perSecond();
        long requests = options.requests() > 0
                ? options.requests()
                : Math.max(TRIAL_REQUESTS, Math.round(perSecond * WANTED_SECONDS));
        List<Pair> pairs = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            Load.Result first = load.run(alone, requests, KeyLoader.KEYS, children);
            Load.Result second = load.run(attached, requests, KeyLoader.KEYS, children);
            pairs.add(new Pair(first, second));
        }
        return pairs;
    }

    private void row(Contender contender, int pipeline, List<Pair> pairs) {
        Samples ratio = Samples.of(pairs, Pair::throughputRatio);
        table.row(
                contender.name(),
                Integer.toString(pipeline),
                Decimals.whole(
                        Samples.of(pairs, pair -> pair.alone().perSecond()).median()),
                Decimals.whole(
                        Samples.of(pairs, pair -> pair.attached().perSecond()).median()),
                Decimals.range(ratio),
                Decimals.range(Samples.of(pairs, Pair::cpuRatio)));
        if (contender.equals(Contender.slotmesh(options))) {
            bars.atLeast(
                    "SET with a replica, pipeline " + pipeline, BAR, ratio.median(), " x without");
        }
    }
}
