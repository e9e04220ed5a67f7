package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.NodeFlags;

/** Takes in the gossip section of a known sender (cluster bus facts, section 7.2). */
final class Rumours {
    /** A gossiped pong may lie this far ahead of this node's own clock. */
    private static final long CLOCK_TOLERANCE_MS = 500;
    /** What an entry may not make of a new node: 7.0 stores these bits as told and then mistakes it for itself. */
    private static final int NOT_BELIEVED =
            NodeFlags.MYSELF | NodeFlags.HANDSHAKE | NodeFlags.MEET | NodeFlags.NOADDR;

    private final NodeTable table;
    private final Looks looks;
    private final Addresses addresses;
    private final Introductions introductions;
    private final Tombstones tombstones;

    Rumours(
            NodeTable table,
            Looks looks,
            Addresses addresses,
            Introductions introductions,
            Tombstones tombstones) {
        this.table = table;
        this.looks = looks;
        this.addresses = addresses;
        this.introductions = introductions;
        this.tombstones = tombstones;
    }

    void hear(long nowMs, Node sender, BusMessage.Heartbeat message) {
        boolean alarm = Alarms.isAlarm(message.header());
        for (GossipEntry entry : message.gossip()) {
            Node known = table.find(entry.id());
            if (known != null) {
                looks.heard(nowMs, sender, known, entry, alarm);
                adoptPong(nowMs, known, entry);
                correctAddress(nowMs, known, entry);
            } else if (isWelcome(nowMs, entry)) {
                int flags = entry.flags() & ~NOT_BELIEVED;
                introductions.learn(nowMs, entry.id(), addressOf(entry), flags);
            }
        }
    }

    private boolean isWelcome(long nowMs, GossipEntry entry) {
        return !NodeFlags.has(entry.flags(), NodeFlags.NOADDR)
                && entry.id().isWellFormed()
                && isUsable(entry)
                && !tombstones.bars(nowMs, entry.id())
                && !table.full();
    }

    private static boolean isUsable(GossipEntry entry) {
        return Literals.isAddress(entry.address().ip()) && entry.address().busPort() != 0;
    }

    /** Others' pongs spare this node its own PINGs: in a large cluster it asks only those nobody has heard from. */
    private static void adoptPong(long nowMs, Node node, GossipEntry entry) {
        boolean healthy = !NodeFlags.hasAny(entry.flags(), NodeFlags.PFAIL | NodeFlags.FAIL);
        if (!healthy || node.pingSentMs != 0 || !node.reports.isEmpty()) {
            return;
        }
        long pongMs = entry.pongReceivedSeconds() * 1000;
        if (pongMs <= nowMs + CLOCK_TOLERANCE_MS && pongMs > node.pongReceivedMs) {
            node.pongReceivedMs = pongMs;
        }
    }

    /** A node this one cannot reach, but the sender can: it may have moved. */
    private void correctAddress(long nowMs, Node node, GossipEntry entry) {
        boolean unreachableHere = node.has(NodeFlags.PFAIL | NodeFlags.FAIL);
        boolean fineThere = !NodeFlags.hasAny(
                entry.flags(), NodeFlags.PFAIL | NodeFlags.FAIL | NodeFlags.NOADDR);
        if (!unreachableHere || !fineThere || !isUsable(entry)) {
            return;
        }
        NodeAddress told = addressOf(entry).withHostname(node.address.hostname());
        if (!told.sameEndpoint(node.address)) {
            addresses.move(nowMs, node, told);
            node.clear(NodeFlags.NOADDR);
        }
    }

    private static NodeAddress addressOf(GossipEntry entry) {
        return new NodeAddress(
                entry.address().ip(),
                entry.address().port(),
                entry.address().plainPort(),
                entry.address().busPort(),
                "");
    }
}
