package dev.slotmesh.server.config;

import dev.slotmesh.server.config.OutputBufferLimits.Limit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code client-output-buffer-limit <class> <hard> <soft> <soft seconds>}, any number of times in a line. */
final class OutputBufferLimitsSyntax implements Syntax<OutputBufferLimits> {
    static final OutputBufferLimits INITIAL = new OutputBufferLimits(
            new Limit(0, 0, 0),
            new Limit(256L << 20, 64L << 20, 60),
            new Limit(32L << 20, 8L << 20, 60));
    private static final int WORDS_PER_CLASS = 4;

    @Override
    public Parsed<OutputBufferLimits> parse(List<String> words, OutputBufferLimits current) {
        if (words.size() % WORDS_PER_CLASS != 0) {
            return Parsed.refused("Wrong number of arguments in buffer limit configuration.");
        }
        OutputBufferLimits limits = current;
        for (int at = 0; at < words.size(); at += WORDS_PER_CLASS) {
            String type = words.get(at).toLowerCase(Locale.ROOT);
            if (!List.of("normal", "slave", "replica", "pubsub").contains(type)) {
                return Parsed.refused(
                        "Invalid client class specified in buffer limit configuration.");
            }
            Optional<Limit> limit = limit(words.subList(at + 1, at + WORDS_PER_CLASS));
            if (limit.isEmpty()) {
                return Parsed.refused("Error in hard, soft or soft_seconds setting in buffer limit"
                        + " configuration.");
            }
            limits = with(limits, type, limit.get());
        }
        return Parsed.of(limits);
    }

    @Override
    public String format(OutputBufferLimits value) {
        return "normal " + plain(value.normal()) + " slave " + plain(value.replica()) + " pubsub "
                + plain(value.pubsub());
    }

    /** A class at its default has no line, so that writing twice gives the same file. */
    @Override
    public List<ConfigLine> lines(OutputBufferLimits value, OutputBufferLimits initial) {
        return Stream.of(
                        line("normal", value.normal(), initial.normal()),
                        line("replica", value.replica(), initial.replica()),
                        line("pubsub", value.pubsub(), initial.pubsub()))
                .filter(ConfigLine::needed)
                .toList();
    }

    private static OutputBufferLimits with(OutputBufferLimits limits, String type, Limit limit) {
        return switch (type) {
            case "normal" -> new OutputBufferLimits(limit, limits.replica(), limits.pubsub());
            case "pubsub" -> new OutputBufferLimits(limits.normal(), limits.replica(), limit);
            default -> new OutputBufferLimits(limits.normal(), limit, limits.pubsub());
        };
    }

    private static Optional<Limit> limit(List<String> words) {
        Optional<Long> hard = MemorySize.parse(words.get(0)).filter(value -> value >= 0);
        Optional<Long> soft = MemorySize.parse(words.get(1)).filter(value -> value >= 0);
        Optional<Long> seconds = WholeNumber.parse(words.get(2)).filter(value -> value >= 0);
        if (hard.isEmpty() || soft.isEmpty() || seconds.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Limit(hard.get(), soft.get(), seconds.get()));
    }

    private static String plain(Limit limit) {
        return limit.hardBytes() + " " + limit.softBytes() + " " + limit.softSeconds();
    }

    private static ConfigLine line(String type, Limit limit, Limit initial) {
        String text = type + " " + MemorySize.format(limit.hardBytes()) + " "
                + MemorySize.format(limit.softBytes()) + " " + limit.softSeconds();
        return new ConfigLine(text, !limit.equals(initial));
    }
}
