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
 */
final class GossipSection {
    private static final int MIN_WANTED = 3;
    private static final int DRAWS_PER_WANTED = 3;
    private static final int NOT_TOLD =
            NodeFlags.MYSELF | NodeFlags.HANDSHAKE | NodeFlags.MEET | NodeFlags.NOADDR;

    private final NodeTable table;
    private final News news;
    private final RandomGenerator random;

    /** PFAIL nodes as of the last tick: no more are added to a section. */
    private int pfailCount;

    /** Marks entries of the section being built, so that choosing needs no search. */
    private long section;

    GossipSection(NodeTable table, News news, RandomGenerator random) {
        this.table = table;
        this.news = news;
        this.random = random;
    }

    void countPfail(int count) {
        pfailCount = count;
    }

    /** The entries for a heartbeat to that node; null for a receiver that is not known. */
    List<GossipEntry> build(Node receiver) {
        section++;
        List<GossipEntry> entries = new ArrayList<>();
        for (Node told : news.forReceiver(receiver)) {
            choose(entries, told);
        }
        int fresh = table.size() - 2;
        int wanted = Math.min(Math.max(MIN_WANTED, table.size() / 10), fresh);
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
        addPfail(entries);
        return entries;
    }

    /** Whether the node is one to talk about: reachable as far as is known, or an owner of slots. */
    static boolean isTold(Node node) {
        return !node.has(NodeFlags.HANDSHAKE | NodeFlags.NOADDR)
                && (node.outbound != null || node.ownsSlots());
    }

    private void addPfail(List<GossipEntry> entries) {
        int left = pfailCount;
        for (int i = 0; left > 0 && i < table.size(); i++) {
            Node node = table.at(i);
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
        entries.add(new GossipEntry(
                node.id,
                node.pingSentMs / 1000,
                node.pongReceivedMs / 1000,
                new Address(
                        node.address.ip(),
                        node.address.port(),
                        node.address.plaintextPort(),
                        node.address.busPort()),
                node.flags & ~NOT_TOLD));
    }
}
