package dev.slotmesh.keyspace;

/**
 * What OBJECT ENCODING answers for a value. For strings it is a label only: the bytes are always stored as they are read.
 * The codes are stored in entries: only append.
 */
public enum ValueEncoding {
    INT(0, "int"),
    EMBSTR(1, "embstr"),
    RAW(2, "raw"),
    LISTPACK(3, "listpack"),
    QUICKLIST(4, "quicklist"),
    HASHTABLE(5, "hashtable"),
    INTSET(6, "intset"),
    SKIPLIST(7, "skiplist"),
    STREAM(8, "stream"),
    /** A hash with deadlines on fields that is as small as a listpack. */
    LISTPACK_EX(9, "listpackex");

    /** Longest string that is called "embstr", bytes. */
    static final int EMBSTR_LIMIT = 44;

    private static final ValueEncoding[] BY_CODE = values();

    private final int code;
    private final String wireName;

    ValueEncoding(int code, String wireName) {
        this.code = code;
        this.wireName = wireName;
    }

    /** 0..15, as stored. */
    public int code() {
        return code;
    }

    /** The word that OBJECT ENCODING answers. */
    public String wireName() {
        return wireName;
    }

    static ValueEncoding of(int code) {
        return BY_CODE[code];
    }
}
