package dev.slotmesh.bus;

import java.util.StringJoiner;

/**
 * The 16 node flags as they travel in headers and gossip entries (spec section 2.3). Unknown bits are kept and tolerated.
 * A flag set is an {@code int} 0..65535.
 */
public final class NodeFlags {
    public static final int PRIMARY = 1;
    public static final int REPLICA = 2;
    public static final int PFAIL = 4;
    public static final int FAIL = 8;
    /** Header only; a stock 7.0 peer that finds it in a gossip entry takes that entry for itself. */
    public static final int MYSELF = 16;
    /** Never sent. */
    public static final int HANDSHAKE = 32;
    /** Never sent. */
    public static final int NOADDR = 64;
    /** Never sent. */
    public static final int MEET = 128;
    /** Primary that has or had replicas. */
    public static final int MIGRATE_TO = 256;

    public static final int NOFAILOVER = 512;
    /** The node understands extensions (Redis 7.4, Valkey). */
    public static final int EXTENSIONS_SUPPORTED = 1024;
    /** The node understands light headers (Valkey 8). */
    public static final int LIGHT_HEADER_SUPPORTED = 2048;

    private static final String[] NAMES = {
        "master",
        "slave",
        "pfail",
        "fail",
        "myself",
        "handshake",
        "noaddr",
        "meet",
        "migrate_to",
        "nofailover",
        "ext_supported",
        "light_hdr"
    };

    private NodeFlags() {}

    /** Whether every bit of {@code wanted} is in {@code flags}. */
    public static boolean has(int flags, int wanted) {
        return (flags & wanted) == wanted;
    }

    /** Whether some bit of {@code wanted} is in {@code flags}. */
    public static boolean hasAny(int flags, int wanted) {
        return (flags & wanted) != 0;
    }

    /** {@code flags} with every bit of {@code added}. */
    public static int with(int flags, int added) {
        return flags | added;
    }

    /** {@code flags} without any bit of {@code removed}. */
    public static int without(int flags, int removed) {
        return flags & ~removed;
    }

    /** For logs: {@code master+myself}, unknown bits as {@code 0x1000}, no flag at all as {@code none}. */
    public static String describe(int flags) {
        if (flags == 0) {
            return "none";
        }
        StringJoiner text = new StringJoiner("+");
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((flags >>> bit & 1) != 0) {
                text.add(bit < NAMES.length ? NAMES[bit] : "0x" + Integer.toHexString(1 << bit));
            }
        }
        return text.toString();
    }
}
