package dev.slotmesh.gossip;

/**
 * How far this node and a peer know each other. Redis takes it for granted; a MEET that never lies has to keep book of it
 * ({@link Introductions}).
 */
final class Acquaintance {
    /** The operator's MEET this entry came from, until its outcome is reported; else null. */
    Meeting meeting;

    /** Learnt in this machine's life, or in an earlier one that ended before the acquaintance was mutual. */
    boolean fresh;

    /** The peer has shown that this node is in its table for good. */
    boolean mutual;

    /** Since when it has no bound inbound link. */
    long inboundMissingSinceMs;

    /** When a MEET was last sent to it, or the entry made. */
    long meetSentMs;

    /** Whether a MEET was ever sent to it. */
    boolean met;

    /** When an operator last asked for it, by a MEET at this node or at its own; 0 for never. */
    long invitedMs;

    /** Whether a connection to it was ever established. */
    boolean reached;

    /** Whether an answer on the outbound link has confirmed its id. */
    boolean answered;

    /** A PING to it is wanted sooner than the heartbeat rules say. */
    boolean pingDue;

    /** Until when it is news to the others. */
    long newsUntilMs;

    /** In how many more gossip sections it goes first. */
    int tellsLeft;

    Acquaintance(long nowMs) {
        this.inboundMissingSinceMs = nowMs;
        this.meetSentMs = nowMs;
    }

    /** Whether it is still to be shown that the acquaintance is mutual. */
    boolean unconfirmed() {
        return fresh && !mutual;
    }

    /** A CLUSTER MEET under way. */
    static final class Meeting {
        final String ip;
        final int port;
        final long startedMs;
        boolean reportedOneSided;

        Meeting(String ip, int port, long startedMs) {
            this.ip = ip;
            this.port = port;
            this.startedMs = startedMs;
        }
    }
}
