package dev.slotmesh.keyspace.stream;

/**
 * A rule by which entries are deleted from the beginning of a stream.
 *
 * @param byLength whether {@code mostEntries} counts, else {@code from}
 * @param mostEntries entries that stay, 0 or more
 * @param from the first ID that stays
 * @param approximate whether only whole nodes go
 * @param limit above 0: no more entries than this go, nodes being counted as a whole
 */
public record Trimming(
        boolean byLength, long mostEntries, StreamId from, boolean approximate, long limit) {

    public static Trimming toLength(long mostEntries, boolean approximate, long limit) {
        return new Trimming(true, mostEntries, StreamId.MIN, approximate, limit);
    }

    public static Trimming toId(StreamId from, boolean approximate, long limit) {
        return new Trimming(false, 0, from, approximate, limit);
    }

    /** Whether nothing more is to go from a stream of that length. */
    boolean isMet(long length) {
        return byLength && length <= mostEntries;
    }

    boolean exceeds(long gone) {
        return limit > 0 && gone > limit;
    }

    /** Whether a node goes as a whole whose last entry is {@code last} and without which so many entries are left. */
    boolean takesNode(long left, StreamId last) {
        return byLength ? left >= mostEntries : last.isBefore(from);
    }

    /** Whether an entry stays in a stream of that length. */
    boolean keeps(long length, long ms, long seq) {
        return byLength
                ? length <= mostEntries
                : !StreamId.isBefore(ms, seq, from.ms(), from.seq());
    }
}
