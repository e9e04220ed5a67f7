package dev.slotmesh.gossip.simulator;

import dev.slotmesh.gossip.NodeView;

import java.util.BitSet;

/** Notices when every node lists every other one as a full member. */
public final class MeshWatch implements Invariant {
    private final Simulation simulation;
    private final BitSet complete = new BitSet();

    public MeshWatch(Simulation simulation) {
        this.simulation = simulation;
        simulation.watch(this);
    }

    public boolean isMesh() {
        return complete.cardinality() == simulation.nodes().size();
    }

    @Override
    public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
        complete.set(node.number(), listsAll(node));
    }

    private boolean listsAll(SimulatedNode node) {
        if (node.outlook().nodes().size() != simulation.nodes().size()) {
            return false;
        }
        for (NodeView entry : node.outlook().nodes()) {
            if (entry.isInHandshake()) {
                return false;
            }
        }
        return true;
    }
}
