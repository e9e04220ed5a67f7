package dev.slotmesh.server.command;

import java.util.List;

/**
 * The behaviour flags of a command as bits of a {@code long}, with the names COMMAND INFO gives them.
 *
 * <p>The order of the bits is the order in which Redis lists flags in a reply.
 */
public final class CommandFlags {
    /** May change the dataset. */
    public static final long WRITE = 1L;

    /** Reads keys and never changes them. */
    public static final long READONLY = 1L << 1;

    /** Is refused while memory is over the limit and nothing can be evicted. */
    public static final long DENYOOM = 1L << 2;

    /** Administers the server. */
    public static final long ADMIN = 1L << 3;

    /** Belongs to publish/subscribe. */
    public static final long PUBSUB = 1L << 4;

    /** Is not allowed in scripts. */
    public static final long NOSCRIPT = 1L << 5;

    /** May suspend the client until something happens. */
    public static final long BLOCKING = 1L << 6;

    /** Is allowed while the dataset is being loaded. */
    public static final long LOADING = 1L << 7;

    /** Is allowed on a replica that has lost its primary and may not serve stale data. */
    public static final long STALE = 1L << 8;

    /** Is not shown to MONITOR. */
    public static final long SKIP_MONITOR = 1L << 9;

    /** Is not recorded in the slow log. */
    public static final long SKIP_SLOWLOG = 1L << 10;

    /** Counts as preceded by ASKING in an importing slot. */
    public static final long ASKING = 1L << 11;

    /** Takes constant or logarithmic time. */
    public static final long FAST = 1L << 12;

    /** Is allowed before authentication. */
    public static final long NO_AUTH = 1L << 13;

    /** May put something on the replication stream without being a write. Not shown in replies. */
    public static final long MAY_REPLICATE = 1L << 14;

    /** May be called without any key although it can take some. */
    public static final long NO_MANDATORY_KEYS = 1L << 15;

    /** Is refused unless the configuration enables it (DEBUG, MODULE). Not shown in replies. */
    public static final long PROTECTED = 1L << 16;

    /** Is refused while a dataset is loaded from a primary in the background. */
    public static final long NO_ASYNC_LOADING = 1L << 17;

    /** Is not allowed inside MULTI. */
    public static final long NO_MULTI = 1L << 18;

    /** Has keys that the first key, last key and step do not describe. */
    public static final long MOVABLE_KEYS = 1L << 19;

    /** Is allowed while a script keeps the server busy. */
    public static final long ALLOW_BUSY = 1L << 20;

    private static final List<String> NAMES = List.of(
            "write",
            "readonly",
            "denyoom",
            "admin",
            "pubsub",
            "noscript",
            "blocking",
            "loading",
            "stale",
            "skip_monitor",
            "skip_slowlog",
            "asking",
            "fast",
            "no_auth",
            "may_replicate",
            "no_mandatory_keys",
            "protected",
            "no_async_loading",
            "no_multi",
            "movablekeys",
            "allow_busy");

    /** The flags that replies show. */
    static final BitNames SHOWN = new BitNames("", NAMES, ~(MAY_REPLICATE | PROTECTED));

    private CommandFlags() {}

    /**
     * The names of all flags set in {@code flags}, hidden ones included, in bit order.
     */
    public static List<String> names(long flags) {
        return new BitNames("", NAMES, -1L).namesOf(flags);
    }

    /**
     * The bit of the flag called {@code name} in lower case.
     *
     * @throws IllegalArgumentException if there is no such flag
     */
    static long bit(String name) {
        return SHOWN.bit(name);
    }
}
