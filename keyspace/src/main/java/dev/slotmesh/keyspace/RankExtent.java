package dev.slotmesh.keyspace;

/**
 * Members next to each other.
 *
 * @param first rank of the lowest
 * @param count how many, 0 or more
 */
public record RankExtent(long first, long count) {
    public static final RankExtent EMPTY = new RankExtent(0, 0);

    /** From one rank to before another; empty when that is not higher. */
    public static RankExtent between(long first, long end) {
        return end <= first ? EMPTY : new RankExtent(first, end - first);
    }

    /** The rank after the highest. */
    public long end() {
        return first + count;
    }
}
