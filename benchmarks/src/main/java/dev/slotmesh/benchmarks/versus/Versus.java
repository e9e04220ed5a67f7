package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.benchmarks.HeapAllocation;
import dev.slotmesh.benchmarks.versus.VersusOptions.Phase;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Slotmesh beside the real redis-server on this machine: memory per key and per element, CPU per request, throughput on two
 * event loops, time to the first PONG, the Java heap below many keys, snapshots, starts with a snapshot file, full resyncs and
 * writes with a replica, and at the end each
 * bar with the figure reached. {@code benchmarks/versus} runs it.
 *
 * <p>The load generator shares the machine with the servers, so throughput depends on both; the CPU time that the kernel
 * accounts to a server's process does not.
 */
public final class Versus {
    private static final int WARM_UP_KEYS = 1000;
    private static final int WARM_UP_PASSES = 200;
    private static final int STARTS = 10;
    private static final double MEBIBYTE = 1024 * 1024;
    private static final List<String> COMMANDS = List.of("GET", "SET");
    private static final List<Integer> PIPELINES = List.of(1, 16, 64);

    private final VersusOptions options;
    private final Children children;
    private final Bars bars = new Bars();

    private Versus(VersusOptions options, Children children) {
        this.options = options;
        this.children = children;
    }

    /** Exits with 0 when every bar that was measured is met, 1 when one is missed, 2 when the run failed. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        if (arguments.contains("--help")) {
            System.out.print(VersusOptions.USAGE);
            return 0;
        }
        try {
            VersusOptions options = VersusOptions.parse(arguments);
            try (Children children = new Children()) {
                return new Versus(options, children).measure();
            }
        } catch (VersusOptions.BadOption wrong) {
            System.err.print("versus: " + wrong.getMessage() + "\n" + VersusOptions.USAGE);
        } catch (IOException failure) {
            System.err.println("versus: " + failure.getMessage());
        }
        return 2;
    }

    private int measure() throws IOException {
        System.out.println("Slotmesh versus Redis\n\n" + Machine.describe(options, children));
        if (options.measures(Phase.MEMORY) || options.measures(Phase.CPU)) {
            try (Duel duel = Duel.start(options, children, 1)) {
                memory(duel);
                if (options.measures(Phase.CPU)) {
                    cpu(duel);
                }
            }
        }
        if (options.measures(Phase.THREADS)) {
            try (Duel duel = Duel.start(options, children, 2)) {
                threads(duel);
            }
        }
        if (options.measures(Phase.START)) {
            starts();
        }
        if (options.measures(Phase.COMMANDS)) {
            try (Duel duel = Duel.start(options, children, 1)) {
                System.out.println(new CommandCosts(options, bars).measure(duel));
            }
        }
        if (options.measures(Phase.ELEMENTS)) {
            System.out.println(new ElementMemory(options, children, bars).measure());
        }
        if (options.measures(Phase.HEAP)) {
            heap();
        }
        if (options.measures(Phase.SNAPSHOTS)) {
            try (Duel duel = Duel.start(options, children, 1)) {
                System.out.println(new SnapshotCosts(options, bars).measure(duel));
            }
        }
        if (options.measures(Phase.LOAD)) {
            System.out.println(new FileLoads(options, children, bars).measure());
        }
        if (options.measures(Phase.RESYNC)) {
            System.out.println(new FullResyncs(options, children, bars).measure());
        }
        if (options.measures(Phase.WRITES)) {
            System.out.println(new ReplicatedWrites(options, children, bars).measure());
        }
        System.out.println("Bars\n\n" + bars);
        return bars.missed() == 0 ? 0 : 1;
    }

    /** Loads the keys on both, and tells what they cost. */
    private void memory(Duel duel) throws IOException {
        progress("warming up");
        duel.warmUp(WARM_UP_KEYS);
        progress("loading " + KeyLoader.KEYS + " keys on each");
        double slotmesh = bytesPerKey(duel.slotmesh());
        double redis = bytesPerKey(duel.redis());
        if (options.measures(Phase.MEMORY)) {
            bars.atMost("memory per key", 0.75, slotmesh / redis, " x");
            System.out.println("Memory: resident growth over " + KeyLoader.KEYS
                    + " keys of 16 bytes with values of " + KeyLoader.VALUE_BYTES + " bytes\n\n"
                    + new TextTable("Slotmesh bytes/key", "Redis bytes/key", "ratio")
                            .row(
                                    Decimals.whole(slotmesh),
                                    Decimals.whole(redis),
                                    Decimals.two(slotmesh / redis)));
        }
    }

    private double bytesPerKey(RunningServer server) throws IOException {
        KeyLoader.load(server.port(), WARM_UP_KEYS, WARM_UP_PASSES);
        long keysBefore = KeyLoader.count(server.port());
        long before = server.figures().residentBytes();
        KeyLoader.load(server.port(), KeyLoader.KEYS, 1);
        long grown = server.figures().residentBytes() - before;
        long added = KeyLoader.count(server.port()) - keysBefore;
        if (added + keysBefore != KeyLoader.KEYS) {
            throw new IOException(server.name() + " has " + (added + keysBefore) + " keys");
        }
        return (double) grown / added;
    }

    private void cpu(Duel duel) throws IOException {
        duel.warmUp(KeyLoader.KEYS);
        TextTable table = new TextTable(
                "command",
                "pipeline",
                "requests",
                "Slotmesh req/s",
                "Redis req/s",
                "ratio",
                "Slotmesh CPU ns",
                "Redis CPU ns",
                "ratio (range)");
        for (int pipeline : PIPELINES) {
            for (String command : COMMANDS) {
                if (!options.measures(command)) {
                    continue;
                }
                progress(command + ", pipeline " + pipeline);
                List<Duel.Pair> pairs = duel.run(new Load(command, pipeline));
                Samples ratio = Samples.of(pairs, Duel.Pair::cpuRatio);
                table.row(
                        command,
                        Integer.toString(pipeline),
                        Decimals.whole(pairs.get(0).requests()),
                        perSecond(pairs, true),
                        perSecond(pairs, false),
                        Decimals.two(
                                Samples.of(pairs, Duel.Pair::throughputRatio).median()),
                        cpuNanos(pairs, true),
                        cpuNanos(pairs, false),
                        Decimals.range(ratio));
                bars.atMost(
                        "CPU per " + command + ", pipeline " + pipeline,
                        pipeline == 1 ? 1.05 : 0.60,
                        ratio.median(),
                        " x");
            }
        }
        System.out.println("Throughput and server CPU (user + system) per request; one event loop"
                + " each, 50 connections\n\n" + table);
    }

    private static String perSecond(List<Duel.Pair> pairs, boolean slotmesh) {
        return Decimals.whole(
                Samples.of(pairs, pair -> (slotmesh ? pair.slotmesh() : pair.redis()).perSecond())
                        .median());
    }

    private static String cpuNanos(List<Duel.Pair> pairs, boolean slotmesh) {
        return Decimals.whole(Samples.of(
                        pairs,
                        pair -> (slotmesh ? pair.slotmesh() : pair.redis()).cpuNanosPerRequest())
                .median());
    }

    /** Each side with the number of client threads that suits it best. */
    private void threads(Duel duel) throws IOException {
        progress("warming up two event loops");
        KeyLoader.load(duel.slotmesh().port(), KeyLoader.KEYS, 1);
        KeyLoader.load(duel.redis().port(), KeyLoader.KEYS, 1);
        duel.warmUp(KeyLoader.KEYS);
        TextTable table = new TextTable(
                "command", "client threads", "Slotmesh req/s", "Redis req/s", "ratio (range)");
        for (String command : COMMANDS) {
            List<List<Duel.Pair>> runs = new ArrayList<>();
            for (int clientThreads = 1; clientThreads <= 2; clientThreads++) {
                progress(command + ", pipeline 64, client threads " + clientThreads);
                List<Duel.Pair> pairs = duel.run(new Load(command, 64, clientThreads));
                runs.add(pairs);
                table.row(
                        command,
                        Integer.toString(clientThreads),
                        perSecond(pairs, true),
                        perSecond(pairs, false),
                        Decimals.range(Samples.of(pairs, Duel.Pair::throughputRatio)));
            }
            bars.atLeast(
                    command + " throughput, pipeline 64, io-threads 2",
                    2,
                    best(runs, true) / best(runs, false),
                    " x");
        }
        System.out.println("Throughput at pipeline 64: Slotmesh with io-threads 2, Redis with its"
                + " default io-threads 1.\nThe bar compares the better row of each side.\n\n"
                + table);
    }

    private static double best(List<List<Duel.Pair>> runs, boolean slotmesh) {
        return runs.stream()
                .mapToDouble(pairs -> Samples.of(
                                pairs,
                                pair -> (slotmesh ? pair.slotmesh() : pair.redis()).perSecond())
                        .median())
                .max()
                .orElseThrow();
    }

    /** Both modes whatever the others are measured in: how a server is started first, and what a cluster node adds. */
    private void starts() throws IOException {
        TextTable table = new TextTable("started as", "mode", "median ms", "least", "most");
        for (boolean cluster : new boolean[] {false, true}) {
            for (Contender contender : List.of(
                    Contender.plainSlotmesh(options),
                    Contender.slotmesh(options),
                    Contender.redis(options))) {
                starts(contender, cluster, table);
            }
        }
        System.out.println("Process start to first PONG, " + STARTS + " starts\n\n" + table);
    }

    private void starts(Contender contender, boolean cluster, TextTable table) throws IOException {
        String mode = cluster ? "cluster" : "standalone";
        progress("starting " + contender.name() + ", " + mode);
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            try (RunningServer server = RunningServer.start(contender, children, cluster, 1)) {
                millis.add(server.nanosToPong() / 1e6);
            }
        }
        Samples samples = Samples.of(millis, Double::doubleValue);
        table.row(
                String.join(" ", shortened(contender.command())),
                mode,
                Decimals.whole(samples.median()),
                Decimals.whole(samples.least()),
                Decimals.whole(samples.most()));
        if (contender.command().contains("-jar")) {
            bars.atMost("java -jar to first PONG, " + mode, 700, samples.median(), " ms");
        }
    }

    private static List<String> shortened(List<String> command) {
        return command.stream()
                .map(word -> word.substring(word.lastIndexOf('/') + 1))
                .toList();
    }

    private void heap() throws IOException {
        progress("measuring heap allocation");
        for (String command : COMMANDS) {
            bars.below(
                    "heap per " + command + ", embedded, pipeline 16",
                    1,
                    HeapAllocation.bytesPerRequest(command),
                    " B");
        }
        progress("storing " + HeapOfKeys.KEYS + " keys of all types");
        bars.below(
                "Java heap in use with " + HeapOfKeys.KEYS + " keys of all types",
                64,
                new HeapOfKeys(options, children).measure(HeapOfKeys.KEYS) / MEBIBYTE,
                " MiB");
    }

    static void progress(String step) {
        System.err.println("# " + step);
    }
}
