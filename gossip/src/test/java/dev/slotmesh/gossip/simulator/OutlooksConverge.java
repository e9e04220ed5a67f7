package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.NodeView;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** After healing all running nodes list each other and nobody else, agree on roles, slots and epochs, and suspect nobody. */
public final class OutlooksConverge implements Invariant {
    @Override
    public void settled(Simulation simulation) {
        List<SimulatedNode> running =
                simulation.nodes().stream().filter(SimulatedNode::running).toList();
        SimulatedNode first = running.get(0);
        Map<NodeId, NodeView> common = byId(first.outlook());
        for (SimulatedNode node : running) {
            Outlook outlook = node.outlook();
            Map<NodeId, NodeView> entries = byId(outlook);
            for (SimulatedNode other : running) {
                NodeView entry = entries.get(other.id());
                Violation.unless(
                        entry != null && !entry.isInHandshake(),
                        "%s does not list %s",
                        node.name(),
                        other.name());
                compare(node, other, entry, common.get(other.id()));
            }
            Violation.unless(
                    outlook.nodes().size() == running.size(),
                    "%s lists %d nodes",
                    node.name(),
                    outlook.nodes().size());
            agree(node, first);
        }
    }

    private static void compare(
            SimulatedNode node, SimulatedNode other, NodeView entry, NodeView common) {
        Violation.unless(
                !entry.isPfail() && !entry.isFail(), "%s suspects %s", node.name(), other.name());
        boolean same = common != null
                && entry.slots().equals(common.slots())
                && entry.primaryId().equals(common.primaryId())
                && entry.configEpoch() == common.configEpoch();
        Violation.unless(
                same,
                "%s has another opinion of %s than the first node: %s, %s",
                node.name(),
                other.name(),
                entry,
                common);
    }

    private static void agree(SimulatedNode node, SimulatedNode first) {
        Outlook mine = node.outlook();
        Outlook other = first.outlook();
        Violation.unless(
                mine.currentEpoch() == other.currentEpoch() && mine.stateOk() == other.stateOk(),
                "%s and %s disagree: %s, %s",
                node.name(),
                first.name(),
                mine.currentEpoch() + (mine.stateOk() ? " ok" : " fail"),
                other.currentEpoch() + (other.stateOk() ? " ok" : " fail"));
    }

    private static Map<NodeId, NodeView> byId(Outlook outlook) {
        Map<NodeId, NodeView> entries = new HashMap<>();
        outlook.nodes().forEach(entry -> entries.put(entry.id(), entry));
        return entries;
    }
}
