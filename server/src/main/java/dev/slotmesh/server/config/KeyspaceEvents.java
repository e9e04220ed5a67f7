package dev.slotmesh.server.config;

/** The bits of {@code notify-keyspace-events}: which classes of events are published, and on which channels. */
public final class KeyspaceEvents {
    /** {@code K}: on the channel of the key. */
    public static final int KEYSPACE = 1;
    /** {@code E}: on the channel of the event. */
    public static final int KEYEVENT = 1 << 1;
    /** {@code g}: commands that are not specific to a type. */
    public static final int GENERIC = 1 << 2;
    /** {@code $}. */
    public static final int STRING = 1 << 3;
    /** {@code l}. */
    public static final int LIST = 1 << 4;
    /** {@code s}. */
    public static final int SET = 1 << 5;
    /** {@code h}. */
    public static final int HASH = 1 << 6;
    /** {@code z}. */
    public static final int SORTED_SET = 1 << 7;
    /** {@code x}. */
    public static final int EXPIRED = 1 << 8;
    /** {@code e}. */
    public static final int EVICTED = 1 << 9;
    /** {@code t}. */
    public static final int STREAM = 1 << 10;
    /** {@code m}: a key that was asked for is not there. Not part of {@link #ALL}. */
    public static final int MISS = 1 << 11;
    /** {@code d}. */
    public static final int MODULE = 1 << 12;
    /** {@code n}: a key was created. Not part of {@link #ALL}. */
    public static final int NEW = 1 << 13;
    /** {@code A}. */
    public static final int ALL =
            GENERIC | STRING | LIST | SET | HASH | SORTED_SET | EXPIRED | EVICTED | STREAM | MODULE;

    /** The letters of the classes in the order they are printed, the bit of each at the same place below. */
    static final String LETTERS = "g$lshzxetdn";

    static final int[] BITS = {
        GENERIC, STRING, LIST, SET, HASH, SORTED_SET, EXPIRED, EVICTED, STREAM, MODULE, NEW
    };

    private KeyspaceEvents() {}
}
