package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.Locale;

/** DEBUG DROP-CLUSTER-PACKET-FILTER and DEBUG CLUSTERLINK KILL: faults of the cluster bus, on demand. */
public final class DebugCluster {
    private final ClusterService cluster;

    /** @param cluster the node's membership, or null when cluster mode is off */
    public DebugCluster(ClusterService cluster) {
        this.cluster = cluster;
    }

    /** Handles the call if it is one of these; false when it is not. */
    public boolean debug(Call call) {
        if (call.is(1, "DROP-CLUSTER-PACKET-FILTER") && call.count() == 3) {
            dropPackets(call);
            return true;
        }
        if (call.is(1, "CLUSTERLINK") && call.count() == 5 && call.is(2, "KILL")) {
            breakLinks(call);
            return true;
        }
        return false;
    }

    private void dropPackets(Call call) {
        int typeCode = (int) call.integer(2);
        if (cluster == null) {
            call.reply().ok();
            return;
        }
        cluster.ask(call.suspend(), (gossip, nowMs) -> {
            cluster.dropPackets(typeCode);
            return reply -> reply.ok();
        });
    }

    private void breakLinks(Call call) {
        if (cluster == null) {
            throw new ErrorReply("ERR Debug option only available for cluster mode enabled setup!");
        }
        String direction = call.text(3);
        String node = call.text(4);
        cluster.ask(call.suspend(), (gossip, nowMs) -> {
            String refusal = breakLinks(gossip, nowMs, direction, node);
            return refusal == null ? reply -> reply.ok() : OperatorReplies.error(refusal);
        });
    }

    /** Why it is refused, or null. */
    private String breakLinks(Gossip gossip, long nowMs, String direction, String node) {
        if (ClusterReadCommands.find(gossip.describe(), node) == null) {
            return "Unknown node " + node;
        }
        String which = direction.toLowerCase(Locale.ROOT);
        boolean all = which.equals("all");
        boolean to = all || which.equals("to");
        boolean from = all || which.equals("from");
        if (!to && !from) {
            return "Unknown direction " + direction;
        }
        NodeId id = NodeId.parse(node);
        cluster.breakLinks(
                gossip, nowMs, link -> id.equals(link.node()) && (link.outbound() ? to : from));
        return null;
    }
}
