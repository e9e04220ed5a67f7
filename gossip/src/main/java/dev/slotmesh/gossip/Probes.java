package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Asks peers in turn, at a pace that does not depend on their number: {@link #PROBES_PER_TIMEOUT} PINGs per node timeout, at
 * most one per tick, over a list that is shuffled for each round; no peer more often than ten times per node timeout. So in
 * a small cluster everybody asks everybody all the time. In a large one, each node is asked by somebody all the time, and
 * who gets no answer tells the others to look ({@link Looks}).
 */
final class Probes {
    private static final int PROBES_PER_TIMEOUT = 75;
    private static final int LEAST_PAUSE_SHARE = 10;
    private static final int CLOSE_WATCH_SHARE = 5;
    /** Peers passed over in search of one that is due. */
    private static final int MOST_SKIPPED = 64;

    private final NodeTable table;
    private final CurrentSettings settings;
    private final Heartbeats heartbeats;
    private final Census census;
    private final RandomGenerator random;

    private final List<Node> order = new ArrayList<>();
    private int next;
    private long nextProbeMs;

    Probes(
            NodeTable table,
            CurrentSettings settings,
            Heartbeats heartbeats,
            Census census,
            RandomGenerator random) {
        this.table = table;
        this.settings = settings;
        this.heartbeats = heartbeats;
        this.census = census;
        this.random = random;
    }

    /** Whether PINGs are sent in turn, instead of by age. */
    boolean areWanted() {
        return settings.get().policies().flatHeartbeats();
    }

    /** The tick's share. */
    void tick(long nowMs) {
        if (nextProbeMs - nowMs > 0) {
            return;
        }
        long periodMs = settings.nodeTimeoutMs() / PROBES_PER_TIMEOUT;
        nextProbeMs = Math.max(nextProbeMs + periodMs, nowMs - TickRules.PERIOD_MS);
        long pauseMs = settings.nodeTimeoutMs() / LEAST_PAUSE_SHARE;
        for (int skipped = 0; skipped < Math.min(MOST_SKIPPED, table.size()); skipped++) {
            Node node = nextInTurn();
            boolean due = node.connected()
                    && node.pingSentMs == 0
                    && nowMs - node.probedMs >= pauseMs
                    && !node.has(NodeFlags.MYSELF | NodeFlags.HANDSHAKE);
            if (due && table.find(node.id) == node) {
                node.probedMs = nowMs;
                heartbeats.ping(nowMs, node);
                census.probed(nowMs, node);
                return;
            }
        }
    }

    /**
     * Whether to ask the node out of turn. Redis asks by the age of the last PONG. A healthy peer that is asked in turn by others as
     * well need not be; one that is held for failed is asked often, since its PONG ends that. Primaries with slots keep an eye on
     * each other if they are few, however many replicas they have: whether a majority can be reached is a matter of seconds.
     */
    boolean areOverdue(long nowMs, Node node) {
        long timeoutMs = settings.nodeTimeoutMs();
        long sincePongMs = nowMs - node.pongReceivedMs;
        if (!areWanted()) {
            return sincePongMs > timeoutMs / 2;
        }
        if (node.has(NodeFlags.PFAIL | NodeFlags.FAIL)) {
            return sincePongMs > timeoutMs / LEAST_PAUSE_SHARE;
        }
        boolean covered = node.probes() && node.connected();
        return (!covered && sincePongMs > timeoutMs / 2)
                || (census.watchesClosely(node)
                        && nowMs - node.askedMs > timeoutMs / CLOSE_WATCH_SHARE);
    }

    private Node nextInTurn() {
        if (next >= order.size()) {
            order.clear();
            order.addAll(table.all());
            for (int i = order.size() - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                Node moved = order.get(i);
                order.set(i, order.get(other));
                order.set(other, moved);
            }
            next = 0;
        }
        return order.get(next++);
    }
}
