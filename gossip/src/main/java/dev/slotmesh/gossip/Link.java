package dev.slotmesh.gossip;

/** One TCP connection of the bus. A connection this node opened belongs to a node from the start; an accepted one is
 * anonymous until a packet of a known sender binds it. */
final class Link {
    private final LinkId id;
    private final boolean outbound;
    private final long createdMs;

    /** Whose connection it is; null while an inbound one is anonymous. */
    Node node;

    /** Valid packets received on it. */
    long packets;
    /** Of an outbound link: what was sent that is answered, and the answers. */
    long pingsSent;

    long pongsHeard;

    private LinkContext context;

    Link(LinkId id, boolean outbound, long createdMs) {
        this.id = id;
        this.outbound = outbound;
        this.createdMs = createdMs;
    }

    LinkId id() {
        return id;
    }

    boolean outbound() {
        return outbound;
    }

    long createdMs() {
        return createdMs;
    }

    /** Whether messages can be queued on it. */
    boolean established() {
        return context != null;
    }

    void establish(LinkContext facts) {
        context = facts;
    }

    /** The facts of the connection; null before it is established. */
    LinkContext context() {
        return context;
    }
}
