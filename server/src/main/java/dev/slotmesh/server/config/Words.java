package dev.slotmesh.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits a line into words with Redis's quoting, and quotes a word for writing.
 *
 * <pre>
 * plain words   "with \"escapes\" \n \r \t \b \a \x41"   'single, only \' is special'
 * </pre>
 *
 * A closing quote must be followed by a blank or the end. One character stands for one byte.
 */
public final class Words {
    private final String line;
    private int at;

    private Words(String line) {
        this.line = line;
    }

    /** The words of a line; empty when a quote is not closed or is followed by something other than a blank. */
    public static Optional<List<String>> split(String line) {
        return new Words(line).all();
    }

    /** The word in double quotes, with escapes for what is not printable ASCII. */
    public static String quote(String word) {
        StringBuilder quoted = new StringBuilder(word.length() + 2).append('"');
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            switch (c) {
                case '\\', '"' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                default -> appendPlain(quoted, c);
            }
        }
        return quoted.append('"').toString();
    }

    private static void appendPlain(StringBuilder quoted, char c) {
        if (c >= ' ' && c < 0x7f) {
            quoted.append(c);
        } else {
            quoted.append("\\x")
                    .append(Character.forDigit(c >> 4 & 15, 16))
                    .append(Character.forDigit(c & 15, 16));
        }
    }

    private Optional<List<String>> all() {
        List<String> words = new ArrayList<>();
        while (true) {
            while (at < line.length() && isBlank(line.charAt(at))) {
                at++;
            }
            if (at == line.length() || line.charAt(at) == 0) {
                return Optional.of(words);
            }
            StringBuilder word = new StringBuilder();
            if (!readWord(word)) {
                return Optional.empty();
            }
            words.add(word.toString());
        }
    }

    private boolean readWord(StringBuilder word) {
        while (at < line.length()) {
            char c = line.charAt(at);
            if (isBlank(c) || c == 0) {
                return true;
            }
            at++;
            if (c == '"' || c == '\'') {
                boolean closed = c == '"' ? readDoubleQuoted(word) : readSingleQuoted(word);
                return closed && (at == line.length() || isBlank(line.charAt(at)));
            }
            word.append(c);
        }
        return true;
    }

    private boolean readDoubleQuoted(StringBuilder word) {
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return true;
            }
            if (c == '\\' && at < line.length()) {
                word.append(readEscape());
            } else {
                word.append(c);
            }
        }
        return false;
    }

    private boolean readSingleQuoted(StringBuilder word) {
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '\'') {
                return true;
            }
            if (c == '\\' && at < line.length() && line.charAt(at) == '\'') {
                c = line.charAt(at++);
            }
            word.append(c);
        }
        return false;
    }

    private char readEscape() {
        char c = line.charAt(at++);
        if (c == 'x' && at + 1 < line.length() && hex(at) >= 0 && hex(at + 1) >= 0) {
            char value = (char) (hex(at) << 4 | hex(at + 1));
            at += 2;
            return value;
        }
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> c;
        };
    }

    private int hex(int index) {
        char c = line.charAt(index);
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
