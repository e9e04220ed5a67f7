package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.SlotSet;

import java.util.BitSet;
import java.util.List;

/** Notices when shards whose primary went away are served again, and when every running node says that the cluster is ok. */
public final class ShardWatch implements Invariant {
    private final Simulation simulation;
    private final List<SlotSet> shards;
    private final BitSet served = new BitSet();
    private final BitSet ok = new BitSet();

    /** Watches the shards of these primaries, which serve them at the moment. */
    public ShardWatch(Simulation simulation, List<SimulatedNode> primaries) {
        this.simulation = simulation;
        this.shards = primaries.stream()
                .map(primary -> primary.outlook().myself().slots())
                .toList();
        simulation.nodes().forEach(this::look);
        served.clear();
        simulation.watch(this);
    }

    /** Whether each shard has been served by a running primary since the watch began. */
    public boolean allServed() {
        return served.cardinality() == shards.size();
    }

    /** Number of shards that have not. */
    public int unserved() {
        return shards.size() - served.cardinality();
    }

    /** Whether every running node says that the cluster is ok. */
    public boolean allOk() {
        for (SimulatedNode node : simulation.nodes()) {
            if (node.running() && !node.paused() && !ok.get(node.number())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
        look(node);
    }

    private void look(SimulatedNode node) {
        ok.set(node.number(), node.outlook().stateOk());
        if (node.acceptsWrites()) {
            SlotSet mine = node.outlook().myself().slots();
            for (int i = 0; i < shards.size(); i++) {
                if (mine.intersects(shards.get(i))) {
                    served.set(i);
                }
            }
        }
    }
}
