package dev.slotmesh.bus;

/**
 * The message flags of a header: the three bytes mflags[0..2] as one {@code int}, mflags[0] in the low eight bits. Only
 * three bits are in use; the rest is kept and tolerated.
 */
public final class MessageFlags {
    /** A primary in a manual failover: its replication offset is frozen. */
    public static final int PAUSED = 1;
    /** A vote request to be granted although the primary is up. */
    public static final int FORCEACK = 2;
    /** Extensions follow the gossip entries; from later peers, also with none, "I understand extensions". */
    public static final int EXT_DATA = 4;

    private MessageFlags() {}

    /** Whether every bit of {@code wanted} is in {@code flags}. */
    public static boolean has(int flags, int wanted) {
        return (flags & wanted) == wanted;
    }
}
