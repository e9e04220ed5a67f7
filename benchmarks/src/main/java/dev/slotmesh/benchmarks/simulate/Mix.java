package dev.slotmesh.benchmarks.simulate;

import dev.slotmesh.gossip.simulator.Clusters;
import dev.slotmesh.gossip.simulator.NodeKind;
import dev.slotmesh.gossip.simulator.NodeSettings;
import dev.slotmesh.gossip.simulator.Simulation;

/** Which programs the nodes of a cluster run. */
enum Mix {
    SLOTMESH("Slotmesh"),
    STOCK("Redis 7.0.15 (model)"),
    /** Every second primary is of the other kind, and so is each primary's replica. */
    MIXED("half and half");

    private final String shown;

    Mix(String shown) {
        this.shown = shown;
    }

    String shown() {
        return shown;
    }

    /** Nodes that know nothing of each other and do not run yet. */
    Simulation nodes(long seed, int count, int primaries, long nodeTimeoutMs) {
        Simulation simulation = new Simulation(seed);
        NodeSettings settings = NodeSettings.withNodeTimeoutMs(nodeTimeoutMs);
        for (int i = 0; i < count; i++) {
            simulation.add(kind(i, primaries), settings);
        }
        return simulation;
    }

    /** A cluster that has been running for as long as its connections and states need to settle. */
    Simulation cluster(long seed, int count, int primaries, long nodeTimeoutMs) {
        Simulation simulation = nodes(seed, count, primaries, nodeTimeoutMs);
        Clusters.start(simulation, primaries);
        simulation.runFor(Math.max(10_000, 2 * nodeTimeoutMs));
        return simulation;
    }

    private NodeKind kind(int number, int primaries) {
        boolean other = number < primaries ? number % 2 != 0 : (number - primaries) % 2 == 0;
        return switch (this) {
            case SLOTMESH -> NodeKind.SLOTMESH;
            case STOCK -> NodeKind.STOCK;
            case MIXED -> other ? NodeKind.STOCK : NodeKind.SLOTMESH;
        };
    }
}
