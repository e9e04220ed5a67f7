package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.ListpackEntry;
import dev.slotmesh.keyspace.table.Element;

/**
 * A field's name or value where it is stored, known by a handle: bytes, or an integer that stands for its digits. A handle is
 * valid until the next write to its hash, under the slot's lock; a made-up one ends the process.
 *
 * <p>Handles instead of objects, so that reading a field allocates nothing.
 */
public final class FieldText {
    private static final int KIND_SHIFT = 60;
    private static final long ADDRESS = (1L << 48) - 1;
    private static final int IN_LISTPACK = 1;
    private static final int NAME = 2;
    private static final int VALUE = 3;

    private FieldText() {}

    /** The text of a listpack's element. */
    static long inListpack(long listpackEntry) {
        return (long) IN_LISTPACK << KIND_SHIFT | listpackEntry;
    }

    /** The name of a table's element. */
    static long nameOf(long element) {
        return (long) NAME << KIND_SHIFT | element;
    }

    /** The value of a table's element. */
    static long valueOf(long element) {
        return (long) VALUE << KIND_SHIFT | element;
    }

    /** Whether the text is stored as an integer, and {@link #integer} gives it; otherwise {@link #bytes} does. */
    public static boolean isInteger(long text) {
        return kind(text) == IN_LISTPACK && ListpackEntry.isInteger(text & ADDRESS);
    }

    /** The integer whose digits the text is. */
    public static long integer(long text) {
        return ListpackEntry.integer(text & ADDRESS);
    }

    /** Points {@code into} at a text that is not stored as an integer. */
    public static ByteSpan bytes(long text, ByteSpan into) {
        return switch (kind(text)) {
            case NAME -> Element.name(text & ADDRESS, into);
            case VALUE -> Element.value(text & ADDRESS, into);
            default -> ListpackEntry.string(text & ADDRESS, into);
        };
    }

    /** Points {@code into} at the text, an integer's digits being written to {@code digits}. */
    public static ByteSpan bytes(long text, ByteSpan into, NativeBuffer digits) {
        return isInteger(text) ? into.set(digits.putLong(integer(text))) : bytes(text, into);
    }

    /** Bytes of the text. */
    public static int length(long text) {
        long address = text & ADDRESS;
        return switch (kind(text)) {
            case NAME -> Element.nameLength(address);
            case VALUE -> Element.valueLength(address);
            default ->
                ListpackEntry.isInteger(address)
                        ? DecimalLong.lengthOf(ListpackEntry.integer(address))
                        : ListpackEntry.string(address, new ByteSpan()).length();
        };
    }

    /** The value of the field whose name this is. */
    public static long valueOfName(long name) {
        long address = name & ADDRESS;
        return kind(name) == IN_LISTPACK
                ? inListpack(address + ListpackEntry.size(address))
                : valueOf(address);
    }

    /** The deadline of the field whose name this is, {@link FieldDeadlines#NONE} for none. */
    public static long deadlineOfName(long name) {
        long deadline = kind(name) == NAME ? Element.deadline(name & ADDRESS) : 0;
        return deadline == 0 ? FieldDeadlines.NONE : deadline;
    }

    private static int kind(long text) {
        return (int) (text >>> KIND_SHIFT);
    }
}
