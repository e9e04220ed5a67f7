package dev.slotmesh.server.command;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds commands by the bytes of their names in any ASCII case, without allocation.
 *
 * <p>Open addressing with a load of at most one quarter. A name is up to 24 bytes, seen as three little-endian words:
 * the first eight bytes, the second eight, the last eight (the words overlap; a word past the end is 0). Setting bit 5 of
 * every byte folds the case for the hash. For the comparison only the bytes that are letters in the stored name are
 * folded, so that no other byte can pass for one. Longer names, which commands have only when they were renamed, are in a
 * map.
 */
final class NameIndex {
    private static final int MAX_LENGTH = 24;
    private static final long FOLD = 0x2020202020202020L;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Entry[] entries;
    private final int shift;
    private final List<CommandSpec> all;
    /** Names that only {@code rename-command} can give; most nodes have none. */
    private final Map<String, CommandSpec> longNames = new HashMap<>();

    private int longestName = MAX_LENGTH;

    /**
     * Indexes commands by these names.
     *
     * @param names lower case in ASCII; characters stand for bytes
     */
    NameIndex(Map<String, CommandSpec> names) {
        int bits = 34 - Integer.numberOfLeadingZeros(Math.max(1, names.size()));
        this.entries = new Entry[1 << bits];
        this.shift = Long.SIZE - bits;
        CommandSpec[] sorted = names.values().toArray(CommandSpec[]::new);
        Arrays.sort(sorted, Comparator.comparing(CommandSpec::name));
        this.all = List.of(sorted);
        names.forEach(this::add);
    }

    /** Indexes the commands by the part of the name behind the bar, or the whole name where there is no bar. */
    static NameIndex of(Collection<CommandSpec> commands) {
        Map<String, CommandSpec> names = new HashMap<>(2 * commands.size());
        for (CommandSpec command : commands) {
            names.put(command.name().substring(command.name().indexOf('|') + 1), command);
        }
        return new NameIndex(names);
    }

    /** All commands in alphabetical order. */
    List<CommandSpec> all() {
        return all;
    }

    /** The command these bytes name, or null. {@code offset} is absolute; any length of 0 or more may be asked for. */
    CommandSpec find(ByteBuf buf, int offset, int length) {
        if (length > MAX_LENGTH) {
            return length > longestName
                    ? null
                    : findLong(buf.toString(offset, length, StandardCharsets.ISO_8859_1));
        }
        if (length <= 0) {
            return null;
        }
        long head;
        long middle = 0;
        long tail = 0;
        if (length <= 8) {
            head = shortWord(buf, offset, length);
        } else {
            head = buf.getLongLE(offset);
            tail = buf.getLongLE(offset + length - 8);
            if (length > 16) {
                middle = buf.getLongLE(offset + 8);
            }
        }
        int at = slot(head, middle, tail, length);
        Entry entry;
        while ((entry = entries[at]) != null) {
            if (entry.equals(head, middle, tail, length)) {
                return entry.command;
            }
            at = (at + 1) & (entries.length - 1);
        }
        return null;
    }

    /** The command of this name in any case, or null. Characters stand for bytes. */
    CommandSpec find(CharSequence name) {
        int length = name.length();
        if (length > MAX_LENGTH) {
            return findLong(name.toString());
        }
        if (length == 0) {
            return null;
        }
        long head = word(name, 0, Math.min(8, length));
        long middle = length > 16 ? word(name, 8, 8) : 0;
        long tail = length > 8 ? word(name, length - 8, 8) : 0;
        int at = slot(head, middle, tail, length);
        Entry entry;
        while ((entry = entries[at]) != null) {
            if (entry.equals(head, middle, tail, length)) {
                return entry.command;
            }
            at = (at + 1) & (entries.length - 1);
        }
        return null;
    }

    private CommandSpec findLong(String name) {
        return longNames.get(CommandNames.lowerCase(name));
    }

    private void add(String name, CommandSpec command) {
        if (name.length() > MAX_LENGTH) {
            longNames.put(name, command);
            longestName = Math.max(longestName, name.length());
            return;
        }
        Entry entry = new Entry(name, command);
        int at = slot(entry.head, entry.middle, entry.tail, entry.length);
        while (entries[at] != null) {
            at = (at + 1) & (entries.length - 1);
        }
        entries[at] = entry;
    }

    private int slot(long head, long middle, long tail, int length) {
        long folded = (head | FOLD) * MIX ^ (tail | FOLD) + (middle | FOLD) + length;
        return (int) ((folded * MIX) >>> shift);
    }

    /** Up to eight bytes as a word. Reads past the name where the buffer goes on: one access instead of one per byte. */
    private static long shortWord(ByteBuf buf, int offset, int length) {
        if (offset + 8 <= buf.capacity()) {
            return buf.getLongLE(offset) & (-1L >>> (64 - 8 * length));
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (buf.getByte(offset + i) & 0xFFL) << (8 * i);
        }
        return word;
    }

    private static long word(CharSequence name, int start, int length) {
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (name.charAt(start + i) & 0xFFL) << (8 * i);
        }
        return word;
    }

    /** A stored name: its words in lower case, and for each word the bits that are folded before comparing. */
    private static final class Entry {
        private final long head;
        private final long middle;
        private final long tail;
        private final long headFold;
        private final long middleFold;
        private final long tailFold;
        private final int length;
        private final CommandSpec command;

        Entry(String name, CommandSpec command) {
            this.length = name.length();
            this.head = word(name, 0, Math.min(8, length));
            this.middle = length > 16 ? word(name, 8, 8) : 0;
            this.tail = length > 8 ? word(name, length - 8, 8) : 0;
            this.headFold = letters(head);
            this.middleFold = letters(middle);
            this.tailFold = letters(tail);
            this.command = command;
        }

        boolean equals(long otherHead, long otherMiddle, long otherTail, int otherLength) {
            return (otherHead | headFold) == head
                    && otherLength == length
                    && (otherTail | tailFold) == tail
                    && (otherMiddle | middleFold) == middle;
        }

        private static long letters(long word) {
            long fold = 0;
            for (int i = 0; i < Long.SIZE; i += 8) {
                long b = word >>> i & 0xFF;
                if (b >= 'a' && b <= 'z') {
                    fold |= 0x20L << i;
                }
            }
            return fold;
        }
    }
}
