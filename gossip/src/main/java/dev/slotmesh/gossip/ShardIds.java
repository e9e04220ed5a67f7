package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

import java.util.random.RandomGenerator;

/**
 * Which shard a node belongs to, a name Redis 7.2 and later give a primary and its replicas together and keep over failovers
 * (cluster bus facts, section 2.6, extension type 3). A node that was never told otherwise is in the shard named after itself:
 * so all replicas of a primary that knows no shards, a 7.0 one, agree on its name without asking each other.
 */
final class ShardIds {
    private final NodeTable table;
    private final Agenda agenda;

    ShardIds(NodeTable table, Pending pending) {
        this.table = table;
        this.agenda = pending.agenda();
    }

    /** The shard of this node; a replica moves to that of its primary. */
    NodeId mine() {
        Node myself = table.myself();
        if (myself.primary != null && !of(myself).equals(of(myself.primary))) {
            myself.shardId = of(myself.primary);
            agenda.save();
        }
        return of(myself);
    }

    /** A node told its shard. */
    void heard(Node sender, NodeId shardId) {
        if (shardId.isWellFormed()) {
            sender.shardId = shardId;
        }
    }

    /** What nodes.conf keeps of it. */
    NodeId stored() {
        Node myself = table.myself();
        return of(myself).equals(myself.id) ? NodeId.NONE : myself.shardId;
    }

    /** Takes up what nodes.conf kept. */
    void load(NodeId stored) {
        table.myself().shardId = stored.isNone() ? null : stored;
    }

    /**
     * This node leaves its shard, by RESET: under a new node ID it is in the one named after it. A replica that keeps its ID
     * may not take that name: the others of its shard may bear it.
     */
    void leave(boolean newId, boolean wasReplica, RandomGenerator random) {
        Node myself = table.myself();
        if (newId) {
            myself.shardId = null;
        } else if (wasReplica) {
            myself.shardId = RandomIds.next(random);
        }
    }

    private static NodeId of(Node node) {
        return node.shardId == null ? node.id : node.shardId;
    }
}
