package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Tells at once what Redis leaves to the next heartbeats: that a node turned PFAIL here, or answers again; that somebody should
 * look at a node; that a node failed. All of it travels in gossip entries of unasked PONGs, which a stock peer reads as
 * what they are to it: reports and their withdrawal.
 *
 * <p>In a small cluster every primary with slots is told. In a large one that would be N x N messages when everybody finds the
 * same thing at the same moment, as when a process ends and all its connections break. So there
 *
 * <ul>
 *   <li>opinions go to a few <i>collectors</i>, the same for everybody: the healthy Slotmesh primaries with the smallest ids.
 *       One of them finds the quorum and tells all. While a node stays PFAIL, it is told again, after growing pauses
 *       and to the next collectors;
 *   <li>the request to look at a silent node, which only few have noticed, is passed on once by everyone who gets it, to some
 *       primaries drawn at random, and so reaches all in two or three hops;
 *   <li>what is found within one tick is told in one message.
 * </ul>
 */
final class Alarms {
    /** Up to so many primaries with slots, all of them are told. */
    private static final int SMALL_CLUSTER = 16;

    private static final int COLLECTORS = 3;
    private static final int LOOK_FANOUT = 16;
    /** More wait for the next tick. */
    private static final int MAX_ENTRIES = 512;
    /** Up to so many FAIL messages go one by one to everybody; more of them go to Slotmesh peers in one message. */
    private static final int FEW_FAILURES = 4;
    /** The first is told again after so long, the next after twice that, and so on. */
    private static final long FIRST_RETRY_MS = 1_000;

    private static final int MOST_DOUBLINGS = 30;

    private final NodeTable table;
    private final Heartbeats heartbeats;
    private final Patience patience;
    private final RandomGenerator random;

    /** Nodes this one changed its opinion of, and nodes others should look at; oldest first. */
    private final List<Node> opinions = new ArrayList<>();

    private final List<Node> looks = new ArrayList<>();
    private final List<Node> failures = new ArrayList<>();
    private int attempt;
    private long toldMs;
    private long failuresToldMs;

    Alarms(NodeTable table, Heartbeats heartbeats, Patience patience, RandomGenerator random) {
        this.table = table;
        this.heartbeats = heartbeats;
        this.patience = patience;
        this.random = random;
    }

    /** Whether every entry of a message with that header tells of a change. */
    static boolean isAlarm(Header header) {
        int flags = header.messageFlags();
        return MessageFlags.isSlotmesh(flags) && MessageFlags.has(flags, MessageFlags.ALARM);
    }

    /** The node turned PFAIL here, or is no longer that. */
    void opinionChanged(long nowMs, Node node) {
        node.suspicion.tells = 0;
        node.suspicion.tellAgainMs = nowMs + FIRST_RETRY_MS;
        addOnce(opinions, node);
    }

    /** Few may have noticed that the node is silent. */
    void askToLook(Node node) {
        addOnce(looks, node);
    }

    /** A quorum holds the node for failed. */
    void failed(Node node) {
        addOnce(failures, node);
    }

    /** The tick's share for one node that is PFAIL: as long as no quorum agrees, it is told again. */
    void repeat(long nowMs, Node node) {
        Suspicion suspicion = node.suspicion;
        if (!patience.isWanted() || suspicion.tellAgainMs - nowMs > 0) {
            return;
        }
        suspicion.tells = Math.min(suspicion.tells + 1, MOST_DOUBLINGS);
        suspicion.tellAgainMs = nowMs + Math.min(FIRST_RETRY_MS << suspicion.tells, retryLimitMs());
        attempt = Math.max(attempt, suspicion.tells);
        addOnce(opinions, node);
    }

    private long retryLimitMs() {
        return Math.max(FIRST_RETRY_MS, 2 * patience.nodeTimeoutMs());
    }

    /** The end of an input: tells, unless it did so a moment ago; then the tick will. */
    void tell(long nowMs) {
        if (nowMs - failuresToldMs >= TickRules.PERIOD_MS) {
            tellFailures(nowMs);
        }
        if (nowMs - toldMs >= TickRules.PERIOD_MS) {
            tellOpinions(nowMs);
        }
    }

    /** The end of a tick: tells in any case. */
    void tellAll(long nowMs) {
        tellFailures(nowMs);
        tellOpinions(nowMs);
    }

    private void tellFailures(long nowMs) {
        while (!failures.isEmpty()) {
            failuresToldMs = nowMs;
            List<Node> told = new ArrayList<>(first(failures));
            boolean few = told.size() <= FEW_FAILURES || !patience.isWanted();
            for (Node failed : told) {
                heartbeats.broadcast(
                        header -> new BusMessage.Fail(header, failed.id),
                        receiver -> few || !receiver.isSlotmesh());
            }
            if (!few) {
                heartbeats.alarm(slotmeshPeers(), entries(told));
            }
            first(failures).clear();
        }
    }

    private void tellOpinions(long nowMs) {
        opinions.removeIf(node -> node.has(NodeFlags.FAIL) || table.find(node.id) != node);
        looks.removeIf(node -> node.has(NodeFlags.FAIL) || table.find(node.id) != node);
        if (opinions.isEmpty() && looks.isEmpty()) {
            return;
        }
        if (patience.isWanted()) {
            toldMs = nowMs;
            List<Node> judges = judges();
            if (judges.size() <= SMALL_CLUSTER) {
                tellEverybody(judges);
            } else {
                tellFew(judges);
            }
        }
        attempt = 0;
        first(opinions).clear();
        first(looks).clear();
    }

    /** What fits into one message. */
    private static List<Node> first(List<Node> nodes) {
        return nodes.subList(0, Math.min(MAX_ENTRIES, nodes.size()));
    }

    private List<Node> slotmeshPeers() {
        List<Node> peers = new ArrayList<>(table.all());
        peers.removeIf(node -> !node.isSlotmesh());
        return peers;
    }

    /** Primaries with slots that can be told, without those that are spoken of. */
    private List<Node> judges() {
        List<Node> judges = new ArrayList<>();
        for (Node node : table.all()) {
            boolean healthy = !node.has(NodeFlags.PFAIL | NodeFlags.FAIL);
            boolean spokenOf = opinions.contains(node) || looks.contains(node);
            if (healthy && !spokenOf && node.ownsSlots() && Heartbeats.isBroadcastTarget(node)) {
                judges.add(node);
            }
        }
        return judges;
    }

    private void tellEverybody(List<Node> judges) {
        List<Node> told = new ArrayList<>(opinions);
        for (Node node : looks) {
            addOnce(told, node);
        }
        heartbeats.alarm(judges, entries(told));
    }

    private void tellFew(List<Node> judges) {
        if (!opinions.isEmpty() && table.myself().ownsSlots()) {
            heartbeats.alarm(collectors(judges), entries(opinions));
        }
        if (!looks.isEmpty()) {
            List<Node> drawn = new ArrayList<>();
            for (int i = 0; i < LOOK_FANOUT; i++) {
                addOnce(drawn, judges.get(random.nextInt(judges.size())));
            }
            heartbeats.alarm(drawn, entries(looks));
        }
    }

    /** Everybody's first choice is the same, so that the reports meet; later attempts go elsewhere. */
    private List<Node> collectors(List<Node> judges) {
        List<Node> able = new ArrayList<>(judges);
        able.removeIf(node -> !node.isSlotmesh());
        able.sort((a, b) -> a.id.compareTo(b.id));
        List<Node> chosen = new ArrayList<>();
        for (int i = 0; i < Math.min(COLLECTORS, able.size()); i++) {
            chosen.add(able.get((attempt * COLLECTORS + i) % able.size()));
        }
        return chosen;
    }

    private static List<GossipEntry> entries(List<Node> nodes) {
        List<GossipEntry> entries = new ArrayList<>();
        for (Node node : first(nodes)) {
            entries.add(GossipSection.entry(node));
        }
        return entries;
    }

    private static void addOnce(List<Node> nodes, Node node) {
        if (!nodes.contains(node)) {
            nodes.add(node);
        }
    }
}
