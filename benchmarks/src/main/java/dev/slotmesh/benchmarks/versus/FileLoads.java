package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a server takes that starts with a snapshot file, from the start of its process to its first PONG: Slotmesh and Redis in
 * strict alternation, from the same file. The file has been written a moment ago, so it is read from the system's memory.
 */
final class FileLoads {
    private static final double BAR = 0.7;
    private static final double MEBIBYTE = 1024 * 1024;

    private final VersusOptions options;
    private final Children children;
    private final Bars bars;

    private record Run(double millis, double cpuMillis) {}

    private record Pair(Run slotmesh, Run redis) {
        double ratio() {
            return slotmesh.millis() / redis.millis();
        }

        double cpuRatio() {
            return slotmesh.cpuMillis() / redis.cpuMillis();
        }
    }

    FileLoads(VersusOptions options, Children children, Bars bars) {
        this.options = options;
        this.children = children;
        this.bars = bars;
    }

    /** Returns the table. */
    String measure() throws IOException {
        Versus.progress("writing a file of " + options.keys() + " keys");
        Path file = children.workingDirectory("file").resolve("keys.rdb");
        long bytes = KeyFile.write(file, options.keys());
        List<Pair> pairs = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            Versus.progress("loads, round " + (round + 1));
            pairs.add(new Pair(
                    run(Contender.slotmesh(options), file), run(Contender.redis(options), file)));
        }
        return table(pairs, bytes);
    }

    private Run run(Contender contender, Path file) throws IOException {
        try (RunningServer server = RunningServer.startWith(file, contender, children)) {
            double cpuMillis = server.figures().cpuNanos() / 1e6;
            long held = KeyLoader.count(server.port());
            if (held != options.keys()) {
                throw new IOException(server.name() + " has " + held + " keys");
            }
            return new Run(server.nanosToPong() / 1e6, cpuMillis);
        }
    }

    private String table(List<Pair> pairs, long bytes) {
        Samples ratio = Samples.of(pairs, Pair::ratio);
        bars.atMost("start with a snapshot file", BAR, ratio.median(), " x");
        return "Process start to first PONG with a snapshot file of " + options.keys() + " keys ("
                + Decimals.whole(bytes / MEBIBYTE) + " MiB); user and system CPU of all threads\n\n"
                + new TextTable(
                                "Slotmesh ms",
                                "Redis ms",
                                "ratio (range)",
                                "Slotmesh CPU ms",
                                "Redis CPU ms",
                                "ratio (range)")
                        .row(
                                median(pairs, true, false),
                                median(pairs, false, false),
                                Decimals.range(ratio),
                                median(pairs, true, true),
                                median(pairs, false, true),
                                Decimals.range(Samples.of(pairs, Pair::cpuRatio)));
    }

    private static String median(List<Pair> pairs, boolean slotmesh, boolean cpu) {
        return Decimals.whole(Samples.of(pairs, pair -> {
                    Run run = slotmesh ? pair.slotmesh() : pair.redis();
                    return cpu ? run.cpuMillis() : run.millis();
                })
                .median());
    }
}
