package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.SortedMap;

/** Fills the tables from a configuration (cluster bus facts, section 16). */
final class ConfigurationLoader {
    private final NodeTable table;
    private final SlotTable slots;
    private final Roles roles;
    private final Epochs epochs;
    private final Private others;

    ConfigurationLoader(
            NodeTable table, SlotTable slots, Roles roles, Epochs epochs, Private others) {
        this.table = table;
        this.slots = slots;
        this.roles = roles;
        this.epochs = epochs;
        this.others = others;
    }

    /** Where the vars go that only this kind of node keeps. */
    record Private(ShardIds shards, Tombstones tombstones, Transfers transfers) {}

    /** The entry of this node itself, which a table starts with. */
    static Node myself(ClusterConfiguration configuration) {
        StoredNode stored = configuration.myself();
        int flags = stored.flags()
                & ~(NodeFlags.PFAIL | NodeFlags.FAIL | NodeFlags.NOADDR | NodeFlags.HANDSHAKE);
        Node myself = new Node(stored.id(), flags, stored.address(), 0);
        myself.configEpoch = stored.configEpoch();
        return myself;
    }

    void load(long nowMs, ClusterConfiguration configuration) {
        for (StoredNode stored : configuration.nodes()) {
            if (!NodeFlags.has(stored.flags(), NodeFlags.MYSELF)) {
                addPeer(nowMs, stored);
            }
        }
        for (StoredNode stored : configuration.nodes()) {
            Node node = table.find(stored.id());
            takeSlots(node, stored.slots());
            if (!stored.primaryId().isNone()) {
                roles.joinPrimary(node, peer(nowMs, stored.primaryId()));
            }
        }
        for (StoredNode stored : configuration.nodes()) {
            mark(nowMs, stored.migrating(), slots.migrating());
            mark(nowMs, stored.importing(), slots.importing());
        }
        for (NodeId id : configuration.vars().unconfirmed()) {
            Node node = table.find(id);
            if (node != null) {
                node.acquaintance.fresh = !node.isMyself();
            }
        }
        epochs.load(configuration.currentEpoch(), configuration.lastVoteEpoch());
        others.shards().load(configuration.vars().shardId());
        others.tombstones().load(nowMs, configuration.vars().forgotten());
        others.transfers().load(configuration.vars(), table.myself().isPrimary());
    }

    private void addPeer(long nowMs, StoredNode stored) {
        Node node = new Node(stored.id(), stored.flags(), stored.address(), nowMs);
        node.configEpoch = stored.configEpoch();
        node.pingSentMs = stored.pingPending() ? nowMs : 0;
        node.pongReceivedMs = stored.pongSeen() ? nowMs : 0;
        node.failedMs = node.has(NodeFlags.FAIL) ? nowMs : 0;
        table.add(node);
    }

    /** Of two lines that claim a slot the first one has it, as Redis loads it. */
    private void takeSlots(Node node, SlotSet claimed) {
        for (int slot = claimed.nextSet(0); slot >= 0; slot = claimed.nextSet(slot + 1)) {
            if (slots.owner(slot) == null) {
                slots.assign(slot, node);
            }
        }
        node.shareSlots(claimed);
    }

    private void mark(
            long nowMs, SortedMap<Integer, NodeId> stored, SortedMap<Integer, Node> open) {
        stored.forEach((slot, id) -> open.put(slot, peer(nowMs, id)));
    }

    /** The node of that id; one that is named but has no line of its own becomes an entry without address and role. */
    private Node peer(long nowMs, NodeId id) {
        Node node = table.find(id);
        if (node == null) {
            node = new Node(id, 0, NodeAddress.ofPorts(0, 0), nowMs);
            table.add(node);
        }
        return node;
    }
}
