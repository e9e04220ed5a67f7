package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * Makes views. A published view costs what changed since the one before it: entries note that they changed, and all others
 * are shared with it.
 */
final class ViewBuilder {
    private final NodeTable table;
    private final SlotTable slots;
    private final Epochs epochs;
    private final ClusterHealth health;
    private final Imports.Moving moving;

    private short[] owners;
    private long ownersSlotVersion = -1;
    private long ownersLayoutVersion = -1;
    /** The entries of the last published view, and how many slots those flagged PFAIL and FAIL own in it. */
    private NodeView[] shown = new NodeView[0];

    private long shownLayoutVersion = -1;
    private int pfailSlots;
    private int failSlots;

    ViewBuilder(
            NodeTable table,
            SlotTable slots,
            Epochs epochs,
            ClusterHealth health,
            Imports.Moving moving) {
        this.moving = moving;
        this.table = table;
        this.slots = slots;
        this.epochs = epochs;
        this.health = health;
    }

    /** A view to be published. Times and offsets are those of when each entry last changed otherwise. */
    ClusterView publish(long version) {
        boolean sameLayout = shownLayoutVersion == table.layoutVersion();
        if (!sameLayout) {
            shown = new NodeView[0];
            shownLayoutVersion = table.layoutVersion();
            pfailSlots = 0;
            failSlots = 0;
        }
        NodeView[] nodes = Arrays.copyOf(shown, table.size());
        if (sameLayout) {
            show(nodes, table.myself());
            List<Node> touched = table.touched();
            for (int i = 0; i < touched.size(); i++) {
                Node node = touched.get(i);
                if (node.touched != null) {
                    show(nodes, node);
                }
            }
        } else {
            for (Node node : table.all()) {
                show(nodes, node);
            }
        }
        table.untouch();
        shown = nodes;
        assert showsAll() : "a change of an entry was not noted";
        return view(version, nodes, counts(pfailSlots, failSlots));
    }

    private void show(NodeView[] nodes, Node node) {
        NodeView before = nodes[node.index];
        NodeView now = view(node);
        if (now != before) {
            nodes[node.index] = now;
            pfailSlots += pfailSlots(now) - pfailSlots(before);
            failSlots += failSlots(now) - failSlots(before);
        }
    }

    private boolean showsAll() {
        for (Node node : table.all()) {
            NodeView old = shown[node.index];
            NodeView now = view(node);
            boolean same = old.id().equals(now.id())
                    && old.address().equals(now.address())
                    && old.flags() == now.flags()
                    && old.primaryId().equals(now.primaryId())
                    && old.configEpoch() == now.configEpoch()
                    && old.linkConnected() == now.linkConnected()
                    && old.slots().equals(now.slots());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** A view of what is true at this moment. */
    ClusterView describe(long version) {
        NodeView[] nodes = new NodeView[table.size()];
        int pfail = 0;
        int fail = 0;
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = view(table.at(i));
            pfail += pfailSlots(nodes[i]);
            fail += failSlots(nodes[i]);
        }
        return view(version, nodes, counts(pfail, fail));
    }

    private ClusterView view(long version, NodeView[] nodes, ClusterCounts counts) {
        ClusterView.Table table = new ClusterView.Table(nodes, owners(), 0);
        ClusterView.State state = new ClusterView.State(version, health.ok());
        return new ClusterView(state, counts, table, openSlots(), moving());
    }

    private static int pfailSlots(NodeView node) {
        return node != null && node.isPfail() && !node.isFail() ? node.slots().cardinality() : 0;
    }

    private static int failSlots(NodeView node) {
        return node != null && node.isFail() ? node.slots().cardinality() : 0;
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
        for (int slot = 0; slot < fresh.length; slot++) {
            Node owner = slots.owner(slot);
            fresh[slot] = (short) (owner == null ? -1 : owner.index);
        }
        owners = fresh;
        ownersSlotVersion = slots.version();
        ownersLayoutVersion = table.layoutVersion();
        return owners;
    }

    private ClusterCounts counts(int pfail, int fail) {
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

    private ClusterView.Moving moving() {
        List<ExportView> exports = moving.transfers().exportViews();
        List<ImportView> imports = moving.transfers().importViews();
        if (exports.isEmpty() && imports.isEmpty() && moving.arrivals().isEmpty()) {
            return ClusterView.Moving.NONE;
        }
        SlotSet withheld = new SlotSet();
        moving.arrivals().addTo(withheld);
        for (ExportView export : exports) {
            if (export.state() == ExportView.State.HANDED_OVER) {
                withheld.addAll(export.slots());
            }
        }
        return new ClusterView.Moving(exports, imports, withheld.frozen());
    }

    private static int[] numbers(SortedMap<Integer, Node> open) {
        return open.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    private static NodeId[] peers(SortedMap<Integer, Node> open) {
        return open.values().stream().map(node -> node.id).toArray(NodeId[]::new);
    }
}
