package dev.slotmesh.keyspace.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.packed.Listpack;

/** What must hold for every list after every command. */
final class QuicklistChecks {
    private QuicklistChecks() {}

    static void check(long list, String at) {
        long elements = 0;
        int nodes = 0;
        long previous = 0;
        int setting = Quicklist.compressDepth(list);
        int depth = setting > 0 ? setting : (Quicklist.innerDepth(list) + 1) / 2;
        int count = Quicklist.nodeCount(list);
        for (long node = Quicklist.firstNode(list); node != 0; node = QuicklistNode.next(node)) {
            require(QuicklistNode.previous(node) == previous, "previous node", at);
            checkNode(list, node, at);
            if (nodes < depth || nodes >= count - depth) {
                require(!QuicklistNode.isCompressed(node), "compressed near an end", at);
            }
            elements += QuicklistNode.elements(node);
            nodes++;
            previous = node;
        }
        assertThat(Quicklist.lastNode(list)).as(at).isEqualTo(previous);
        assertThat(nodes).as(at).isEqualTo(count);
        assertThat(elements).as(at).isEqualTo(Quicklist.size(list));
    }

    private static void checkNode(long list, long node, String at) {
        int block = QuicklistNode.block(node);
        ByteSpan content = QuicklistNode.content(node, new ByteSpan());
        long end = content.address() + content.length() - node;
        int elements = QuicklistNode.elements(node);
        require(ArenaStripe.blockSize(block) == block, "size of the block", at);
        require(QuicklistNode.start(node) >= QuicklistNode.HEADER_BYTES, "start", at);
        require(end <= block, "end", at);
        require(elements > 0, "an empty node", at);
        if (QuicklistNode.isPacked(node)) {
            long listpack = content.address();
            require(Listpack.isValid(listpack, content.length()), "listpack", at);
            require(elements == Listpack.count(listpack), "elements", at);
            require(elements <= Quicklist.mostNodeElements(list), "most elements", at);
            int most = Quicklist.mostNodeBytes(list) + QuicklistNode.HEADER_BYTES;
            require(elements == 1 || QuicklistNode.usedBytes(node) <= most, "most bytes", at);
        }
    }

    private static void require(boolean holds, String what, String at) {
        if (!holds) {
            throw new AssertionError(at + ": " + what);
        }
    }
}
