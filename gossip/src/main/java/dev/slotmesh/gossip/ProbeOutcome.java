package dev.slotmesh.gossip;

/** What a client port did when it was connected to ({@link Effects#probe}). */
public enum ProbeOutcome {
    /** It accepted: a process is there. */
    OPEN,
    /** The host answered that nobody listens there, or reset the connection. */
    REFUSED,
    /** Nothing came back in time, or the host cannot be reached: this proves nothing. */
    NO_ANSWER
}
