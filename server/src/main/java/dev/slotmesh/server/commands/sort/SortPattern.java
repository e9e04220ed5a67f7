package dev.slotmesh.server.commands.sort;

import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.Call;

import java.util.Arrays;
import java.util.Optional;

/**
 * The name of a key, or of a field in a hash, in which the first star stands for an element: {@code weight:*}, {@code
 * user:*->age}; or {@code #}, the element itself. A name without a star names nothing. Only the part before a zero byte is
 * searched for a star and an arrow.
 */
final class SortPattern {
    private static final int DIGITS = 32;

    private final boolean isElement;
    private final byte[] before;
    private final byte[] behind;
    private final byte[] field;

    private SortPattern(boolean isElement, byte[] before, byte[] behind, byte[] field) {
        this.isElement = isElement;
        this.before = before;
        this.behind = behind;
        this.field = field;
    }

    static SortPattern of(byte[] text) {
        int star = find(text, 0, '*');
        if (star < 0) {
            boolean isElement = text.length > 0 && text[0] == '#' && searched(text) == 1;
            return new SortPattern(isElement, null, null, null);
        }
        int arrow = find(text, star + 1, '-');
        while (arrow >= 0 && (arrow + 1 >= searched(text) || text[arrow + 1] != '>')) {
            arrow = find(text, arrow + 1, '-');
        }
        boolean hasField = arrow >= 0 && arrow + 2 < searched(text);
        return new SortPattern(
                false,
                Arrays.copyOf(text, star),
                Arrays.copyOfRange(text, star + 1, hasField ? arrow : text.length),
                hasField ? Arrays.copyOfRange(text, arrow + 2, text.length) : null);
    }

    /** Whether there is a star: without one, BY asks for no order at all. */
    static boolean hasStar(byte[] text) {
        return find(text, 0, '*') >= 0;
    }

    /**
     * What an element leads to, copied. The key lies in the slot locked or the lock is that of all slots.
     *
     * @return empty when there is no such key or field, or the key holds something else
     */
    Optional<byte[]> value(Call call, byte[] element) {
        if (isElement) {
            return Optional.of(element);
        }
        if (before == null) {
            return Optional.empty();
        }
        byte[] name = Arrays.copyOf(before, before.length + element.length + behind.length);
        System.arraycopy(element, 0, name, before.length, element.length);
        System.arraycopy(behind, 0, name, before.length + element.length, behind.length);
        try (NativeBuffer key = new NativeBuffer(Math.max(1, name.length))) {
            ByteSpan span = key.put(name);
            Slot slot = call.database().slot(HashSlot.of(span));
            long entry = slot.find(span, call.nowMs());
            return entry == Slot.ABSENT ? Optional.empty() : value(call, slot, entry);
        }
    }

    private Optional<byte[]> value(Call call, Slot slot, long entry) {
        ByteSpan found = new ByteSpan();
        if (field == null) {
            return slot.type(entry) == KeyType.STRING
                    ? Optional.of(slot.stringValue(entry, found).toByteArray())
                    : Optional.empty();
        }
        if (slot.type(entry) != KeyType.HASH) {
            return Optional.empty();
        }
        try (NativeBuffer name = new NativeBuffer(Math.max(1, field.length));
                NativeBuffer digits = new NativeBuffer(DIGITS)) {
            long text = Hashes.find(slot, entry, name.put(field), call.nowMs());
            return text == Hashes.ABSENT
                    ? Optional.empty()
                    : Optional.of(FieldText.bytes(text, found, digits).toByteArray());
        }
    }

    private static int searched(byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                return i;
            }
        }
        return text.length;
    }

    private static int find(byte[] text, int from, char wanted) {
        int end = searched(text);
        for (int i = from; i < end; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
