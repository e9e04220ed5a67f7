package dev.slotmesh.keyspace.stream;

/**
 * The ID of an entry: 128 bits, ordered as unsigned numbers, milliseconds first.
 *
 * @param ms milliseconds since 1970, unsigned
 * @param seq distinguishes entries of one millisecond, unsigned
 */
public record StreamId(long ms, long seq) implements Comparable<StreamId> {
    public static final StreamId MIN = new StreamId(0, 0);
    public static final StreamId MAX = new StreamId(-1, -1);

    /** Whether the ID (ms, seq) is before the ID (otherMs, otherSeq). */
    public static boolean isBefore(long ms, long seq, long otherMs, long otherSeq) {
        return ms == otherMs
                ? Long.compareUnsigned(seq, otherSeq) < 0
                : Long.compareUnsigned(ms, otherMs) < 0;
    }

    public boolean isBefore(StreamId other) {
        return isBefore(ms, seq, other.ms, other.seq);
    }

    /** Whether this is 0-0, which no entry has. */
    public boolean isZero() {
        return (ms | seq) == 0;
    }

    /** The next ID; that of {@link #MAX} is {@link #MIN}. */
    public StreamId next() {
        return new StreamId(seq == -1 ? ms + 1 : ms, seq + 1);
    }

    /** The ID before; that of {@link #MIN} is {@link #MAX}. */
    public StreamId previous() {
        return new StreamId(seq == 0 ? ms - 1 : ms, seq - 1);
    }

    @Override
    public int compareTo(StreamId other) {
        int order = Long.compareUnsigned(ms, other.ms);
        return order != 0 ? order : Long.compareUnsigned(seq, other.seq);
    }

    /** As it is written: {@code 1526919030474-55}. */
    @Override
    public String toString() {
        return Long.toUnsignedString(ms) + "-" + Long.toUnsignedString(seq);
    }
}
