package dev.slotmesh.server.text;

/**
 * One part of a pattern: a star, or the set of byte values that it accepts as the next byte of text.
 *
 * <p>A literal is a set of one and {@code ?} a set of all: one kind of comparison, a shift and a mask, for every token.
 */
final class GlobToken {
    static final GlobToken STAR = new GlobToken(new long[0]);
    private static final int WORDS = 4;

    private final long[] accepted;

    private GlobToken(long[] accepted) {
        this.accepted = accepted;
    }

    static GlobToken anyByte() {
        return new GlobToken(new long[] {-1L, -1L, -1L, -1L});
    }

    static GlobToken literal(int value) {
        GlobToken token = noByte();
        token.add(value);
        return token;
    }

    static GlobToken noByte() {
        return new GlobToken(new long[WORDS]);
    }

    /** Widens a token under construction by one byte value, 0..255. */
    void add(int value) {
        accepted[value >>> 6] |= 1L << (value & 63);
    }

    /** Makes a token under construction accept what it refused, and the other way round. */
    void negate() {
        for (int word = 0; word < WORDS; word++) {
            accepted[word] = ~accepted[word];
        }
    }

    boolean isStar() {
        return this == STAR;
    }

    /** Whether a byte value, 0..255, is in the set; not to be asked of a star. */
    boolean accepts(int value) {
        return (accepted[value >>> 6] >>> (value & 63) & 1L) != 0;
    }
}
