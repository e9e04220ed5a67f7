package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.NodeView;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * In every outlook a slot has one owner; and over the whole run no two nodes claim one slot with the same configEpoch. Epoch
 * 0 is everybody's until collisions are resolved.
 */
public final class OneOwnerPerSlotAndEpoch implements Invariant {
    private final Map<Long, Map<NodeId, SlotSet>> claims = new HashMap<>();

    @Override
    public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
        Outlook now = node.outlook();
        if (ownersChanged(before, now)) {
            checkOwners(node, now);
        }
        NodeView myself = now.myself();
        if (before == null || before.myself() != myself) {
            noteClaim(node, myself);
        }
    }

    private static boolean ownersChanged(Outlook before, Outlook now) {
        if (before == null || before.nodes().size() != now.nodes().size()) {
            return true;
        }
        for (int i = 0; i < now.nodes().size(); i++) {
            NodeView then = before.nodes().get(i);
            NodeView entry = now.nodes().get(i);
            if (then != entry && then.slots() != entry.slots()) {
                return true;
            }
        }
        return false;
    }

    private static void checkOwners(SimulatedNode node, Outlook outlook) {
        SlotSet seen = new SlotSet();
        for (NodeView entry : outlook.nodes()) {
            if (entry.slots() != SlotSet.none()) {
                Violation.unless(
                        !seen.intersects(entry.slots()),
                        "%s holds that two nodes own a slot, one of them %s",
                        node.name(),
                        entry.id());
                seen.addAll(entry.slots());
            }
        }
    }

    private void noteClaim(SimulatedNode node, NodeView myself) {
        if (myself.configEpoch() == 0 || !myself.isPrimary() || myself.slots().isEmpty()) {
            return;
        }
        Map<NodeId, SlotSet> claimed =
                claims.computeIfAbsent(myself.configEpoch(), any -> new LinkedHashMap<>());
        claimed.forEach((id, slots) -> Violation.unless(
                id.equals(myself.id()) || !slots.intersects(myself.slots()),
                "%s claims with configEpoch %d what %s claimed with it",
                node.name(),
                myself.configEpoch(),
                id));
        claimed.computeIfAbsent(myself.id(), any -> new SlotSet()).addAll(myself.slots());
    }
}
