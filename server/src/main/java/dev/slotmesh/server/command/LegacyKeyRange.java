package dev.slotmesh.server.command;

import java.util.List;

/**
 * The keys of a command as one range of arguments, the form in which clients older than key specifications learn them.
 *
 * @param first the first key, 1 or more; 0 when no specification is a plain range
 * @param last the last key; a negative one counts from the end
 * @param step distance from one key to the next
 */
record LegacyKeyRange(int first, int last, int step) {
    private static final LegacyKeyRange NONE = new LegacyKeyRange(0, 0, 0);

    /**
     * The range that covers all plain specifications. One with gaps between its keys only counts when it stands alone, since
     * no single step fits it and a neighbour.
     */
    static LegacyKeyRange of(List<KeySpec> specs) {
        int first = Integer.MAX_VALUE;
        int last = 0;
        int step = 0;
        for (KeySpec spec : specs) {
            if (spec.begin() instanceof KeySpec.Index index
                    && spec.find() instanceof KeySpec.Range range
                    && (range.step() == 1 || specs.size() == 1)
                    && (last == 0 || follows(index.position(), last))) {
                int end =
                        range.lastKey() >= 0 ? index.position() + range.lastKey() : range.lastKey();
                first = Math.min(first, index.position());
                step = range.step();
                // As unsigned numbers, what counts from the end lies behind what counts from the
                // start.
                last = Integer.compareUnsigned(end, last) > 0 ? end : last;
            }
        }
        return last == 0 ? NONE : new LegacyKeyRange(first, last, step);
    }

    private static boolean follows(int position, int last) {
        return last < 0 || position == last + 1;
    }
}
