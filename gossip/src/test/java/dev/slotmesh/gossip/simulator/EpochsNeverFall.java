package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.NodeView;

import java.util.HashMap;
import java.util.Map;

/**
 * No epoch a node knows ever falls. Not even across a crash fall its lastVoteEpoch and its configEpoch, since they carry votes and
 * claims. A currentEpoch it only heard of may be lost with what was not forced to disk, as a stock node loses it with every
 * crash; epochs of others may be while it does not live. A hard reset begins anew, under another ID.
 */
public final class EpochsNeverFall implements Invariant {
    private final Map<SimulatedNode, Known> greatest = new HashMap<>();

    private static final class Known {
        NodeId id;
        int life;
        int filesLost;
        long currentEpoch;
        long lastVoteEpoch;
        long configEpoch;
    }

    @Override
    public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
        Outlook now = node.outlook();
        Known known = greatest.computeIfAbsent(node, any -> new Known());
        boolean sameNode = now.myself().id().equals(known.id);
        boolean sameLife = sameNode && known.life == node.lives();
        boolean remembers = sameLife
                || (sameNode
                        && node.kind() == NodeKind.SLOTMESH
                        && known.filesLost == node.filesLost());
        known.id = now.myself().id();
        known.filesLost = node.filesLost();
        known.life = node.lives();
        known.currentEpoch =
                grown("currentEpoch", node, remembers, known.currentEpoch, now.currentEpoch());
        known.lastVoteEpoch =
                grown("lastVoteEpoch", node, sameNode, known.lastVoteEpoch, now.lastVoteEpoch());
        if (now.myself().isPrimary()) {
            known.configEpoch = grown(
                    "configEpoch",
                    node,
                    sameNode,
                    known.configEpoch,
                    now.myself().configEpoch());
        }
        if (sameLife && before != null) {
            compareOthers(node, before, now);
        }
    }

    private static long grown(
            String what, SimulatedNode node, boolean compare, long before, long now) {
        Violation.unless(
                !compare || Long.compareUnsigned(now, before) >= 0,
                "%s of %s fell from %d to %d",
                what,
                node.name(),
                before,
                now);
        return now;
    }

    /** Entries keep their places unless one before them left the table. */
    private static void compareOthers(SimulatedNode node, Outlook before, Outlook now) {
        int count = Math.min(before.nodes().size(), now.nodes().size());
        for (int i = 1; i < count; i++) {
            NodeView then = before.nodes().get(i);
            NodeView entry = now.nodes().get(i);
            boolean comparable = then != entry
                    && then.id().equals(entry.id())
                    && then.isPrimary()
                    && entry.isPrimary();
            Violation.unless(
                    !comparable
                            || Long.compareUnsigned(entry.configEpoch(), then.configEpoch()) >= 0,
                    "configEpoch of %s at %s fell from %d to %d",
                    entry.id(),
                    node.name(),
                    then.configEpoch(),
                    entry.configEpoch());
        }
    }
}
