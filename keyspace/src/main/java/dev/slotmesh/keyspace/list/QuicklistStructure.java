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
        long copy = Quicklist.create(
                into, Quicklist.nodeSize(address), Quicklist.compressDepth(address));
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
        long sum = 0;
        int seen = 0;
        long node = Quicklist.firstNode(address);
        while (node != 0 && (samples == 0 || seen < samples)) {
            sum += QuicklistNode.block(node);
            seen++;
            node = QuicklistNode.next(node);
        }
        long nodes = node == 0 ? sum : sum * Quicklist.nodeCount(address) / seen;
        return ArenaStripe.blockSize(Quicklist.BYTES) + nodes;
    }
}
