package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeMemory;
import dev.slotmesh.keyspace.memory.Structure;

/** Frees, copies and measures lists. */
public final class QuicklistStructure implements Structure {
    @Override
    public long free(ArenaStripe stripe, long address, int blocks) {
        for (int freed = 0; Quicklist.firstNode(address) != 0; freed++) {
            if (freed == blocks) {
                return address;
            }
            Quicklist.freeFirst(stripe, address);
        }
        stripe.free(address, Quicklist.BYTES);
        return 0;
    }

    @Override
    public long blocks(long address) {
        return Quicklist.nodeCount(address) + 1L;
    }

    @Override
    public long copy(long address, ArenaStripe into) {
        long copy = Quicklist.createAs(into, address);
        ByteSpan content = new ByteSpan();
        for (long node = Quicklist.firstNode(address); node != 0; node = QuicklistNode.next(node)) {
            int head = QuicklistNode.isCompressed(node) ? QuicklistNode.COMPRESSED_HEAD : 0;
            QuicklistNode.content(node, content);
            long bytes = (long) head + content.length();
            long copied = QuicklistNode.create(
                    into, QuicklistNode.HEADER_BYTES + bytes, QuicklistNode.kind(node));
            QuicklistNode.measure(
                    copied,
                    QuicklistNode.isPlain(node) ? content.length() : QuicklistNode.elements(node));
            NativeMemory.copy(content.address() - head, copied + QuicklistNode.HEADER_BYTES, bytes);
            Quicklist.link(copy, Quicklist.lastNode(copy), copied);
        }
        Quicklist.addElements(copy, Quicklist.size(address));
        return copy;
    }

    @Override
    public long bytes(long address, int samples) {
        long root = ArenaStripe.blockSize(Quicklist.BYTES);
        long first = Quicklist.firstNode(address);
        int nodes = Quicklist.nodeCount(address);
        int near = Quicklist.hasPacked(address) ? 2 * Quicklist.innerDepth(address) : nodes;
        if (samples == 0 || samples >= nodes || near >= nodes) {
            return root + estimate(first, nodes, samples == 0 ? nodes : samples);
        }
        long inner = first;
        for (int i = 0; i < near / 2; i++) {
            inner = QuicklistNode.next(inner);
        }
        return root + estimate(first, near, samples) + estimate(inner, nodes - near, samples);
    }

    /** Bytes of so many nodes, judged by the first ones of them. */
    private static long estimate(long first, int nodes, int samples) {
        long sum = 0;
        int seen = 0;
        for (long node = first; node != 0 && seen < Math.min(nodes, samples); seen++) {
            sum += QuicklistNode.block(node);
            node = QuicklistNode.next(node);
        }
        return seen == 0 ? 0 : sum * nodes / seen;
    }
}
