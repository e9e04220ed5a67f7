package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.util.List;

/** CPU per request at pipeline 16 of the commands of all data types, both servers in alternation. */
final class CommandCosts {
    private static final int PIPELINE = 16;

    private final VersusOptions options;
    private final Bars bars;
    private final TextTable table = new TextTable(
            "command",
            "requests",
            "Slotmesh req/s",
            "Redis req/s",
            "Slotmesh CPU ns",
            "Redis CPU ns",
            "ratio (range)");

    CommandCosts(VersusOptions options, Bars bars) {
        this.options = options;
        this.bars = bars;
    }

    /** Measures the commands asked for. Returns the text to print. */
    String measure(Duel duel) throws IOException {
        for (Workload workload : Workload.all()) {
            if (options.measures(workload.name())) {
                Versus.progress(workload.name() + ", pipeline " + PIPELINE);
                measure(duel, workload);
            }
        }
        return "CPU (user + system) per request of the other commands, pipeline " + PIPELINE
                + ", one event loop each\n\n" + table;
    }

    private void measure(Duel duel, Workload workload) throws IOException {
        Load load = Load.of(workload, PIPELINE);
        duel.warmUp(load);
        List<Duel.Pair> pairs = duel.run(load);
        Samples ratio = Samples.of(pairs, Duel.Pair::cpuRatio);
        table.row(
                workload.name(),
                Decimals.whole(pairs.get(0).requests()),
                Decimals.whole(
                        Samples.of(pairs, pair -> pair.slotmesh().perSecond()).median()),
                Decimals.whole(
                        Samples.of(pairs, pair -> pair.redis().perSecond()).median()),
                Decimals.whole(Samples.of(pairs, pair -> pair.slotmesh().cpuNanosPerRequest())
                        .median()),
                Decimals.whole(Samples.of(pairs, pair -> pair.redis().cpuNanosPerRequest())
                        .median()),
                Decimals.range(ratio));
        bars.atMost(
                "CPU per " + workload.name() + ", pipeline " + PIPELINE,
                workload.bar(),
                ratio.median(),
                " x");
    }
}
