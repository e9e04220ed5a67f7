package dev.slotmesh.gossip;

/** How a CLUSTER MEET ended, or where it stands. */
public enum MeetOutcome {
    /** Both nodes list each other: the peer answered and keeps its own link to this node. */
    JOINED("joined"),
    /** The address turned out to be this node's own. */
    MYSELF("that address is myself"),
    /** The address turned out to be of a node that was in the table already. */
    ALREADY_KNOWN("the node was already known"),
    /** No connection could be established before the handshake timeout. */
    UNREACHABLE("could not connect"),
    /** Connections were established but nothing came back before the handshake timeout. */
    TIMED_OUT("connected but never answered"),
    /**
     * The peer answered but did not connect back within the handshake timeout. Not final: MEET is sent again until the
     * peer does.
     */
    NOT_RECIPROCATED("the node answered but does not connect back; meeting it again"),
    /** The node was forgotten, or this node was reset, before the handshake ended. */
    FORGOTTEN("the node was forgotten meanwhile"),
    /** The peer was told to forget this node, and says so. */
    DISOWNED("the node was told to forget this one");

    private final String text;

    MeetOutcome(String text) {
        this.text = text;
    }

    /** A few words for a log line. */
    public String text() {
        return text;
    }

    /** Whether this is the end of the MEET; false only for {@link #NOT_RECIPROCATED}. */
    public boolean last() {
        return this != NOT_RECIPROCATED;
    }
}
