package dev.slotmesh.keyspace.table;

/** What the elements of a table are made of. The codes are stored in native memory. */
public enum TableKind {
    /** Names: a set. */
    MEMBERS(0),
    /** Names with a word: the dictionary of a sorted set. */
    SCORES(1),
    /** Names with a value, some with a deadline: a hash. */
    FIELDS(2);

    private static final TableKind[] KINDS = values();

    private final int code;

    TableKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static TableKind of(int code) {
        return KINDS[code];
    }
}
