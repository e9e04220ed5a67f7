package dev.slotmesh.gossip;

import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;

import java.util.random.RandomGenerator;

/**
 * From an address to a node (cluster bus facts, section 4). A handshake is an entry under a random id, made by CLUSTER MEET or by
 * a MEET packet; the first answer on its link gives it its id, or shows that the node is in the table already.
 */
final class Handshakes {
    private static final int MAX_PORT = 65_535;

    private final NodeTable table;
    private final Links links;
    private final Introductions introductions;
    private final Ends ends;
    private final RandomGenerator random;

    Handshakes(
            NodeTable table,
            Links links,
            Introductions introductions,
            Ends ends,
            RandomGenerator random) {
        this.table = table;
        this.links = links;
        this.introductions = introductions;
        this.ends = ends;
        this.random = random;
    }

    /** How an entry leaves the state of handshake. */
    record Ends(
            Addresses addresses,
            Departures departures,
            Heartbeats heartbeats,
            Tombstones tombstones,
            Pending pending) {}

    /** CLUSTER MEET; a handshake with that address that is under way already is left to itself. */
    OperatorResult meet(long nowMs, String ip, long port, long busPort) {
        boolean usable = Literals.isIp(ip)
                && port > 0
                && port <= MAX_PORT
                && busPort > 0
                && busPort <= MAX_PORT;
        if (!usable) {
            return new OperatorResult.Rejected(
                    "Invalid node address specified: " + ip + ":" + port);
        }
        NodeAddress address =
                new NodeAddress(IpText.normalized(ip), (int) port, 0, (int) busPort, "");
        Node node = underWay(address);
        if (node == null) {
            node = start(nowMs, address, NodeFlags.MEET);
        }
        if (node.acquaintance.meeting == null) {
            node.acquaintance.meeting =
                    new Acquaintance.Meeting(address.ip(), address.port(), nowMs);
            node.raise(NodeFlags.MEET);
        }
        node.acquaintance.invitedMs = nowMs;
        return OperatorResult.OK;
    }

    /** A MEET of a sender not in the table: it is to be asked who it is, at the address it gives. */
    void asked(long nowMs, Link link, Header header) {
        long invitedMs = isOperatorsMeet(header) ? nowMs : 0;
        if (!ends.tombstones().admits(nowMs, header.sender(), invitedMs)) {
            ends.pending().outbox().notice(new Notice.MeetRefused(header.sender()));
            return;
        }
        NodeAddress address = ends.addresses().ofSender(link, header);
        boolean usable =
                Literals.isAddress(address.ip()) && address.port() != 0 && address.busPort() != 0;
        Node underWay = underWay(address);
        if (underWay != null) {
            underWay.acquaintance.invitedMs = Math.max(underWay.acquaintance.invitedMs, invitedMs);
        } else if (usable && !table.full()) {
            Node node = start(nowMs, address, 0);
            node.acquaintance.invitedMs = invitedMs;
            ends.pending().agenda().save();
            ends.pending()
                    .outbox()
                    .notice(new Notice.HandshakeStarted(address.ip(), address.port(), node.id));
        }
    }

    /** The connection to a node is up: it is met while the MEET flag is on, else asked. A pending PING keeps its time. */
    void connected(long nowMs, Node node) {
        long pendingSinceMs = node.pingSentMs;
        node.acquaintance.reached = true;
        if (node.has(NodeFlags.MEET)) {
            ends.heartbeats().operatorsMeet(nowMs, node);
        } else {
            ends.heartbeats().ping(nowMs, node);
            node.pingSentMs = pendingSinceMs == 0 ? nowMs : pendingSinceMs;
        }
    }

    /**
     * An answer on the outbound link of a handshake. {@code sender} is the entry of the header's id, or null.
     *
     * @return whether the packet is dealt with: the handshake was one too many and is gone with its link
     */
    boolean answered(long nowMs, Link link, Node sender, Header header) {
        Node node = link.node;
        Outbox outbox = ends.pending().outbox();
        if (sender != null) {
            outbox.notice(new Notice.HandshakeKnown(sender.id));
            ends.addresses().senderIsAt(nowMs, sender, link, header);
            sender.acquaintance.invitedMs =
                    Math.max(sender.acquaintance.invitedMs, node.acquaintance.invitedMs);
            handOver(node, sender);
            ends.departures().remove(nowMs, node);
            ends.pending().agenda().save();
            return true;
        }
        if (!header.sender().isWellFormed()) {
            return true;
        }
        if (!ends.tombstones().admits(nowMs, header.sender(), node.acquaintance.invitedMs)) {
            end(nowMs, node, header.sender(), MeetOutcome.FORGOTTEN);
            return true;
        }
        outbox.notice(new Notice.HandshakeCompleted(header.sender()));
        table.rename(node, header.sender());
        node.clear(NodeFlags.HANDSHAKE | NodeFlags.MEET);
        node.raise(header.nodeFlags() & (NodeFlags.PRIMARY | NodeFlags.REPLICA));
        node.acquaintance.answered = true;
        introductions.joined(nowMs, node);
        ends.pending().agenda().save();
        ends.pending().agenda().evaluateState();
        return false;
    }

    /** Deletes the entry if it is a handshake whose time is over. */
    void expire(long nowMs, Node node, long timeoutMs) {
        if (!node.inHandshake() || nowMs - node.createdMs <= timeoutMs) {
            return;
        }
        if (node.acquaintance.meeting == null) {
            Notice expired = new Notice.HandshakeExpired(node.address.ip(), node.address.port());
            ends.pending().outbox().notice(expired);
        }
        boolean reached = node.acquaintance.reached;
        introductions.conclude(
                node, null, reached ? MeetOutcome.TIMED_OUT : MeetOutcome.UNREACHABLE);
        ends.departures().remove(nowMs, node);
        ends.pending().agenda().publish();
    }

    /** A node was told to go: a handshake with its address must not bring it back. */
    void abandon(long nowMs, NodeAddress address) {
        Node node = underWay(address);
        if (node != null) {
            end(nowMs, node, null, MeetOutcome.FORGOTTEN);
        }
    }

    private void end(long nowMs, Node handshake, NodeId peer, MeetOutcome outcome) {
        introductions.conclude(handshake, peer, outcome);
        ends.departures().remove(nowMs, handshake);
        ends.pending().agenda().publish();
    }

    private static boolean isOperatorsMeet(Header header) {
        int flags = header.messageFlags();
        return MessageFlags.isSlotmesh(flags)
                && MessageFlags.has(flags, MessageFlags.OPERATOR_MEET);
    }

    private Node start(long nowMs, NodeAddress address, int moreFlags) {
        Node node =
                new Node(RandomIds.next(random), NodeFlags.HANDSHAKE | moreFlags, address, nowMs);
        table.add(node);
        links.open(nowMs, node);
        ends.pending().agenda().publish();
        return node;
    }

    /** The handshake with that address, or null. */
    private Node underWay(NodeAddress address) {
        for (Node node : table.all()) {
            if (node.inHandshake() && node.address.sameEndpoint(address)) {
                return node;
            }
        }
        return null;
    }

    /** The operator's MEET of a handshake that turned out to be one too many. */
    private void handOver(Node handshake, Node known) {
        Acquaintance.Meeting meeting = handshake.acquaintance.meeting;
        if (known.isMyself()) {
            introductions.conclude(handshake, known.id, MeetOutcome.MYSELF);
        } else if (meeting != null && isBeingJoined(known, meeting)) {
            // Both met each other, or gossip was faster: it is this MEET that is about to succeed.
            handshake.acquaintance.meeting = null;
            known.acquaintance.meeting =
                    known.acquaintance.meeting == null ? meeting : known.acquaintance.meeting;
        } else {
            introductions.conclude(handshake, known.id, MeetOutcome.ALREADY_KNOWN);
        }
    }

    private static boolean isBeingJoined(Node known, Acquaintance.Meeting meeting) {
        Acquaintance acquaintance = known.acquaintance;
        return acquaintance.fresh
                && !acquaintance.mutual
                && known.createdMs - meeting.startedMs >= 0;
    }
}
