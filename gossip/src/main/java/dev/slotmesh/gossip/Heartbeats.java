package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.Payload;
import dev.slotmesh.bus.PingExtension;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Sends PING, PONG and MEET, and messages to all. */
final class Heartbeats {
    private final NodeTable table;
    private final HeaderWriter headers;
    private final GossipSection gossip;
    private final ExtensionWriter extensions;
    private final Transfers transfers;
    private final Outbox outbox;

    Heartbeats(NodeTable table, GossipSection gossip, Words words, Outbox outbox) {
        this.table = table;
        this.headers = words.headers();
        this.gossip = gossip;
        this.extensions = words.extensions();
        this.transfers = words.transfers();
        this.outbox = outbox;
    }

    /** What a node says of itself before and after the gossip section. */
    record Words(HeaderWriter headers, ExtensionWriter extensions, Transfers transfers) {}

    /** PINGs over the node's outbound link, which is established; the answer is awaited from now on. */
    void ping(long nowMs, Node node) {
        node.pingSentMs = nowMs;
        node.askedMs = nowMs;
        table.watch().add(node);
        node.acquaintance.pingDue = false;
        send(HeartbeatKind.PING, node.outbound, extensions.full(nowMs, node));
    }

    /** PINGs; on a link that is yet to be established the PING follows by itself, and the wait for the answer starts now. */
    void ask(long nowMs, Node node) {
        if (node.pingSentMs == 0 && node.connected()) {
            ping(nowMs, node);
        } else if (node.pingSentMs == 0) {
            node.pingSentMs = nowMs;
            table.watch().add(node);
        }
    }

    /**
     * PINGs a node with a link, also while an answer is awaited: the one under way may not know what this node has learnt since. How
     * long the node has been silent stays as it is.
     */
    void pingAgain(long nowMs, Node node) {
        if (node.pingSentMs == 0) {
            ping(nowMs, node);
        } else {
            send(HeartbeatKind.PING, node.outbound, extensions.full(nowMs, node));
        }
    }

    /** Introduces this node over the other's outbound link, which is established. No answer is awaited. */
    void meet(long nowMs, Node node) {
        meet(nowMs, node, 0);
    }

    /** The same for an operator, whose wish counts with a node that was told to forget this one. */
    void operatorsMeet(long nowMs, Node node) {
        meet(nowMs, node, MessageFlags.OPERATOR_MEET);
    }

    private void meet(long nowMs, Node node, int moreFlags) {
        node.acquaintance.meetSentMs = nowMs;
        node.acquaintance.met = true;
        node.outbound.pingsSent++;
        outbox.send(
                node.outbound,
                heartbeat(HeartbeatKind.MEET, node, moreFlags, extensions.full(nowMs, node)));
    }

    /** Answers on the link a PING or MEET came in on. */
    void pong(Link link) {
        send(HeartbeatKind.PONG, link, extensions.brief(link.node));
    }

    /** The same to a Slotmesh node that is not in the table: if it was forgotten, it is told, lest it asks on. */
    void pongToStranger(long nowMs, Link link, NodeId stranger) {
        send(HeartbeatKind.PONG, link, extensions.toStranger(nowMs, stranger));
    }

    /** Tells everybody how this node stands, without waiting for the next heartbeat. */
    void broadcastPong() {
        for (Node node : table.all()) {
            if (isBroadcastTarget(node)) {
                send(HeartbeatKind.PONG, node.outbound, extensions.brief(node));
            }
        }
    }

    /** The same, and the replicas of this node are told first: whatever happens next, they have to know. */
    void broadcastPongToOwnFirst() {
        Node myself = table.myself();
        for (Node replica : myself.replicas) {
            if (isBroadcastTarget(replica)) {
                send(HeartbeatKind.PONG, replica.outbound, extensions.brief(replica));
            }
        }
        for (Node node : table.all()) {
            if (isBroadcastTarget(node) && node.primary != myself) {
                send(HeartbeatKind.PONG, node.outbound, extensions.brief(node));
            }
        }
    }

    /** Tells those that understand it which nodes to forget, without waiting for the next heartbeat. */
    void tellForgotten(long nowMs) {
        for (Node node : table.all()) {
            if (isBroadcastTarget(node) && node.readsExtensions) {
                send(HeartbeatKind.PONG, node.outbound, extensions.full(nowMs, node));
            }
        }
    }

    /** Sends a message to everybody with a link who is wanted. */
    void broadcast(Function<Header, BusMessage> message, Predicate<Node> wanted) {
        BusMessage ready = message.apply(headers.write(0));
        for (Node node : table.all()) {
            if (isBroadcastTarget(node) && wanted.test(node)) {
                outbox.send(node.outbound, ready);
            }
        }
    }

    /** Sends a message to the primaries with slots, who are those that vote. */
    void broadcastToVoters(Function<Header, BusMessage> message) {
        broadcast(message, node -> node.isPrimary() && node.ownsSlots());
    }

    /** Tells these nodes, if they are connected, of changes that have just happened; no answer is wanted. */
    void alarm(List<Node> nodes, List<GossipEntry> changes) {
        BusMessage toReaders = null;
        for (Node node : nodes) {
            if (!isBroadcastTarget(node)) {
                continue;
            }
            if (!node.readsExtensions) {
                outbox.send(node.outbound, alarmFor(node, changes));
            } else {
                toReaders = toReaders == null ? alarmFor(node, changes) : toReaders;
                outbox.send(node.outbound, toReaders);
            }
        }
    }

    /** Sends a message to one node if it has a link. */
    void tell(Node node, Function<Header, BusMessage> message) {
        if (node.connected()) {
            outbox.send(node.outbound, message.apply(headers.write(0)));
        }
    }

    /** Spreads a published message to all, or to the other nodes of this shard (cluster bus facts, section 21). */
    void publish(boolean sharded, Payload channel, Payload message) {
        Node myself = table.myself();
        Node primary = myself.primary == null ? myself : myself.primary;
        broadcast(
                header -> new BusMessage.Publish(header, sharded, channel, message),
                node -> !sharded || node == primary || node.primary == primary);
    }

    /** Whether the node is a member with an established link. */
    static boolean isBroadcastTarget(Node node) {
        return !node.has(NodeFlags.MYSELF | NodeFlags.HANDSHAKE) && node.connected();
    }

    private void send(HeartbeatKind kind, Link link, List<PingExtension> more) {
        link.pingsSent += kind == HeartbeatKind.PING ? 1 : 0;
        outbox.send(link, heartbeat(kind, link.node, 0, more));
    }

    private BusMessage alarmFor(Node receiver, List<GossipEntry> changes) {
        Header header =
                headers.write(MessageFlags.EXT_DATA | MessageFlags.ALARM | MessageFlags.LISTED);
        return new BusMessage.Heartbeat(
                HeartbeatKind.PONG, header, changes, extensions.brief(receiver));
    }

    /**
     * EXT_DATA is set even without extensions: later versions take it as "understands extensions" and only then tell their
     * host names; 7.0 does not mind.
     */
    private BusMessage heartbeat(
            HeartbeatKind kind, Node receiver, int moreFlags, List<PingExtension> more) {
        boolean listed = receiver != null && !receiver.inHandshake();
        int flags = MessageFlags.EXT_DATA | moreFlags;
        List<PingExtension> extended = more;
        if (listed) {
            flags |= MessageFlags.LISTED | transfers.flagsFor(receiver);
            extended = receiver.primary == table.myself() ? withApartSlots(more) : more;
        }
        Header header = headers.write(flags);
        return new BusMessage.Heartbeat(kind, header, gossip.build(receiver), extended);
    }

    private List<PingExtension> withApartSlots(List<PingExtension> more) {
        List<PingExtension> apart = transfers.told();
        if (apart.isEmpty()) {
            return more;
        }
        List<PingExtension> all = new ArrayList<>(more);
        all.addAll(apart);
        return all;
    }
}
