package dev.slotmesh.server.replication;

/** A primary has sent what no primary sends. It costs the link, which is made anew. */
final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1;

    ProtocolViolation(String message) {
        super(message);
    }
}
