package dev.slotmesh.keyspace.rdb;

/** The first byte of what is no value in an RDB file. */
final class RdbOpcode {
    /** The least of them; below are types of values. */
    static final int FIRST = 243;
    /** Redis 7.4 and Valkey: slot, keys in it, keys with a deadline in it. */
    static final int SLOT_SIZE = 244;
    /** A library of functions: its source text. */
    static final int FUNCTION = 245;
    /** A library as release candidates of Redis 7.0 wrote it. */
    static final int FUNCTION_PRE_GA = 246;
    /** What a module keeps beside its keys. */
    static final int MODULE_AUX = 247;
    /** Seconds since the last access of the key that follows. */
    static final int IDLE = 248;
    /** The access counter of the key that follows. */
    static final int FREQ = 249;
    /** A name and a text about the file. */
    static final int AUX = 250;
    /** Keys in the database, and how many of them have a deadline: to make room. */
    static final int RESIZE_DB = 251;

    static final int EXPIRE_TIME_MS = 252;
    /** In seconds: before Redis 2.6. */
    static final int EXPIRE_TIME = 253;

    static final int SELECT_DB = 254;
    static final int EOF = 255;

    private RdbOpcode() {}
}
