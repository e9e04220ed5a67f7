package dev.slotmesh.gossip;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.NodeFlags;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Chooses what a heartbeat tells about third nodes (cluster bus facts, section 7.1): a random tenth of the table, at least three,
 * and every PFAIL node. News about nodes learnt a moment ago go first, on top of that; with no news the choice is Redis's.
 *
 * <p>Stock peers need that much: pong times told by others spare them PINGs, and reports of PFAIL travel in no other way. A
 * Slotmesh peer with flat heartbeats asks by turns and hears of suspicion by {@link Alarms}, so a section for it does not grow
 * with the table.
 */
final class GossipSection {
    private static final int MIN_WANTED = 3;
    private static final int DRAWS_PER_WANTED = 3;
    /** To peers whose heartbeats are flat, a section holds so much besides news, however many nodes there are. */
    private static final int FLAT_WANTED = 4;

    private static final int FLAT_PFAIL = 8;
    private static final int NOT_TOLD =
            NodeFlags.MYSELF | NodeFlags.HANDSHAKE | NodeFlags.MEET | NodeFlags.NOADDR;

    private final NodeTable table;
    private final News news;
    private final CurrentSettings settings;
    private final RandomGenerator random;

    /** Where the search for PFAIL nodes goes on. */
    private int pfailCursor;

    /** PFAIL nodes as of the last tick: no more are added to a section. */
    private int pfailCount;

    /** Marks entries of the section being built, so that choosing needs no search. */
    private long section;

    GossipSection(NodeTable table, News news, CurrentSettings settings, RandomGenerator random) {
        this.table = table;
        this.news = news;
        this.settings = settings;
        this.random = random;
    }

    void countPfail(int count) {
        pfailCount = count;
    }

    /** The entries for a heartbeat to that node; null for a receiver that is not known. */
    List<GossipEntry> build(Node receiver) {
        section++;
        List<Node> first = news.forReceiver(receiver);
        int fresh = table.size() - 2;
        boolean flat = wantsLittle(receiver) && settings.get().policies().flatHeartbeats();
        int share = flat ? FLAT_WANTED : Math.max(MIN_WANTED, table.size() / 10);
        int wanted = Math.min(share, fresh);
        List<GossipEntry> entries = new ArrayList<>(first.size() + Math.max(0, wanted) + 1);
        for (Node told : first) {
            choose(entries, told);
        }
        int draws = wanted * DRAWS_PER_WANTED;
        int drawn = 0;
        while (fresh > 0 && drawn < wanted && draws-- > 0) {
            Node node = table.at(random.nextInt(table.size()));
            if (node.has(NodeFlags.MYSELF | NodeFlags.PFAIL)) {
                continue;
            }
            if (!isTold(node)) {
                fresh--;
            } else if (node.chosenIn != section) {
                choose(entries, node);
                fresh--;
                drawn++;
            }
        }
        addPfail(entries, flat ? Math.min(FLAT_PFAIL, pfailCount) : pfailCount);
        return entries;
    }

    /**
     * Whether it asks by turns, or is a stranger, or was not heard of yet: when a large cluster forms, each node greets each. Strangers
     * do not listen to gossip, and whoever answers shows what it wants from then on.
     */
    private static boolean wantsLittle(Node receiver) {
        return receiver == null || receiver.probes() || receiver.dataReceivedMs == 0;
    }

    /** Whether the node is one to talk about: reachable as far as is known, or an owner of slots. */
    static boolean isTold(Node node) {
        return !node.has(NodeFlags.HANDSHAKE | NodeFlags.NOADDR)
                && (node.outbound != null || node.ownsSlots());
    }

    /** Goes on where the last section stopped, so that all of them have their turn. */
    private void addPfail(List<GossipEntry> entries, int wanted) {
        int left = wanted;
        for (int i = 0; left > 0 && i < table.size(); i++) {
            pfailCursor = (pfailCursor + 1) % table.size();
            Node node = table.at(pfailCursor);
            if (node.has(NodeFlags.PFAIL) && !node.has(NodeFlags.HANDSHAKE | NodeFlags.NOADDR)) {
                if (node.chosenIn != section) {
                    choose(entries, node);
                }
                left--;
            }
        }
    }

    private void choose(List<GossipEntry> entries, Node node) {
        node.chosenIn = section;
        entries.add(entry(node));
    }

    /** What this node says of that one. */
    static GossipEntry entry(Node node) {
        return new GossipEntry(
                node.id,
                node.pingSentMs / 1000,
                node.pongReceivedMs / 1000,
                new Address(
                        node.address.ip(),
                        node.address.port(),
                        node.address.plaintextPort(),
                        node.address.busPort()),
                node.flags & ~NOT_TOLD);
    }
}
