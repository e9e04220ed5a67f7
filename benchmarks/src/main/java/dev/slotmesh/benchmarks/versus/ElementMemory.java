package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory per element of one collection of a million, by type: the growth of VmRSS while it is filled, on a server that was
 * started for it and warmed up with a small one.
 */
final class ElementMemory {
    private static final int ELEMENTS = 1_000_000;
    private static final int WARM_UP_ELEMENTS = 1000;
    private static final int WARM_UP_PASSES = 300;
    private static final double BAR = 0.80;

    private final VersusOptions options;
    private final Children children;
    private final Bars bars;

    ElementMemory(VersusOptions options, Children children, Bars bars) {
        this.options = options;
        this.children = children;
        this.bars = bars;
    }

    /** Measures all types. Returns the text to print. */
    String measure() throws IOException {
        TextTable table = new TextTable("type", "Slotmesh bytes", "Redis bytes", "ratio (range)");
        for (CollectionLoader loader : CollectionLoader.values()) {
            Versus.progress("memory of a " + loader.type());
            List<Double> ratios = new ArrayList<>();
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            for (int round = 0; round < options.rounds(); round++) {
                ours.add(bytesPerElement(Contender.slotmesh(options), loader));
                theirs.add(bytesPerElement(Contender.redis(options), loader));
                ratios.add(ours.get(round) / theirs.get(round));
            }
            Samples ratio = Samples.of(ratios, Double::doubleValue);
            table.row(
                    loader.type(),
                    Decimals.whole(Samples.of(ours, Double::doubleValue).median()),
                    Decimals.whole(Samples.of(theirs, Double::doubleValue).median()),
                    Decimals.range(ratio));
            bars.atMost("memory per element, " + loader.type(), BAR, ratio.median(), " x");
        }
        return "Memory per element: resident growth over " + ELEMENTS
                + " elements of 20 bytes (a hash: fields and values)\n\n" + table;
    }

    private double bytesPerElement(Contender contender, CollectionLoader loader)
            throws IOException {
        try (RunningServer server = RunningServer.start(contender, children, options.cluster(), 1);
                RespClient client = new RespClient(server.port())) {
            if (options.cluster()) {
                server.ownAllSlots();
            }
            for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
                client.delete("small");
                loader.fill(client, "small", WARM_UP_ELEMENTS);
            }
            long before = server.figures().residentBytes();
            loader.fill(client, "large", ELEMENTS);
            return (double) (server.figures().residentBytes() - before) / ELEMENTS;
        }
    }
}
