package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.bus.SlotRange;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.cluster.Endpoints;
import dev.slotmesh.server.config.EndpointType;

import java.util.ArrayList;
import java.util.List;

/** CLUSTER SLOTS and CLUSTER SHARDS of a view (cluster bus facts, sections 17.2, 17.3 and 24). */
final class TopologyReplies {
    private static final int SHARD_NODE_FIELDS = 6;

    private final Endpoints endpoints;

    TopologyReplies(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** A run of slots with one owner, the position of a node in its view. */
    private record Run(int first, int last, int owner) {}

    /** Array of {@code [start, end, primary, replica ...]}, one for each maximal run of slots with the same owner. */
    void slots(ReplyEncoder reply, ClusterView view) {
        List<Run> runs = runs(view);
        reply.array(runs.size());
        for (Run run : runs) {
            NodeView owner = view.node(run.owner());
            List<NodeView> replicas = view.replicasOf(owner.id()).stream()
                    .filter(node -> !node.isFail() && node.replOffset() != 0)
                    .toList();
            reply.array(3 + replicas.size());
            reply.integer(run.first());
            reply.integer(run.last());
            slotNode(reply, owner);
            replicas.forEach(node -> slotNode(reply, node));
        }
    }

    private static List<Run> runs(ClusterView view) {
        List<Run> runs = new ArrayList<>();
        int first = 0;
        for (int slot = 1; slot <= HashSlot.SLOT_COUNT; slot++) {
            int owner = view.ownerIndex(first);
            if (slot == HashSlot.SLOT_COUNT || view.ownerIndex(slot) != owner) {
                if (owner >= 0) {
                    runs.add(new Run(first, slot - 1, owner));
                }
                first = slot;
            }
        }
        return runs;
    }

    private void slotNode(ReplyEncoder reply, NodeView node) {
        boolean ip = endpoints.type() != EndpointType.IP;
        boolean hostname = endpoints.type() != EndpointType.HOSTNAME
                && !node.address().hostname().isEmpty();
        reply.array(4);
        String endpoint = endpoints.of(node);
        if (endpoint == null) {
            reply.nullBulk();
        } else {
            reply.bulk(endpoint);
        }
        reply.integer(node.address().port());
        reply.bulk(node.id().toString());
        reply.map((ip ? 1 : 0) + (hostname ? 1 : 0));
        if (ip) {
            reply.bulk("ip");
            reply.bulk(node.address().ip());
        }
        if (hostname) {
            reply.bulk("hostname");
            reply.bulk(node.address().hostname());
        }
    }

    /** Array of maps {@code slots, nodes}, one for each primary with or without slots. */
    void shards(ReplyEncoder reply, ClusterView view) {
        List<NodeView> primaries =
                view.nodes().stream().filter(NodeView::isPrimary).toList();
        reply.array(primaries.size());
        for (NodeView primary : primaries) {
            List<SlotRange> ranges = primary.slots().ranges();
            reply.map(2);
            reply.bulk("slots");
            reply.array(2 * ranges.size());
            for (SlotRange range : ranges) {
                reply.integer(range.first());
                reply.integer(range.last());
            }
            List<NodeView> replicas = view.replicasOf(primary.id());
            reply.bulk("nodes");
            reply.array(1 + replicas.size());
            shardNode(reply, primary);
            replicas.forEach(node -> shardNode(reply, node));
        }
    }

    private void shardNode(ReplyEncoder reply, NodeView node) {
        boolean port = node.address().port() != 0;
        boolean hostname = !node.address().hostname().isEmpty();
        reply.map(SHARD_NODE_FIELDS + (port ? 1 : 0) + (hostname ? 1 : 0));
        reply.bulk("id");
        reply.bulk(node.id().toString());
        if (port) {
            reply.bulk("port");
            reply.integer(node.address().port());
        }
        reply.bulk("ip");
        reply.bulk(node.address().ip());
        String endpoint = endpoints.of(node);
        reply.bulk("endpoint");
        // Unlike CLUSTER SLOTS this reply has no null for an unknown endpoint.
        reply.bulk(endpoint == null ? "" : endpoint);
        if (hostname) {
            reply.bulk("hostname");
            reply.bulk(node.address().hostname());
        }
        reply.bulk("role");
        reply.bulk(node.isReplica() ? "replica" : "master");
        reply.bulk("replication-offset");
        reply.integer(node.replOffset());
        reply.bulk("health");
        reply.bulk(health(node));
    }

    private static String health(NodeView node) {
        if (node.isFail()) {
            return "fail";
        }
        return node.isReplica() && node.replOffset() == 0 ? "loading" : "online";
    }
}
