package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The two servers, and runs on them in strict alternation: Slotmesh, Redis, Slotmesh, Redis. Neighbouring runs see the
 * same neighbours on the machine, so the ratio of a pair says more than either figure.
 */
final class Duel implements AutoCloseable {
    private static final int WARM_UP_REQUESTS = 300_000;
    private static final int WARM_UP_RUNS = 5;
    private static final int TRIAL_REQUESTS = 100_000;
    private static final double WANTED_SECONDS = 2.5;
    /** On a busy machine too the server shall spend a second, or the kernel's ticks of 10 ms show. */
    private static final double LEAST_CPU_SECONDS = 1;

    private final VersusOptions options;
    private final Children children;
    private final RunningServer slotmesh;
    private final RunningServer redis;

    /**
     * One load on one server, then on the other.
     *
     * @param requests of each run
     */
    record Pair(long requests, Load.Result slotmesh, Load.Result redis) {
        double cpuRatio() {
            return slotmesh.cpuNanosPerRequest() / redis.cpuNanosPerRequest();
        }

        double throughputRatio() {
            return slotmesh.perSecond() / redis.perSecond();
        }
    }

    private Duel(
            VersusOptions options, Children children, RunningServer slotmesh, RunningServer redis) {
        this.options = options;
        this.children = children;
        this.slotmesh = slotmesh;
        this.redis = redis;
    }

    /** Starts both, Slotmesh with this many event loops, Redis with its default of one. */
    static Duel start(VersusOptions options, Children children, int slotmeshLoops)
            throws IOException {
        RunningServer slotmesh = RunningServer.start(
                Contender.slotmesh(options), children, options.cluster(), slotmeshLoops);
        RunningServer redis =
                RunningServer.start(Contender.redis(options), children, options.cluster(), 1);
        if (options.cluster()) {
            slotmesh.ownAllSlots();
            redis.ownAllSlots();
        }
        return new Duel(options, children, slotmesh, redis);
    }

    RunningServer slotmesh() {
        return slotmesh;
    }

    RunningServer redis() {
        return redis;
    }

    /** Runs every command at every pipeline on both, so that code is compiled and buffers have been used. */
    void warmUp(int keys) throws IOException {
        for (int pipeline : List.of(64, 16, 1)) {
            int requests = pipeline == 1 ? WARM_UP_REQUESTS / 3 : WARM_UP_REQUESTS * 2;
            for (String command : List.of("SET", "GET")) {
                new Load(command, pipeline).run(slotmesh, requests, keys, children);
                new Load(command, pipeline).run(redis, requests, keys, children);
            }
        }
    }

    /** Runs one load on both for the same ends; in several runs, so that their beginnings, which are rare, are compiled too. */
    void warmUp(Load load) throws IOException {
        for (int run = 0; run < WARM_UP_RUNS; run++) {
            load.run(slotmesh, WARM_UP_REQUESTS * 2, KeyLoader.KEYS, children);
        }
        load.run(redis, WARM_UP_REQUESTS / 3, KeyLoader.KEYS, children);
    }

    /** The pairs of all rounds. */
    List<Pair> run(Load load) throws IOException {
        return run(load, load);
    }

    /** The pairs of all rounds, with a load of its own for each side. */
    List<Pair> run(Load onSlotmesh, Load onRedis) throws IOException {
        long requests = options.requests() > 0 ? options.requests() : requestsFor(onRedis);
        List<Pair> pairs = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            Load.Result first = onSlotmesh.run(slotmesh, requests, KeyLoader.KEYS, children);
            Load.Result second = onRedis.run(redis, requests, KeyLoader.KEYS, children);
            pairs.add(new Pair(requests, first, second));
        }
        return pairs;
    }

    private long requestsFor(Load load) throws IOException {
        Load.Result trial = load.run(redis, TRIAL_REQUESTS, KeyLoader.KEYS, children);
        double wanted = Math.max(
                trial.perSecond() * WANTED_SECONDS,
                LEAST_CPU_SECONDS * 1e9 / Math.max(1, trial.cpuNanosPerRequest()));
        return Math.max(1, Math.round(wanted / 10_000)) * 10_000;
    }

    @Override
    public void close() {
        slotmesh.close();
        redis.close();
    }
}
