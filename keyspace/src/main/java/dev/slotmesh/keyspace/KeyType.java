package dev.slotmesh.keyspace;

/** What kind of value a key holds. The codes are stored in entries: only append. */
public enum KeyType {
    STRING(0, "string"),
    LIST(1, "list"),
    SET(2, "set"),
    ZSET(3, "zset"),
    HASH(4, "hash"),
    STREAM(5, "stream");

    private static final KeyType[] BY_CODE = values();

    private final int code;
    private final String wireName;

    KeyType(int code, String wireName) {
        this.code = code;
        this.wireName = wireName;
    }

    /** 0..15, as stored. */
    public int code() {
        return code;
    }

    /** The word that TYPE answers. */
    public String wireName() {
        return wireName;
    }

    static KeyType of(int code) {
        return BY_CODE[code];
    }
}
