package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;

import java.util.List;
import java.util.random.RandomGenerator;

/** The periodic work, in the order of cluster bus facts, section 6. */
final class TickRules {
    static final long PERIOD_MS = 100;
    /** A tick that comes later than this shows that the process itself did not run. */
    private static final long STALL_MS = 2 * PERIOD_MS;

    private static final int TICKS_PER_RANDOM_PING = 10;
    private static final int RANDOM_PING_SAMPLES = 5;
    /** A failed node is tried again once a second; when it comes back, it connects by itself. */
    private static final int TICKS_PER_RETRY_OF_FAILED = 10;

    private static final int NOT_WATCHED =
            NodeFlags.MYSELF | NodeFlags.NOADDR | NodeFlags.HANDSHAKE;

    private final NodeTable table;
    private final Links links;
    private final Parts parts;
    private final Parts.Watching watching;
    private final RandomGenerator random;

    private long ticks;
    private long lastTickMs;
    /** Whether the last tick judged nobody, because it came late. */
    private boolean judgedNobody;

    private int unheardBefore;

    TickRules(
            NodeTable table,
            Links links,
            Parts parts,
            Parts.Watching watching,
            RandomGenerator random) {
        this.table = table;
        this.links = links;
        this.parts = parts;
        this.watching = watching;
        this.random = random;
    }

    void tick(long nowMs) {
        judgedNobody = discountOwnStall(nowMs) && !judgedNobody;
        List<Node> due = table.watch().due(watching.census().fewPrimaries());
        maintainEntries(nowMs, due);
        if (watching.probes().areWanted()) {
            watching.probes().tick(nowMs);
        } else if (ticks % TICKS_PER_RANDOM_PING == 0) {
            pingRandomNode(nowMs);
        }
        ticks++;
        parts.introductions().spreadNews(nowMs, random);
        boolean changed = watchEntries(nowMs, due);
        watching.census().tick(nowMs);
        parts.roles().replicateIfPossible();
        parts.failovers().step(nowMs);
        parts.failovers().migration().tick(nowMs);
        parts.transfers().tick(nowMs);
        if (changed || !parts.health().ok()) {
            parts.health().evaluate(nowMs);
        }
        watching.alarms().tellAll(nowMs);
    }

    /**
     * Whether this process did not run for a while: collector, stolen CPU, SIGSTOP, a disk that kept the thread waiting. The
     * silence of that time was its own, and what the others said meanwhile still waits in the sockets: nobody is judged
     * in such a tick. The next one judges, even if it is late again, or a node that is always late never would.
     */
    private boolean discountOwnStall(long nowMs) {
        long sinceLastMs = nowMs - lastTickMs;
        boolean stalled = watching.settings().get().policies().stallDiscount()
                && ticks > 0
                && sinceLastMs > STALL_MS;
        if (stalled) {
            long stalledMs = sinceLastMs - PERIOD_MS;
            parts.failures().discountOwnStall(nowMs, stalledMs);
            watching.census().discount(stalledMs);
        }
        lastTickMs = nowMs;
        return stalled;
    }

    private void maintainEntries(long nowMs, List<Node> due) {
        long handshakeTimeoutMs = watching.settings().handshakeTimeoutMs();
        int pfail = 0;
        if (!judgedNobody) {
            for (Node node : due) {
                parts.handshakes().expire(nowMs, node, handshakeTimeoutMs);
            }
        }
        for (Node node : due) {
            if (!node.has(NodeFlags.NOADDR) && table.find(node.id) == node) {
                pfail += node.has(NodeFlags.PFAIL) ? 1 : 0;
                open(nowMs, node);
            }
        }
        parts.gossip().countPfail(pfail);
    }

    private void open(long nowMs, Node node) {
        boolean patient = watching.probes().areWanted()
                && node.has(NodeFlags.FAIL)
                && ticks % TICKS_PER_RETRY_OF_FAILED != 0;
        if (!patient) {
            links.open(nowMs, node);
        }
    }

    /** The one among a few drawn that was not heard of for longest. */
    private void pingRandomNode(long nowMs) {
        Node oldest = null;
        for (int i = 0; i < RANDOM_PING_SAMPLES; i++) {
            Node node = table.at(random.nextInt(table.size()));
            boolean candidate = node.connected()
                    && node.pingSentMs == 0
                    && !node.has(NodeFlags.MYSELF | NodeFlags.HANDSHAKE);
            if (candidate && (oldest == null || node.pongReceivedMs < oldest.pongReceivedMs)) {
                oldest = node;
            }
        }
        if (oldest != null) {
            parts.heartbeats().ping(nowMs, oldest);
        }
    }

    /** Step 4; true when a node was newly flagged PFAIL, or so many primaries are silent as were not a tick ago. */
    private boolean watchEntries(long nowMs, List<Node> due) {
        boolean newlySuspected = false;
        int unheard = 0;
        for (Node node : due) {
            if (node.has(NOT_WATCHED) || table.find(node.id) != node) {
                continue;
            }
            boolean suspected = node.has(NodeFlags.PFAIL);
            watchEntry(nowMs, node);
            newlySuspected |= !suspected && node.has(NodeFlags.PFAIL);
            unheard += parts.health().isUnheard(nowMs, node) ? 1 : 0;
        }
        boolean changed = newlySuspected || unheard != unheardBefore;
        unheardBefore = unheard;
        return changed;
    }

    private void watchEntry(long nowMs, Node node) {
        parts.introductions().attend(nowMs, node, watching.settings().handshakeTimeoutMs());
        if (!judgedNobody) {
            renewSilentLink(nowMs, node);
        }
        if (node.connected() && parts.failovers().writes().isAwaitedBy(node)) {
            parts.heartbeats().ping(nowMs, node);
            return;
        }
        boolean overdue = watching.probes().areOverdue(nowMs, node);
        if (node.outbound != null && node.pingSentMs == 0 && overdue) {
            parts.heartbeats().ask(nowMs, node);
            return;
        }
        if (!judgedNobody) {
            watching.looks().check(nowMs, node);
            parts.failures().checkSilence(nowMs, node);
        }
        if (node.has(NodeFlags.PFAIL)) {
            watching.alarms().repeat(nowMs, node);
        }
    }

    /**
     * A connection that swallows PINGs may be a dead one: the next tick makes another, in time before PFAIL. When the node is
     * alive, as its data on the other connection show, this one gets more time, but not for ever.
     */
    private void renewSilentLink(long nowMs, Node node) {
        Link link = node.outbound;
        long timeoutMs = watching.settings().nodeTimeoutMs();
        if (link == null || node.pingSentMs == 0 || nowMs - link.createdMs() <= timeoutMs) {
            return;
        }
        boolean silent = node.silenceMs(nowMs) > watching.patience().beforeRenewalMs(node);
        if (silent || nowMs - node.pingSentMs > 2 * timeoutMs) {
            links.drop(nowMs, link);
            if (watching.patience().isWanted()) {
                links.open(nowMs, node);
            }
        }
    }
}
