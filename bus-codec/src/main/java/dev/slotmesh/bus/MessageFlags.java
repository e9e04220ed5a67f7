package dev.slotmesh.bus;

/**
 * The message flags of a header: the three bytes mflags[0..2] as one {@code int}, mflags[0] in the low eight bits. Stock
 * peers use three bits of mflags[0], send zeros in the other two bytes and ignore what they hold; the rest is kept and
 * tolerated.
 *
 * <p>Slotmesh nodes know each other by mflags[2], which they set in every full message; mflags[1] goes with it:
 *
 * <pre>
 * bit 23   22   21   20 | 19        18     17             16     | 15 ... 9   8
 *      1    0    1    0 | LISTED    ALARM  OPERATOR_MEET  PROBES | 0          IMPORTS
 * </pre>
 */
public final class MessageFlags {
    /** A primary in a manual failover: its replication offset is frozen. */
    public static final int PAUSED = 1;
    /** A vote request to be granted although the primary is up. */
    public static final int FORCEACK = 2;
    /** Extensions follow the gossip entries; from later peers, also with none, "I understand extensions". */
    public static final int EXT_DATA = 4;

    /** The sender is a Slotmesh node, when the bits of {@link #SLOTMESH_MASK} are just these. */
    public static final int SLOTMESH = 0xA0 << 16;

    /** See {@link #SLOTMESH}. */
    public static final int SLOTMESH_MASK = 0xF0 << 16;

    /** With {@link #SLOTMESH}: the sender probes its peers in turn and answers at once; others need not ask it out of turn. */
    public static final int PROBES = 1 << 16;

    /** With {@link #SLOTMESH}: an operator asked for this MEET. */
    public static final int OPERATOR_MEET = 2 << 16;

    /** With {@link #SLOTMESH}: every gossip entry of this heartbeat tells of a change that has just happened. */
    public static final int ALARM = 4 << 16;

    /** With {@link #SLOTMESH}, in a heartbeat: the receiver is in the sender's table, and not as a handshake. */
    public static final int LISTED = 8 << 16;

    /** With {@link #SLOTMESH}, in a heartbeat without {@link #ALARM}: the sender may still claim slots of the receiver's. */
    public static final int IMPORTS = 1 << 8;

    private MessageFlags() {}

    /** Whether a Slotmesh node sent a message with these flags. */
    public static boolean isSlotmesh(int flags) {
        return (flags & SLOTMESH_MASK) == SLOTMESH;
    }

    /** Whether every bit of {@code wanted} is in {@code flags}. */
    public static boolean has(int flags, int wanted) {
        return (flags & wanted) == wanted;
    }
}
