package dev.slotmesh.keyspace.rdb;

/** Bytes that are no RDB value or file. Costs the value or file that was being read; carries no stack trace. */
public final class RdbFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Instead of an offset: the bytes are no file. */
    private static final long NOWHERE = -1;

    private final long offset;
    private final boolean empty;

    RdbFormatException(String reason) {
        this(reason, NOWHERE, false);
    }

    private RdbFormatException(String reason, long offset, boolean empty) {
        super(reason, null, false, false);
        this.offset = offset;
        this.empty = empty;
    }

    /** The same, found at an offset of a file. */
    RdbFormatException at(long fileOffset) {
        return offset == NOWHERE ? new RdbFormatException(getMessage(), fileOffset, empty) : this;
    }

    /** How many bytes of the file were read when it was found, -1 when it was no file. */
    public long offset() {
        return offset;
    }

    /** Whether nothing is wrong but that a structure has no elements, so that there can be no key for it. */
    boolean isEmptyStructure() {
        return empty;
    }

    /** Throws unless something holds that valid bytes promise. */
    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new RdbFormatException(otherwise);
        }
    }

    /** Throws unless a structure that was read whole has elements. */
    static void requireElements(boolean any, String otherwise) {
        if (!any) {
            throw new RdbFormatException(otherwise, NOWHERE, true);
        }
    }
}
