package dev.slotmesh.gossip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The TCP connections of the bus: per peer one this node opened, on which it asks, and one it accepted, on which it
 * answers (cluster bus facts, section 5).
 */
final class Links {
    private final NodeTable table;
    private final Outbox outbox;
    /** For lookup only: its order is never looked at. */
    private final Map<LinkId, Link> byId = new HashMap<>();

    private long lastNumber;

    Links(NodeTable table, Outbox outbox) {
        this.table = table;
        this.outbox = outbox;
    }

    /** The live link of that handle, or null. */
    Link find(LinkId id) {
        return byId.get(id);
    }

    int count() {
        return byId.size();
    }

    /** Asks for a connection to the node, unless there is one or its address is unknown. */
    void open(long nowMs, Node node) {
        boolean known = !node.address.ip().isEmpty() && node.address.busPort() != 0;
        if (node.outbound != null || node.isMyself() || !known) {
            return;
        }
        Link link = create(true, nowMs);
        link.node = node;
        node.changeOutbound(link);
        table.watch().add(node);
        outbox.open(link.id(), node.busAddress());
    }

    Link accept(long nowMs, LinkContext context) {
        Link link = create(false, nowMs);
        link.establish(context);
        return link;
    }

    /** A packet showed whose inbound link this is; an older one of that node is dropped. */
    void bind(long nowMs, Link inbound, Node node) {
        if (node.inbound != null) {
            drop(nowMs, node.inbound);
        }
        inbound.node = node;
        node.inbound = inbound;
    }

    /** Closes a connection from this side. Null is no connection. */
    void drop(long nowMs, Link link) {
        if (link != null) {
            outbox.close(link.id());
            gone(nowMs, link);
        }
    }

    /** A connection no longer exists. */
    void gone(long nowMs, Link link) {
        byId.remove(link.id());
        Node node = link.node;
        if (node == null) {
            return;
        }
        if (link.outbound()) {
            node.changeOutbound(null);
            table.watch().add(node);
        } else {
            node.inbound = null;
            node.acquaintance.inboundMissingSinceMs = nowMs;
        }
        link.node = null;
    }

    /** The links of known nodes, for each node the outbound one first. */
    List<LinkView> views() {
        List<LinkView> views = new ArrayList<>();
        for (Node node : table.all()) {
            addView(views, node.outbound);
            addView(views, node.inbound);
        }
        return views;
    }

    private static void addView(List<LinkView> views, Link link) {
        if (link != null) {
            views.add(new LinkView(link.id(), link.outbound(), link.node.id, link.createdMs()));
        }
    }

    private Link create(boolean outbound, long nowMs) {
        Link link = new Link(new LinkId(++lastNumber), outbound, nowMs);
        byId.put(link.id(), link);
        return link;
    }
}
