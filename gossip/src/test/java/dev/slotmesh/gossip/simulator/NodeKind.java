package dev.slotmesh.gossip.simulator;

import dev.slotmesh.gossip.ClusterConfiguration;

import java.util.SplittableRandom;

/** Which program a simulated node runs. */
public enum NodeKind {
    /** The gossip machine of this project, with the policies of its settings. */
    SLOTMESH,
    /** The model of Redis 7.0.15. */
    STOCK;

    Machine machine(
            SimulatedNode node, ClusterConfiguration configuration, SplittableRandom random) {
        return this == SLOTMESH
                ? new SlotmeshMachine(node, configuration, random)
                : new StockMachine(node, configuration, random);
    }

    /** Whether its clock never jumps while it runs: it asks the wall clock once. */
    boolean hasSteadyClock() {
        return this == SLOTMESH;
    }
}
