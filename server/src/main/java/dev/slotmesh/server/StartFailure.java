package dev.slotmesh.server;

/** A node cannot start: a port is taken, a file is damaged. Costs the node; the text says what to do. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
