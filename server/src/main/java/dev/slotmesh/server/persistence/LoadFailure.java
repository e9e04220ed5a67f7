package dev.slotmesh.server.persistence;

/** A data set could not be loaded. Costs the load; what was loaded of it is removed again. The text is for the log. */
public final class LoadFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public LoadFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
