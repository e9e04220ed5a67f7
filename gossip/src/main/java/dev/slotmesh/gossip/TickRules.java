package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;

import java.util.random.RandomGenerator;

/** The periodic work, in the order of cluster bus facts, section 6. */
final class TickRules {
    static final long PERIOD_MS = 100;
    /** A tick that comes later than this shows that the process itself did not run. */
    private static final long STALL_MS = 5 * PERIOD_MS;

    private static final int TICKS_PER_RANDOM_PING = 10;
    private static final int RANDOM_PING_SAMPLES = 5;
    private static final int NOT_WATCHED =
            NodeFlags.MYSELF | NodeFlags.NOADDR | NodeFlags.HANDSHAKE;

    private final NodeTable table;
    private final Links links;
    private final Parts parts;
    private final CurrentSettings settings;
    private final RandomGenerator random;

    private long ticks;
    private long lastTickMs;

    TickRules(
            NodeTable table,
            Links links,
            Parts parts,
            CurrentSettings settings,
            RandomGenerator random) {
        this.table = table;
        this.links = links;
        this.parts = parts;
        this.settings = settings;
        this.random = random;
    }

    void tick(long nowMs) {
        discountOwnStall(nowMs);
        maintainEntries(nowMs);
        if (ticks++ % TICKS_PER_RANDOM_PING == 0) {
            pingRandomNode(nowMs);
        }
        parts.introductions().spreadNews(nowMs, random);
        boolean newlySuspected = watchEntries(nowMs);
        parts.roles().replicateIfPossible();
        parts.failovers().step(nowMs);
        parts.failovers().migration().tick(nowMs);
        if (newlySuspected || !parts.health().ok()) {
            parts.health().evaluate(nowMs);
        }
    }

    private void discountOwnStall(long nowMs) {
        if (ticks > 0 && nowMs - lastTickMs > STALL_MS) {
            parts.failures().discountOwnStall(nowMs, nowMs - lastTickMs - PERIOD_MS);
        }
        lastTickMs = nowMs;
    }

    private void maintainEntries(long nowMs) {
        expireHandshakes(nowMs);
        int pfail = 0;
        for (Node node : table.all()) {
            if (!node.has(NodeFlags.MYSELF | NodeFlags.NOADDR)) {
                pfail += node.has(NodeFlags.PFAIL) ? 1 : 0;
                links.open(nowMs, node);
            }
        }
        parts.gossip().countPfail(pfail);
    }

    private void expireHandshakes(long nowMs) {
        boolean any = false;
        for (Node node : table.all()) {
            any |= node.inHandshake();
        }
        if (any) {
            for (Node node : table.snapshot()) {
                parts.handshakes().expire(nowMs, node, settings.handshakeTimeoutMs());
            }
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

    /** Step 4; true when a node was newly flagged PFAIL. */
    private boolean watchEntries(long nowMs) {
        boolean newlySuspected = false;
        long halfTimeoutMs = settings.nodeTimeoutMs() / 2;
        for (Node node : table.all()) {
            if (node.has(NOT_WATCHED)) {
                continue;
            }
            parts.introductions().attend(nowMs, node, settings.handshakeTimeoutMs());
            renewSilentLink(nowMs, node, halfTimeoutMs);
            if (node.connected() && parts.failovers().writes().isAwaitedBy(node)) {
                parts.heartbeats().ping(nowMs, node);
                continue;
            }
            if (node.outbound != null
                    && node.pingSentMs == 0
                    && nowMs - node.pongReceivedMs > halfTimeoutMs) {
                askNow(nowMs, node);
                continue;
            }
            boolean suspected = node.has(NodeFlags.PFAIL);
            parts.failures().checkSilence(nowMs, node);
            newlySuspected |= !suspected && node.has(NodeFlags.PFAIL);
        }
        return newlySuspected;
    }

    /** On a link that is still being established the PING follows as soon as it is; the wait for the answer starts now. */
    private void askNow(long nowMs, Node node) {
        if (node.connected()) {
            parts.heartbeats().ping(nowMs, node);
        } else {
            node.pingSentMs = nowMs;
        }
    }

    /** A connection that swallows PINGs may be a dead one: the next tick makes another, in time before PFAIL. */
    private void renewSilentLink(long nowMs, Node node, long halfTimeoutMs) {
        Link link = node.outbound;
        boolean silent = link != null
                && nowMs - link.createdMs() > settings.nodeTimeoutMs()
                && node.pingSentMs != 0
                && nowMs - node.pingSentMs > halfTimeoutMs
                && nowMs - node.dataReceivedMs > halfTimeoutMs;
        if (silent) {
            links.drop(nowMs, link);
        }
    }
}
