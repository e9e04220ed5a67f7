package dev.slotmesh.server.text;

import java.util.ArrayList;
import java.util.List;

/** Turns the bytes of a pattern into tokens; used for one pattern. */
final class GlobCompiler {
    private final byte[] pattern;
    private final boolean ignoreCase;
    private final List<GlobToken> tokens = new ArrayList<>();
    private int at;

    GlobCompiler(byte[] pattern, boolean ignoreCase) {
        this.pattern = pattern;
        this.ignoreCase = ignoreCase;
    }

    /** Reads the whole pattern. Several stars in a row give one token. */
    List<GlobToken> compile() {
        while (at < pattern.length) {
            int next = pattern[at++] & 0xff;
            switch (next) {
                case '*' -> addStar();
                case '?' -> tokens.add(GlobToken.anyByte());
                case '[' -> tokens.add(readClass());
                case '\\' -> addLiteral(at < pattern.length ? pattern[at++] & 0xff : next);
                default -> addLiteral(next);
            }
        }
        return tokens;
    }

    static int lower(int value) {
        return value >= 'A' && value <= 'Z' ? value + ('a' - 'A') : value;
    }

    private void addStar() {
        if (tokens.isEmpty() || !tokens.get(tokens.size() - 1).isStar()) {
            tokens.add(GlobToken.STAR);
        }
    }

    private void addLiteral(int value) {
        tokens.add(GlobToken.literal(fold(value)));
    }

    private GlobToken readClass() {
        GlobToken set = GlobToken.noByte();
        boolean negated = at < pattern.length && pattern[at] == '^';
        if (negated) {
            at++;
        }
        while (at < pattern.length && pattern[at] != ']') {
            int first = pattern[at] & 0xff;
            int left = pattern.length - at;
            if (first == '\\' && left >= 2) {
                set.add(fold(pattern[at + 1] & 0xff));
                at += 2;
            } else if (left >= 3 && pattern[at + 1] == '-') {
                addRange(set, pattern[at], pattern[at + 2]);
                at += 3;
            } else {
                set.add(fold(first));
                at++;
            }
        }
        if (at < pattern.length) {
            at++;
        }
        if (negated) {
            set.negate();
        }
        return set;
    }

    /**
     * Bytes of a range are compared as signed, and its ends are put in order before their case is folded, both as Redis does:
     * a range from an ASCII character to one of 128 and more runs the other way round, and {@code [Z-a]} without case accepts
     * nothing.
     */
    private void addRange(GlobToken set, byte one, byte other) {
        int from = fold(Math.min(one, other));
        int to = fold(Math.max(one, other));
        for (int value = from; value <= to; value++) {
            set.add(value & 0xff);
        }
    }

    private int fold(int value) {
        return ignoreCase ? lower(value) : value;
    }
}
