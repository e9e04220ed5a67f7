package dev.slotmesh.keyspace.table;

import java.util.random.RandomGenerator;

/** A choice of different elements: few by picking again what was picked before, many by one walk over all. */
final class TableSample {
    /** Up to this share of the elements, picking is cheaper than walking. */
    private static final int PICKED_ONE_IN = 4;

    private TableSample() {}

    static void visit(long table, long count, RandomGenerator random, ElementVisitor visitor) {
        long size = TableLayout.size(table);
        if (count >= size) {
            ElementTable.forEach(table, visitor);
        } else if (count <= size / PICKED_ONE_IN && count < Integer.MAX_VALUE / 4) {
            pick(table, (int) count, random, visitor);
        } else {
            long[] left = {count, size};
            ElementTable.forEach(table, element -> {
                if (random.nextLong(left[1]--) < left[0]) {
                    left[0]--;
                    visitor.visit(element);
                }
            });
        }
    }

    private static void pick(
            long table, int count, RandomGenerator random, ElementVisitor visitor) {
        int capacity = Integer.highestOneBit(Math.max(4, count)) * 4;
        long[] picked = new long[capacity];
        int left = count;
        while (left > 0) {
            long element = ElementTable.random(table, random);
            if (isNew(picked, element)) {
                left--;
                visitor.visit(element);
            }
        }
    }

    /** Enters an address in a hash set of addresses with open places; false when it was there. */
    private static boolean isNew(long[] picked, long element) {
        int at = (int) (element * 0x9E37_79B9_7F4A_7C15L >>> 32) & picked.length - 1;
        while (picked[at] != 0) {
            if (picked[at] == element) {
                return false;
            }
            at = at + 1 & picked.length - 1;
        }
        picked[at] = element;
        return true;
    }
}
