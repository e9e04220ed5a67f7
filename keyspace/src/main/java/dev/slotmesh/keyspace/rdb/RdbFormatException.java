package dev.slotmesh.keyspace.rdb;

/** Bytes that are no RDB value. Costs the value that was being read; carries no stack trace. */
public final class RdbFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RdbFormatException(String reason) {
        super(reason, null, false, false);
    }

    /** Throws unless something holds that valid bytes promise. */
    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new RdbFormatException(otherwise);
        }
    }
}
