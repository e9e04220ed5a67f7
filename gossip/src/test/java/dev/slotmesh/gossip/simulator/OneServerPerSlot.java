package dev.slotmesh.gossip.simulator;

import dev.slotmesh.gossip.NodeView;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Two nodes take writes for one slot only where Redis's failover allows it: the one with the greater configEpoch came to it as a
 * replica that was elected, and the other one has not heard of that yet. Never because slots moved, or were not moved.
 */
final class OneServerPerSlot implements Invariant {
    private final SlotTransferRun run;
    /** Who was promoted, with the configEpoch it got by that, for as long as it has it. */
    private final Map<SimulatedNode, Long> elected = new HashMap<>();

    private final Set<Long> elections = new HashSet<>();

    OneServerPerSlot(SlotTransferRun run) {
        this.run = run;
    }

    /** Elections won so far. */
    int elections() {
        return elections.size();
    }

    @Override
    public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
        NodeView now = node.outlook().myself();
        boolean promoted = before != null && before.myself().isReplica() && now.isPrimary();
        if (promoted) {
            elected.put(node, now.configEpoch());
            elections.add(now.configEpoch());
        }
        for (int slot : run.probes()) {
            check(slot);
        }
    }

    private void check(int slot) {
        SimulatedNode first = null;
        for (NodeKeys keys : run.keys()) {
            SimulatedNode node = keys.node();
            if (node.lives() == 0 || !keys.serves(slot)) {
                continue;
            }
            if (first != null) {
                SimulatedNode later = epoch(node) > epoch(first) ? node : first;
                Long electedWith = elected.get(later);
                Violation.unless(
                        electedWith != null && electedWith == epoch(later),
                        "%s (configEpoch %d) and %s (configEpoch %d) take writes for slot %d",
                        first.name(),
                        epoch(first),
                        node.name(),
                        epoch(node),
                        slot);
            }
            first = node;
        }
    }

    private static long epoch(SimulatedNode node) {
        return node.outlook().myself().configEpoch();
    }
}
