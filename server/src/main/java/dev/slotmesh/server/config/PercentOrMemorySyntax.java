package dev.slotmesh.server.config;

import java.util.List;
import java.util.Optional;

/**
 * {@code maxmemory-clients}: a size in bytes, or a share of {@code maxmemory} such as {@code 5%}. A share is kept as its
 * negative: -5.
 */
final class PercentOrMemorySyntax implements Syntax<Long> {
    @Override
    public Parsed<Long> parse(List<String> words, Long current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        String word = words.get(0);
        if (word.endsWith("%")) {
            return percent(word.substring(0, word.length() - 1));
        }
        return MemorySize.parse(word)
                .map(bytes -> bytes < 0 ? tooLarge() : Parsed.of(bytes))
                .orElseGet(PercentOrMemorySyntax::neither);
    }

    @Override
    public String format(Long value) {
        return value < 0 ? -value + "%" : Long.toString(value);
    }

    @Override
    public List<ConfigLine> lines(Long value, Long initial) {
        String text = value < 0 ? format(value) : MemorySize.format(value);
        return List.of(new ConfigLine(text, !value.equals(initial)));
    }

    private static Parsed<Long> percent(String digits) {
        Optional<Long> share = WholeNumber.parse(digits).filter(value -> value >= 0);
        if (share.isEmpty()) {
            return neither();
        }
        if (share.get() > 100) {
            return tooLarge();
        }
        return Parsed.of(-share.get());
    }

    private static Parsed<Long> tooLarge() {
        return Parsed.refused("percentage argument must be less or equal to 100");
    }

    private static Parsed<Long> neither() {
        return Parsed.refused("argument must be a memory or percent value");
    }
}
