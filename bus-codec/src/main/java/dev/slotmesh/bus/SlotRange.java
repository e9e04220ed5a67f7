package dev.slotmesh.bus;

/**
 * The hash slots {@code first..last}, both inclusive.
 *
 * @param first 0..16383
 * @param last {@code first}..16383
 */
public record SlotRange(int first, int last) {
    public SlotRange {
        if (first < 0 || last < first || last >= SlotSet.SLOT_COUNT) {
            throw new IllegalArgumentException("not a slot range: " + first + "-" + last);
        }
    }

    /** Number of slots, 1..16384. */
    public int size() {
        return last - first + 1;
    }

    /** As Redis prints it: {@code 5} or {@code 0-5460}. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
