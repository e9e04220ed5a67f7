package dev.slotmesh.gossip.simulator;

import dev.slotmesh.gossip.NodeView;

import java.util.BitSet;

/**
 * Notices when every node lists every other one as a full member, has no handshake left, and every one of them has a connection to
 * every other, over which it has shown who it is.
 */
public final class MeshWatch implements Invariant {
    /** Connections are looked at this often; between looks the answer is no. */
    private static final long LOOK_US = 1_000;

    private final Simulation simulation;
    private final BitSet fullTables = new BitSet();
    /** The node that was found wanting last. */
    private int next;

    private long nextLookUs;

    public MeshWatch(Simulation simulation) {
        this.simulation = simulation;
        simulation.watch(this);
    }

    /** Whether it is so, as of the last look; one virtual millisecond old at most once it is. */
    public boolean isMesh() {
        int nodes = simulation.nodes().size();
        if (simulation.elapsedUs() < nextLookUs || fullTables.cardinality() < nodes) {
            return false;
        }
        nextLookUs = simulation.elapsedUs() + LOOK_US;
        for (int i = 0; i < nodes; i++) {
            SimulatedNode node = simulation.node(next);
            if (!hasAllMembers(node) || node.machine().connectedPeers() < nodes - 1) {
                return false;
            }
            next = (next + 1) % nodes;
        }
        return true;
    }

    @Override
    public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
        boolean full = node.outlook().nodes().size() == simulation.nodes().size();
        fullTables.set(node.number(), full);
    }

    private static boolean hasAllMembers(SimulatedNode node) {
        for (NodeView entry : node.outlook().nodes()) {
            if (entry.isInHandshake()) {
                return false;
            }
        }
        return true;
    }
}
