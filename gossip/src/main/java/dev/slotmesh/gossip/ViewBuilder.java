package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.Arrays;
import java.util.SortedMap;

/** Makes views. What did not change since the last one is shared with it, so a view of a large table costs little. */
final class ViewBuilder {
    private final NodeTable table;
    private final SlotTable slots;
    private final Epochs epochs;
    private final ClusterHealth health;

    private short[] owners;
    private long ownersSlotVersion = -1;
    private long ownersLayoutVersion = -1;

    ViewBuilder(NodeTable table, SlotTable slots, Epochs epochs, ClusterHealth health) {
        this.table = table;
        this.slots = slots;
        this.epochs = epochs;
        this.health = health;
    }

    ClusterView build(long version) {
        NodeView[] nodes = new NodeView[table.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = view(table.at(i));
        }
        ClusterView.Table shown = new ClusterView.Table(nodes, owners(), 0);
        return new ClusterView(version, health.ok(), counts(), shown, openSlots());
    }

    private static NodeView view(Node node) {
        NodeId primary = node.primary == null ? NodeId.NONE : node.primary.id;
        boolean connected = node.outbound != null || node.isMyself();
        NodeView last = node.view;
        boolean same = last != null
                && last.id().equals(node.id)
                && last.address() == node.address
                && last.flags() == node.flags
                && last.primaryId().equals(primary)
                && last.pingSentMs() == node.pingSentMs
                && last.pongReceivedMs() == node.pongReceivedMs
                && last.configEpoch() == node.shownConfigEpoch()
                && last.linkConnected() == connected
                && last.slots() == node.slots()
                && last.replOffset() == node.replOffset;
        if (!same) {
            node.view = new NodeView(
                    node.id,
                    node.address,
                    node.flags,
                    primary,
                    node.pingSentMs,
                    node.pongReceivedMs,
                    node.shownConfigEpoch(),
                    connected,
                    node.slots(),
                    node.replOffset);
        }
        return node.view;
    }

    private short[] owners() {
        boolean current = ownersSlotVersion == slots.version()
                && ownersLayoutVersion == table.layoutVersion();
        if (current) {
            return owners;
        }
        short[] fresh = new short[SlotSet.SLOT_COUNT];
        Arrays.fill(fresh, (short) -1);
        for (int i = 0; i < table.size(); i++) {
            SlotSet owned = table.at(i).slots();
            for (int slot = owned.nextSet(0); slot >= 0; slot = owned.nextSet(slot + 1)) {
                fresh[slot] = (short) i;
            }
        }
        owners = fresh;
        ownersSlotVersion = slots.version();
        ownersLayoutVersion = table.layoutVersion();
        return owners;
    }

    private ClusterCounts counts() {
        int pfail = 0;
        int fail = 0;
        for (Node node : table.all()) {
            if (node.has(NodeFlags.FAIL)) {
                fail += node.slotCount();
            } else if (node.has(NodeFlags.PFAIL)) {
                pfail += node.slotCount();
            }
        }
        return new ClusterCounts(
                slots.assigned(),
                slots.assigned() - pfail - fail,
                pfail,
                fail,
                table.size(),
                health.size(),
                epochs.currentEpoch(),
                table.myself().shownConfigEpoch(),
                epochs.lastVoteEpoch());
    }

    private ClusterView.OpenSlots openSlots() {
        SortedMap<Integer, Node> migrating = slots.migrating();
        SortedMap<Integer, Node> importing = slots.importing();
        if (migrating.isEmpty() && importing.isEmpty()) {
            return ClusterView.OpenSlots.NONE;
        }
        return new ClusterView.OpenSlots(
                numbers(migrating), peers(migrating), numbers(importing), peers(importing));
    }

    private static int[] numbers(SortedMap<Integer, Node> open) {
        return open.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    private static NodeId[] peers(SortedMap<Integer, Node> open) {
        return open.values().stream().map(node -> node.id).toArray(NodeId[]::new);
    }
}
