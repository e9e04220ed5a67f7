package dev.slotmesh.server.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A compiled glob pattern over bytes with the meaning KEYS, SCAN, PSUBSCRIBE and CONFIG GET give it.
 *
 * <pre>
 * *        any bytes, none included        [abc]    one of these       \x   the byte x itself
 * ?        any one byte                    [^abc]   none of these
 *                                          [a-z]    a range, either end first
 * </pre>
 *
 * A class without its closing bracket ends with the pattern; a lone backslash at the end stands for itself.
 *
 * <p>Matching steps back to the last star only, which is exact because every other part is one byte wide. The work is
 * bounded by pattern length times text length whatever the pattern: a hostile {@code a*a*a*a*b} cannot stall the node as it
 * could a recursive matcher. Immutable, so it may be shared between threads.
 */
public final class Glob {
    private final GlobToken[] program;
    private final boolean ignoreCase;

    private Glob(List<GlobToken> tokens, boolean ignoreCase) {
        this.program = tokens.toArray(new GlobToken[0]);
        this.ignoreCase = ignoreCase;
    }

    /**
     * Compiles a pattern whose letters must match in their case. Any bytes are a valid pattern.
     *
     * @param pattern read during the call only
     */
    public static Glob compile(byte[] pattern) {
        return new Glob(new GlobCompiler(pattern, false).compile(), false);
    }

    /** Compiles a pattern that takes the ASCII letters of either case for each other. */
    public static Glob compileIgnoringCase(byte[] pattern) {
        return new Glob(new GlobCompiler(pattern, true).compile(), true);
    }

    /** Whether the whole of {@code text} matches. */
    public boolean matches(byte[] text) {
        return matches(text, 0, text.length);
    }

    /** Whether a text given with one character per byte (ISO-8859-1) matches. */
    public boolean matches(String text) {
        return matches(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Whether the whole of a range of an array matches; allocates nothing.
     *
     * @throws IndexOutOfBoundsException when the range is not inside the array
     */
    public boolean matches(byte[] text, int offset, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, text.length);
        int end = offset + lengthBytes;
        int at = offset;
        int token = 0;
        int afterStar = -1;
        int starAt = 0;
        while (at < end) {
            if (token < program.length && program[token].isStar()) {
                afterStar = ++token;
                starAt = at;
            } else if (token < program.length && program[token].accepts(fold(text[at]))) {
                token++;
                at++;
            } else if (afterStar >= 0) {
                token = afterStar;
                at = ++starAt;
            } else {
                return false;
            }
            if (token == program.length && token == afterStar) {
                return true;
            }
        }
        while (token < program.length && program[token].isStar()) {
            token++;
        }
        return token == program.length;
    }

    /** Whether every text matches, that is, the pattern is one star or several. */
    public boolean matchesEverything() {
        return program.length == 1 && program[0].isStar();
    }

    private int fold(byte raw) {
        int value = raw & 0xff;
        return ignoreCase ? GlobCompiler.lower(value) : value;
    }
}
