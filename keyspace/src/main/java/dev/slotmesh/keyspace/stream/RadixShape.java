package dev.slotmesh.keyspace.stream;

/**
 * How many nodes Redis's radix tree would have for the nodes of a stream, which XINFO STREAM tells: a tree over the 16 bytes of
 * each ID, high byte first, with one node for each end, one for each place where IDs part, and one for each run of bytes
 * between.
 */
public final class RadixShape {
    private static final int DEPTH = IdPage.ID_BYTES;

    private RadixShape() {}

    /** Nodes of that tree; it looks at each of the stream's nodes once. */
    public static long nodeCount(long stream) {
        long tree = StreamHead.nodes(stream);
        long place = IdTree.first(tree);
        if (place == 0) {
            return 1;
        }
        Count count = new Count();
        long before = IdTree.record(place);
        place = IdTree.next(place);
        while (place != 0) {
            long record = IdTree.record(place);
            count.partAt(commonBytes(before, record));
            before = record;
            place = IdTree.next(place);
        }
        return count.total();
    }

    private static int commonBytes(long left, long right) {
        long ms = IdPage.ms(left) ^ IdPage.ms(right);
        return ms != 0
                ? Long.numberOfLeadingZeros(ms) / 8
                : 8 + Long.numberOfLeadingZeros(IdPage.seq(left) ^ IdPage.seq(right)) / 8;
    }

    /** The depths at which the path to the present key parts from others, from the root down. */
    private static final class Count {
        private final int[] parts = new int[DEPTH + 1];
        private int open;
        private long nodes;

        /** The next key shares so many bytes with the present one, which is then complete. */
        void partAt(int depth) {
            int below = DEPTH;
            nodes++;
            while (open > 0 && parts[open - 1] > depth) {
                open--;
                nodes += run(parts[open], below) + 1;
                below = parts[open];
            }
            nodes += run(depth, below);
            if (open == 0 || parts[open - 1] < depth) {
                parts[open++] = depth;
            }
        }

        long total() {
            int below = DEPTH;
            nodes++;
            while (open > 0) {
                open--;
                nodes += run(parts[open], below) + 1;
                below = parts[open];
            }
            return nodes + (below > 0 ? 1 : 0);
        }

        /** A node for the bytes between the one that leads away from a parting and the next parting or end. */
        private static int run(int from, int to) {
            return to - from > 1 ? 1 : 0;
        }
    }
}
