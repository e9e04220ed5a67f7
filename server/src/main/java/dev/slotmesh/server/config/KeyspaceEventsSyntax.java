package dev.slotmesh.server.config;

import java.util.List;

/** {@code notify-keyspace-events}: one letter per class, in any order. */
final class KeyspaceEventsSyntax implements Syntax<Integer> {
    @Override
    public Parsed<Integer> parse(List<String> words, Integer current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        int events = 0;
        for (char letter : words.get(0).toCharArray()) {
            int bits = bits(letter);
            if (bits == 0) {
                return Parsed.refused("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
            }
            events |= bits;
        }
        return Parsed.of(events);
    }

    /** With all classes on, new keys ({@code n}) are not mentioned: so it is in Redis. */
    @Override
    public String format(Integer value) {
        StringBuilder letters = new StringBuilder();
        if ((value & KeyspaceEvents.ALL) == KeyspaceEvents.ALL) {
            letters.append('A');
        } else {
            for (int i = 0; i < KeyspaceEvents.BITS.length; i++) {
                append(letters, value, KeyspaceEvents.BITS[i], KeyspaceEvents.LETTERS.charAt(i));
            }
        }
        append(letters, value, KeyspaceEvents.KEYSPACE, 'K');
        append(letters, value, KeyspaceEvents.KEYEVENT, 'E');
        append(letters, value, KeyspaceEvents.MISS, 'm');
        return letters.toString();
    }

    @Override
    public List<ConfigLine> lines(Integer value, Integer initial) {
        return List.of(new ConfigLine(Words.quote(format(value)), !value.equals(initial)));
    }

    private static void append(StringBuilder letters, int value, int bit, char letter) {
        if ((value & bit) != 0) {
            letters.append(letter);
        }
    }

    private static int bits(char letter) {
        int at = KeyspaceEvents.LETTERS.indexOf(letter);
        if (at >= 0) {
            return KeyspaceEvents.BITS[at];
        }
        return switch (letter) {
            case 'A' -> KeyspaceEvents.ALL;
            case 'K' -> KeyspaceEvents.KEYSPACE;
            case 'E' -> KeyspaceEvents.KEYEVENT;
            case 'm' -> KeyspaceEvents.MISS;
            default -> 0;
        };
    }
}
