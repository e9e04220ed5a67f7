package dev.slotmesh.server.command;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the values of single lines of the resource. Hundreds of commands share a few dozen values, so each is read once and its
 * result shared: half of the time that reading everything takes. Not thread safe.
 */
final class LineReader {
    private final Map<String, Long> flags = new HashMap<>();
    private final Map<String, Long> categories = new HashMap<>();
    private final Map<String, List<String>> tips = new HashMap<>();
    private final Map<String, KeySpec> keySpecs = new HashMap<>();

    long flags(String value) {
        return bits(CommandFlags.SHOWN, value, flags);
    }

    long categories(String value) {
        return bits(AclCategories.SHOWN, value, categories);
    }

    List<String> tips(String value) {
        List<String> known = tips.get(value);
        if (known == null) {
            known = List.of(value.split(" "));
            tips.put(value, known);
        }
        return known;
    }

    KeySpec keySpec(String value) {
        KeySpec known = keySpecs.get(value);
        if (known == null) {
            int find = value.indexOf(" | ");
            int use = value.indexOf(" | ", find + 1);
            known = new KeySpec(
                    (int) bits(KeyFlags.SHOWN, value.substring(use + 3)),
                    null,
                    begin(value.substring(0, find).split(" ")),
                    find(value.substring(find + 3, use).split(" ")));
            keySpecs.put(value, known);
        }
        return known;
    }

    private static long bits(BitNames names, String value, Map<String, Long> knownValues) {
        Long known = knownValues.get(value);
        if (known == null) {
            known = bits(names, value);
            knownValues.put(value, known);
        }
        return known;
    }

    private static long bits(BitNames names, String value) {
        long bits = 0;
        for (String name : value.split(" ")) {
            bits |= names.bit(name);
        }
        return bits;
    }

    private static KeySpec.Begin begin(String[] words) {
        return switch (words[0]) {
            case "index" -> new KeySpec.Index(Integer.parseInt(words[1]));
            case "keyword" -> new KeySpec.Keyword(words[1], Integer.parseInt(words[2]));
            case "unknown" -> new KeySpec.UnknownBegin();
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static KeySpec.Find find(String[] words) {
        return switch (words[0]) {
            case "range" ->
                new KeySpec.Range(
                        Integer.parseInt(words[1]),
                        Integer.parseInt(words[2]),
                        Integer.parseInt(words[3]));
            case "keynum" ->
                new KeySpec.KeyNum(
                        Integer.parseInt(words[1]),
                        Integer.parseInt(words[2]),
                        Integer.parseInt(words[3]));
            case "unknown" -> new KeySpec.UnknownFind();
            default -> throw new IllegalArgumentException(words[0]);
        };
    }
}
