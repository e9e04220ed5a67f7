package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.ByteSpan;

/** Is told how loading goes, on the loading thread and under no lock. */
public interface RdbLoadListener {
    /** Does not want to know. */
    RdbLoadListener NONE = new RdbLoadListener() {};

    /** So many bytes have been read and keys been stored: after every 64 keys at most, and at the end. What it throws ends the load. */
    default void progress(long bytes, long keys) {}

    /** What the file tells of itself, as it comes. */
    default void aux(String name, String value) {}

    /** Something that an operator may want to know: a line for the log. */
    default void notice(String line) {}

    /** Something is odd but costs nothing: a line for the log. */
    default void warning(String line) {}

    /** The file is over, and these bytes came behind it, in one call or several; valid for the call. */
    default void behind(ByteSpan bytes) {}
}
