package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What this node holds true about the cluster at one moment: who owns which slot, who is who, and whether the cluster is
 * up. Immutable; any thread may read it, and the questions of the command path ({@link #isMine}, {@link #owner}, {@link
 * #stateOk}) cost an array access. Slots are 0..16383; a slot outside throws {@link IndexOutOfBoundsException}.
 *
 * <p>A published view is replaced when something changed that routes clients or shows in the structure of the cluster.
 * Ping times and replication offsets move without a new view; {@link Gossip#describe} gives a fresh one.
 */
public final class ClusterView {
    private static final short NOBODY = -1;

    private final long version;
    private final boolean stateOk;
    private final ClusterCounts counts;
    private final NodeView[] nodes;
    private final int myself;
    private final short[] owners;
    private final OpenSlots open;
    private final Moving moving;
    /** Made at the first lookup by id: most views are replaced before anybody asks. */
    private volatile Map<NodeId, NodeView> byId;

    ClusterView(State state, ClusterCounts counts, Table table, OpenSlots open, Moving moving) {
        this.version = state.version();
        this.stateOk = state.ok();
        this.moving = moving;
        this.counts = counts;
        this.nodes = table.nodes();
        this.owners = table.owners();
        this.open = open;
        this.myself = table.myself();
    }

    /** See {@link #version()} and {@link #stateOk()}. */
    record State(long version, boolean ok) {}

    /** Slots that move in one step; those that nobody serves here meanwhile. */
    record Moving(List<ExportView> exports, List<ImportView> imports, SlotSet withheld) {
        static final Moving NONE = new Moving(List.of(), List.of(), SlotSet.none());
    }

    /** The node table and, per slot, the position of its owner in it or -1; neither array is changed any more. */
    record Table(NodeView[] nodes, short[] owners, int myself) {}

    /** Slots being moved, ascending: slot i goes to or comes from peer i. */
    record OpenSlots(int[] migrating, NodeId[] targets, int[] importing, NodeId[] sources) {
        static final OpenSlots NONE =
                new OpenSlots(new int[0], new NodeId[0], new int[0], new NodeId[0]);
    }

    /** Counts the views one machine made; a greater number is newer. */
    public long version() {
        return version;
    }

    /** Whether keys are served at all: {@code cluster_state:ok}. */
    public boolean stateOk() {
        return stateOk;
    }

    /** The numbers of CLUSTER INFO. */
    public ClusterCounts counts() {
        return counts;
    }

    /** Whether this node is the recorded owner of the slot. */
    public boolean isMine(int slot) {
        return owners[slot] == myself;
    }

    /** Position of the slot's owner for {@link #node}, or -1 when nobody owns it. */
    public int ownerIndex(int slot) {
        return owners[slot];
    }

    /** The slot's owner, or null when nobody owns it. */
    public NodeView owner(int slot) {
        short owner = owners[slot];
        return owner == NOBODY ? null : nodes[owner];
    }

    /** The entry at a position 0..{@link #nodeCount}-1. Positions differ from view to view. */
    public NodeView node(int index) {
        return nodes[index];
    }

    /** Number of entries, myself and handshakes included. */
    public int nodeCount() {
        return nodes.length;
    }

    /** All entries in table order: myself first, then in order of arrival. */
    public List<NodeView> nodes() {
        return Collections.unmodifiableList(Arrays.asList(nodes));
    }

    /** The entry of that id, or null when it is not in the table. */
    public NodeView node(NodeId id) {
        Map<NodeId, NodeView> index = byId;
        if (index == null) {
            index = new HashMap<>(nodes.length * 2);
            for (NodeView node : nodes) {
                index.put(node.id(), node);
            }
            byId = index;
        }
        return index.get(id);
    }

    /** This node's own entry. */
    public NodeView myself() {
        return nodes[myself];
    }

    /** Position of this node's own entry. */
    public int myIndex() {
        return myself;
    }

    /** This node's id. */
    public NodeId myId() {
        return nodes[myself].id();
    }

    /** The primary this node replicates, or null when it is a primary or does not know it. */
    public NodeView myPrimary() {
        NodeId primary = nodes[myself].primaryId();
        return primary.isNone() ? null : node(primary);
    }

    /** Known replicas of that node, in table order. */
    public List<NodeView> replicasOf(NodeId primary) {
        List<NodeView> replicas = new ArrayList<>();
        for (NodeView node : nodes) {
            if (primary.equals(node.primaryId())) {
                replicas.add(node);
            }
        }
        return replicas;
    }

    /** The node this slot is migrating to, or null when it is not migrating. */
    public NodeView migratingTo(int slot) {
        return open.migrating().length == 0 ? null : peer(open.migrating(), open.targets(), slot);
    }

    /** The node this slot is being imported from, or null when it is not importing. */
    public NodeView importingFrom(int slot) {
        return open.importing().length == 0 ? null : peer(open.importing(), open.sources(), slot);
    }

    /** Slots of this node on their way to another one in one step, in order of arrival. */
    public List<ExportView> exports() {
        return moving.exports();
    }

    /** Slots on their way to this node's shard in one step, in order of arrival. */
    public List<ImportView> imports() {
        return moving.imports();
    }

    /**
     * Whether the slot is this node's, and nobody may read or write it here: it was handed over, and it is not known yet whether
     * somebody else serves it; or it was claimed, and the majority has yet to hear of that, which takes a round trip.
     */
    public boolean isWithheld(int slot) {
        return moving.withheld().get(slot);
    }

    /** The slots that are migrating away, ascending; a fresh array. */
    public int[] migratingSlots() {
        return open.migrating().clone();
    }

    /** The slots that are being imported, ascending; a fresh array. */
    public int[] importingSlots() {
        return open.importing().clone();
    }

    private NodeView peer(int[] slots, NodeId[] peers, int slot) {
        int found = Arrays.binarySearch(slots, slot);
        return found < 0 ? null : node(peers[found]);
    }
}
