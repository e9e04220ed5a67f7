package dev.slotmesh.gossip;

import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * Makes acquaintance mutual, and tells operators what became of their MEETs. In Redis a MEET that gets lost, or whose other half
 * expires, leaves one node listing the other and not the reverse, in silence (cluster bus facts, section 4.7). Here:
 *
 * <ul>
 *   <li>the MEET flag stays until any PING, PONG or MEET of the node arrives;
 *   <li>a known node that answers but has no inbound link, or one left over from a handshake, is sent a MEET again: once soon
 *       after it was learnt, then at most once per handshake timeout;
 *   <li>this ends when the node shows that it lists this one. A Slotmesh node says so in each heartbeat; of another a second packet on
 *       its link shows it, since a handshake sends one, or a link that outlives every handshake. From then on a missing
 *       inbound link means that the other was told to forget this node or was reset, and meeting it again would undo that.
 *       The same holds for nodes known from nodes.conf, but for those it names as unconfirmed.
 * </ul>
 *
 * A MEET is sent unasked only to a node whose id an answer has confirmed, so that an address reused by another cluster
 * cannot tie the two together.
 */
final class Introductions {
    /** How long a node learnt by gossip has to connect by itself before it is met. */
    private static final long GRACE_MS = 200;
    /** How many peers get a heartbeat in a tick that has news. */
    private static final int PEERS_TOLD_PER_TICK = 3;

    /**
     * A link that lives for so many handshake timeouts is not one of a handshake: that ends after one, and the end of its link may be
     * on its way for another two. After one alone it may simply not be known yet that it ended.
     */
    private static final int TIMEOUTS_TO_OUTLIVE = 3;

    private final NodeTable table;
    private final Links links;
    private final News news;
    private final Heartbeats heartbeats;
    private final Pending pending;

    /** Places in the table of listed nodes that have yet to show that they list this one, as of that layout. */
    private BitSet unconfirmed = new BitSet();

    private long unconfirmedLayout = -1;

    Introductions(NodeTable table, Links links, News news, Heartbeats heartbeats, Pending pending) {
        this.table = table;
        this.links = links;
        this.news = news;
        this.heartbeats = heartbeats;
        this.pending = pending;
    }

    /**
     * Gossip named a node: it enters the table under its id, is connected to at once, and told on. It is stored, for it will soon be told
     * that it is listed, and who told of it may be gone after a restart.
     */
    void learn(long nowMs, NodeId id, NodeAddress address, int flags) {
        Node node = new Node(id, flags, address, nowMs);
        node.acquaintance.fresh = true;
        node.failedMs = node.has(NodeFlags.FAIL) ? nowMs : 0;
        table.add(node);
        noteConfirmation(node);
        links.open(nowMs, node);
        news.announce(nowMs, node);
        pending.agenda().save();
        pending.outbox().notice(new Notice.NodeAdded(id, address.ip(), address.port()));
    }

    /** A handshake ended with a new node: it is asked at once, and told on. */
    void joined(long nowMs, Node node) {
        node.acquaintance.fresh = true;
        noteConfirmation(node);
        node.acquaintance.inboundMissingSinceMs = nowMs;
        node.acquaintance.pingDue = true;
        news.announce(nowMs, node);
    }

    /** Sends a PING that is wanted sooner than the heartbeat rules say, if it can be sent. */
    void pingIfDue(long nowMs, Node node) {
        if (node.acquaintance.pingDue && node.connected() && node.pingSentMs == 0) {
            heartbeats.ping(nowMs, node);
        }
    }

    /** A valid packet of a known sender came in. */
    void heard(long nowMs, Node sender, Link link, Header header) {
        Acquaintance acquaintance = sender.acquaintance;
        if (!acquaintance.mutual && showsMembership(link, header)) {
            becomeMutual(sender);
            // From now on it takes in what this node says.
            acquaintance.pingDue = acquaintance.fresh;
            pingIfDue(nowMs, sender);
        } else if (!link.outbound() && link.packets == 1) {
            acquaintance.pingDue = acquaintance.fresh;
        }
    }

    /** A Slotmesh node says so; any other one by what it sends: on a connection it made, a handshake sends one packet. */
    private static boolean showsMembership(Link link, Header header) {
        return MessageFlags.isSlotmesh(header.messageFlags())
                ? MessageFlags.has(header.messageFlags(), MessageFlags.LISTED)
                : !link.outbound() && link.packets > 1;
    }

    /** The tick's share for one node: a PING that is due, a MEET that is missing, an outcome that is overdue. */
    void attend(long nowMs, Node node, long handshakeTimeoutMs) {
        Acquaintance acquaintance = node.acquaintance;
        pingIfDue(nowMs, node);
        if (acquaintance.mutual || !acquaintance.fresh) {
            return;
        }
        if (node.inbound != null) {
            long ageMs = nowMs - node.inbound.createdMs();
            if (!node.isSlotmesh() && ageMs > TIMEOUTS_TO_OUTLIVE * handshakeTimeoutMs) {
                becomeMutual(node);
            }
            if (!node.isSlotmesh() || ageMs <= handshakeTimeoutMs) {
                return;
            }
        }
        meetAgain(nowMs, node, handshakeTimeoutMs);
        reportOneSided(nowMs, node, handshakeTimeoutMs);
    }

    /**
     * Places in the table of listed nodes that have yet to show that they list this one: a restart must not make an end of it. The
     * caller's own. Kept up to date rather than searched for, since in a large cluster that forms, it is wanted with every packet.
     */
    BitSet unconfirmed() {
        if (unconfirmedLayout != table.layoutVersion()) {
            unconfirmedLayout = table.layoutVersion();
            unconfirmed = searched();
        }
        assert unconfirmed.equals(searched()) : "a change of an acquaintance was not noted";
        return (BitSet) unconfirmed.clone();
    }

    private BitSet searched() {
        BitSet found = new BitSet();
        for (Node node : table.all()) {
            found.set(node.index, isUnconfirmed(node));
        }
        return found;
    }

    private static boolean isUnconfirmed(Node node) {
        return node.acquaintance.unconfirmed() && !node.inHandshake();
    }

    private void noteConfirmation(Node node) {
        unconfirmed.set(node.index, isUnconfirmed(node));
    }

    /** While there are news, a few peers per tick are told without waiting for their heartbeat. */
    void spreadNews(long nowMs, RandomGenerator random) {
        if (!news.any(nowMs)) {
            return;
        }
        int told = 0;
        for (int draws = 0;
                draws < 3 * PEERS_TOLD_PER_TICK && told < PEERS_TOLD_PER_TICK;
                draws++) {
            Node node = table.at(random.nextInt(table.size()));
            boolean reachable = node.connected() && node.pingSentMs == 0 && !node.inHandshake();
            if (reachable && !node.isMyself()) {
                heartbeats.ping(nowMs, node);
                told++;
            }
        }
    }

    /** The node was told to forget this one: meeting it again would undo that, now or when it has forgotten the order. */
    void disowned(Node node) {
        if (node.acquaintance.unconfirmed()) {
            node.acquaintance.fresh = false;
            noteConfirmation(node);
            pending.agenda().save();
            conclude(node, node.id, MeetOutcome.DISOWNED);
        }
    }

    /** Reports how a node's MEET ended, if it came from one. */
    void conclude(Node node, NodeId peer, MeetOutcome outcome) {
        Acquaintance.Meeting meeting = node.acquaintance.meeting;
        if (meeting != null) {
            pending.outbox().notice(new Notice.MeetEnded(meeting.ip, meeting.port, peer, outcome));
            node.acquaintance.meeting = outcome.last() ? null : meeting;
        }
    }

    private void becomeMutual(Node node) {
        boolean news = node.acquaintance.unconfirmed();
        node.acquaintance.mutual = true;
        noteConfirmation(node);
        if (news) {
            pending.agenda().save();
        }
        conclude(node, node.id, MeetOutcome.JOINED);
    }

    private void meetAgain(long nowMs, Node node, long handshakeTimeoutMs) {
        boolean answers = node.connected()
                && node.acquaintance.answered
                && !node.has(NodeFlags.HANDSHAKE | NodeFlags.PFAIL | NodeFlags.FAIL);
        if (!answers) {
            return;
        }
        Acquaintance acquaintance = node.acquaintance;
        long patienceMs = acquaintance.met ? handshakeTimeoutMs : GRACE_MS;
        boolean overdue = nowMs - acquaintance.inboundMissingSinceMs > patienceMs
                && nowMs - acquaintance.meetSentMs > patienceMs;
        if (overdue) {
            pending.outbox().notice(new Notice.MeetRepeated(node.id));
            heartbeats.meet(nowMs, node);
        }
    }

    private void reportOneSided(long nowMs, Node node, long handshakeTimeoutMs) {
        Acquaintance.Meeting meeting = node.acquaintance.meeting;
        if (meeting != null
                && !meeting.reportedOneSided
                && nowMs - meeting.startedMs > 2 * handshakeTimeoutMs) {
            meeting.reportedOneSided = true;
            conclude(node, node.id, MeetOutcome.NOT_RECIPROCATED);
        }
    }
}
