package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.config.Words;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the text of a manifest. A line is a list of pairs of name and value, as the configuration's words are quoted:
 *
 * <pre>
 *  # a comment
 *  file appendonly.aof.1.base.rdb seq 1 type b
 *  file "a name" seq 4 type i
 * </pre>
 *
 * Pairs of other names are passed over; there may be one base, and the numbers of increments ascend.
 */
final class ManifestReader {
    private static final int LONGEST_LINE = 1024;
    private static final int LEAST_WORDS = 6;
    private static final String BROKEN = "Invalid AOF manifest file format";

    private final String text;
    private int at;
    private int number;
    private String line;
    private AofFile base;
    private final List<AofFile> history = new ArrayList<>();
    private final List<AofFile> increments = new ArrayList<>();

    private ManifestReader(String text) {
        this.text = text;
    }

    /**
     * Understands a manifest.
     *
     * @param text one character a byte
     * @throws ManifestException with the line that is wrong and why
     */
    static AofManifest read(String text) throws ManifestException {
        return new ManifestReader(text).run();
    }

    private AofManifest run() throws ManifestException {
        if (text.isEmpty()) {
            throw new ManifestException("Found an empty AOF manifest");
        }
        while (at < text.length()) {
            String raw = nextPiece();
            number++;
            if (raw.startsWith("#")) {
                continue;
            }
            if (!raw.endsWith("\n")) {
                throw new ManifestException("The AOF manifest file contains too long line");
            }
            line = trimmed(raw);
            add(parse());
        }
        return AofManifest.of(Optional.ofNullable(base), history, increments);
    }

    /** Up to the end of the line, of the text, or of what a line may have. */
    private String nextPiece() {
        int end = text.indexOf('\n', at);
        int stop = Math.min(end < 0 ? text.length() : end + 1, at + LONGEST_LINE);
        String piece = text.substring(at, stop);
        at = stop;
        int zero = piece.indexOf(0);
        return zero < 0 ? piece : piece.substring(0, zero);
    }

    private static String trimmed(String raw) {
        int from = 0;
        int to = raw.length();
        while (from < to && " \t\r\n".indexOf(raw.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && " \t\r\n".indexOf(raw.charAt(to - 1)) >= 0) {
            to--;
        }
        return raw.substring(from, to);
    }

    private AofFile parse() throws ManifestException {
        List<String> words = Words.split(line).orElseThrow(() -> mistake(BROKEN));
        if (words.size() < LEAST_WORDS || words.size() % 2 != 0) {
            throw mistake(BROKEN);
        }
        String name = null;
        long seq = 0;
        char type = 0;
        for (int i = 0; i < words.size(); i += 2) {
            String value = words.get(i + 1);
            switch (words.get(i).toLowerCase(Locale.ROOT)) {
                case "file" -> name = plainName(value);
                case "seq" -> seq = leadingNumber(value);
                case "type" -> type = value.isEmpty() ? 0 : value.charAt(0);
                default -> {
                    // What a later version may say besides.
                }
            }
        }
        if (name == null || seq == 0 || type == 0) {
            throw mistake(BROKEN);
        }
        return new AofFile(name, seq, kind(type));
    }

    private String plainName(String value) throws ManifestException {
        if (value.indexOf('/') >= 0 || value.indexOf('\\') >= 0) {
            throw mistake("File can't be a path, just a filename");
        }
        return value;
    }

    private AofFile.Kind kind(char type) throws ManifestException {
        return switch (type) {
            case 'b' -> AofFile.Kind.BASE;
            case 'h' -> AofFile.Kind.HISTORY;
            case 'i' -> AofFile.Kind.INCREMENT;
            default -> throw mistake("Unknown AOF file type");
        };
    }

    /** The number that a text begins with, 0 when it begins with none; at the limits beyond them. */
    private static long leadingNumber(String value) {
        int from = 0;
        while (from < value.length() && Character.isWhitespace(value.charAt(from))) {
            from++;
        }
        int end = from;
        if (end < value.length() && "+-".indexOf(value.charAt(end)) >= 0) {
            end++;
        }
        int digits = end;
        while (end < value.length() && value.charAt(end) >= '0' && value.charAt(end) <= '9') {
            end++;
        }
        if (end == digits) {
            return 0;
        }
        try {
            return Long.parseLong(value.substring(from, end));
        } catch (NumberFormatException beyond) {
            return value.charAt(from) == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private void add(AofFile file) throws ManifestException {
        switch (file.kind()) {
            case BASE -> {
                if (base != null) {
                    throw mistake("Found duplicate base file information");
                }
                base = file;
            }
            case HISTORY -> history.add(file);
            case INCREMENT -> {
                long last = increments.isEmpty()
                        ? 0
                        : increments.get(increments.size() - 1).seq();
                if (file.seq() <= last) {
                    throw mistake("Found a non-monotonic sequence number");
                }
                increments.add(file);
            }
        }
    }

    private ManifestException mistake(String reason) {
        return ManifestException.at(number, line, reason);
    }
}
