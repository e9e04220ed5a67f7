package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.LinkView;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.transport.SendQueue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The CLUSTER subcommands that only tell: NODES, SLOTS, SHARDS, LINKS, INFO, MYID, REPLICAS. */
final class ClusterReadCommands {
    private final ClusterService cluster;
    private final TopologyReplies topology;

    ClusterReadCommands(ClusterService cluster) {
        this.cluster = cluster;
        this.topology = new TopologyReplies(cluster.endpoints());
    }

    void bind(CommandBindings bindings) {
        bindings.bind("cluster|nodes", this::nodes)
                .bind("cluster|info", this::info)
                .bind("cluster|slots", this::slots)
                .bind("cluster|shards", this::shards)
                .bind("cluster|links", this::links)
                .bind("cluster|myid", this::myId)
                .bind("cluster|replicas", this::replicas)
                .bind("cluster|slaves", this::replicas);
    }

    /** The node of that id, or null when the text is no id or of nobody known. */
    static NodeView find(ClusterView view, String id) {
        return NodeId.isWellFormed(id) ? view.node(NodeId.parse(id)) : null;
    }

    void nodes(Call call) {
        cluster.ask(call.suspend(), (gossip, nowMs) -> text(gossip.nodesText(false)));
    }

    void info(Call call) {
        cluster.ask(call.suspend(), (gossip, nowMs) -> text(gossip.infoText()));
    }

    private static Consumer<ReplyEncoder> text(String text) {
        return reply -> reply.verbatim("txt", text);
    }

    void slots(Call call) {
        cluster.ask(call.suspend(), (gossip, nowMs) -> {
            ClusterView view = gossip.describe();
            return reply -> topology.slots(reply, view);
        });
    }

    void shards(Call call) {
        cluster.ask(call.suspend(), (gossip, nowMs) -> {
            ClusterView view = gossip.describe();
            return reply -> topology.shards(reply, view);
        });
    }

    void myId(Call call) {
        call.reply().bulk(cluster.view().myId().toString());
    }

    void replicas(Call call) {
        String id = call.text(2);
        cluster.ask(call.suspend(), (gossip, nowMs) -> replicas(gossip, id));
    }

    private static Consumer<ReplyEncoder> replicas(Gossip gossip, String id) {
        ClusterView view = gossip.describe();
        NodeView primary = find(view, id);
        if (primary == null) {
            return OperatorReplies.error("Unknown node " + id);
        }
        if (primary.isReplica()) {
            return OperatorReplies.error("The specified node is not a master");
        }
        List<String> lines = view.replicasOf(primary.id()).stream()
                .map(node -> gossip.nodeLine(node, false))
                .toList();
        return reply -> {
            reply.array(lines.size());
            lines.forEach(reply::bulk);
        };
    }

    /** A link and the state of its queue. */
    private record ShownLink(LinkView link, SendQueue queue) {}

    void links(Call call) {
        cluster.ask(call.suspend(), (gossip, nowMs) -> {
            List<ShownLink> links = new ArrayList<>();
            for (LinkView link : gossip.links()) {
                links.add(new ShownLink(link, cluster.sendQueue(link.link())));
            }
            return reply -> {
                reply.array(links.size());
                links.forEach(link -> link(reply, link.link(), link.queue()));
            };
        });
    }

    private static void link(ReplyEncoder reply, LinkView link, SendQueue queue) {
        reply.map(6);
        reply.bulk("direction");
        reply.bulk(link.outbound() ? "to" : "from");
        reply.bulk("node");
        reply.bulk(link.node().toString());
        reply.bulk("create-time");
        reply.integer(link.createTimeMs());
        reply.bulk("events");
        reply.bulk(queue.events());
        reply.bulk("send-buffer-allocated");
        reply.integer(queue.allocatedBytes());
        reply.bulk("send-buffer-used");
        reply.integer(queue.usedBytes());
    }
}
