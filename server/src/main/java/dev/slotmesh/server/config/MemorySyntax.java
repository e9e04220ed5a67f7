package dev.slotmesh.server.config;

import java.util.List;
import java.util.Optional;

/** A size in bytes, plain or with a unit: {@code 100}, {@code 100b}, {@code 1k} (1000), {@code 1kb} (1024) and so on. */
final class MemorySyntax implements Syntax<Long> {
    private final long least;
    private final long most;
    private final boolean saturating;

    MemorySyntax(long least, long most) {
        this(least, most, false);
    }

    private MemorySyntax(long least, long most, boolean saturating) {
        this.least = least;
        this.most = most;
        this.saturating = saturating;
    }

    /** Takes sizes of 2^63 and more, which Redis keeps unsigned, for the largest. */
    MemorySyntax saturating() {
        return new MemorySyntax(least, most, true);
    }

    @Override
    public Parsed<Long> parse(List<String> words, Long current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        Optional<Long> bytes = MemorySize.parse(words.get(0));
        if (bytes.isEmpty()) {
            return Parsed.refused("argument must be a memory value");
        }
        if (bytes.get() < 0 && saturating) {
            return Parsed.of(most);
        }
        if (bytes.get() < least || bytes.get() > most) {
            return Parsed.refused(Refusals.outside(least, most));
        }
        return Parsed.of(bytes.get());
    }

    @Override
    public String format(Long value) {
        return Long.toString(value);
    }

    @Override
    public List<ConfigLine> lines(Long value, Long initial) {
        return List.of(new ConfigLine(MemorySize.format(value), !value.equals(initial)));
    }
}
