package dev.slotmesh.server.command;

import java.util.List;

/**
 * The ACL categories as bits of a {@code long}, with the names Redis gives them.
 *
 * <p>A command belongs to the categories its description names and to those that follow from its flags.
 */
public final class AclCategories {
    public static final long KEYSPACE = 1L;
    public static final long READ = 1L << 1;
    public static final long WRITE = 1L << 2;
    public static final long SET = 1L << 3;
    public static final long SORTEDSET = 1L << 4;
    public static final long LIST = 1L << 5;
    public static final long HASH = 1L << 6;
    public static final long STRING = 1L << 7;
    public static final long BITMAP = 1L << 8;
    public static final long HYPERLOGLOG = 1L << 9;
    public static final long GEO = 1L << 10;
    public static final long STREAM = 1L << 11;
    public static final long PUBSUB = 1L << 12;
    public static final long ADMIN = 1L << 13;
    public static final long FAST = 1L << 14;
    public static final long SLOW = 1L << 15;
    public static final long BLOCKING = 1L << 16;
    public static final long DANGEROUS = 1L << 17;
    public static final long CONNECTION = 1L << 18;
    public static final long TRANSACTION = 1L << 19;
    public static final long SCRIPTING = 1L << 20;

    private static final List<String> NAMES = List.of(
            "keyspace",
            "read",
            "write",
            "set",
            "sortedset",
            "list",
            "hash",
            "string",
            "bitmap",
            "hyperloglog",
            "geo",
            "stream",
            "pubsub",
            "admin",
            "fast",
            "slow",
            "blocking",
            "dangerous",
            "connection",
            "transaction",
            "scripting");

    static final BitNames SHOWN = new BitNames("@", NAMES, -1L);

    private AclCategories() {}

    /** The names of all categories without the leading {@code @}, in Redis's order. */
    public static List<String> names() {
        return NAMES;
    }

    /** The bit of the category called {@code name} (lower case, without {@code @}), or 0 if there is none. */
    public static long bitOrZero(String name) {
        int at = NAMES.indexOf(name);
        return at < 0 ? 0 : 1L << at;
    }

    /** The categories that follow from a command's {@link CommandFlags} and its explicit categories. */
    static long derivedFrom(long flags, long explicit) {
        long derived = 0;
        if ((flags & CommandFlags.WRITE) != 0) {
            derived |= WRITE;
        }
        // A read-only script may run anything that reads, so it is no plain reading command.
        if ((flags & CommandFlags.READONLY) != 0 && (explicit & SCRIPTING) == 0) {
            derived |= READ;
        }
        if ((flags & CommandFlags.ADMIN) != 0) {
            derived |= ADMIN | DANGEROUS;
        }
        if ((flags & CommandFlags.PUBSUB) != 0) {
            derived |= PUBSUB;
        }
        if ((flags & CommandFlags.BLOCKING) != 0) {
            derived |= BLOCKING;
        }
        return derived | ((flags & CommandFlags.FAST) != 0 ? FAST : SLOW);
    }
}
