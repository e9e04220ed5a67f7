package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.Slot;

/**
 * How a {@link KeyspaceSnapshot} puts keys into bytes. Used by several threads at once, each with a writer of its own: it keeps
 * no state of what is being written.
 */
public interface SnapshotForm {
    /** Whether {@link RdbWriter#writeString} is to compress. */
    boolean isCompressing();

    /** Writes the libraries of functions, one at least, before anything else. */
    void libraries(RdbWriter out, Libraries libraries);

    /**
     * Writes what tells of a database at the beginning, before any of its keys.
     *
     * @param number 0 or more, as of the cut
     * @param keys how many it has, 1 or more
     * @param expiring how many of them have a deadline
     */
    void announce(RdbWriter out, int number, long keys, long expiring);

    /** Writes that the keys that follow are of this database. */
    void select(RdbWriter out, int number);

    /**
     * Writes a key with its value. The lock of the slot is held; nothing else may be waited for.
     *
     * @param cutMs when the snapshot began, milliseconds since 1970: parts of values past their time then are left out
     */
    void write(RdbWriter out, Slot slot, long entry, long cutMs);
}
