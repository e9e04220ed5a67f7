package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

/**
 * The first byte of a value. Up to 19 they are those of version 10; those of modules (6, 7) are read by nobody here. Valkey and
 * Redis use 22 for different things.
 */
final class RdbType {
    static final int STRING = 0;
    static final int LIST = 1;
    static final int SET = 2;
    static final int ZSET = 3;
    static final int HASH = 4;
    static final int ZSET_2 = 5;
    static final int HASH_ZIPMAP = 9;
    static final int LIST_ZIPLIST = 10;
    static final int SET_INTSET = 11;
    static final int ZSET_ZIPLIST = 12;
    static final int HASH_ZIPLIST = 13;
    static final int LIST_QUICKLIST = 14;
    static final int STREAM_LISTPACKS = 15;
    static final int HASH_LISTPACK = 16;
    static final int ZSET_LISTPACK = 17;
    static final int LIST_QUICKLIST_2 = 18;
    static final int STREAM_LISTPACKS_2 = 19;

    static final int SET_LISTPACK = 20;
    static final int STREAM_LISTPACKS_3 = 21;
    static final int HASH_METADATA_PRE_GA = 22;
    static final int HASH_LISTPACK_EX_PRE_GA = 23;
    static final int HASH_METADATA = 24;
    static final int HASH_LISTPACK_EX = 25;
    /** What 22 is in a file of {@link #VALKEY}. */
    static final int HASH_VALKEY = 0x100 | 22;

    /** The version of Valkey's own form. */
    static final int VALKEY = 80;

    private static final int MODULE_1 = 6;
    private static final int MODULE_2 = 7;
    private static final int LAST_OF_10 = STREAM_LISTPACKS_2;
    private static final int LAST_OF_11 = STREAM_LISTPACKS_3;

    private RdbType() {}

    /** One of the numbers above for the byte before a value in a file of some version. */
    static int of(int code, int version) {
        require(code != MODULE_1 && code != MODULE_2, "a value of a module");
        int last = version < 11 ? LAST_OF_10 : version == 11 ? LAST_OF_11 : HASH_LISTPACK_EX;
        require(code <= last, "an unknown type of value");
        if (version == VALKEY && code > LAST_OF_11) {
            require(code == HASH_METADATA_PRE_GA, "an unknown type of value");
            return HASH_VALKEY;
        }
        return code;
    }
}
