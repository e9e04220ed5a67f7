package dev.slotmesh.server.cluster;

/** The node cannot take part in a cluster: a damaged or used nodes.conf, a taken port. Costs the process; the text is for the log. */
public final class ClusterStartException extends Exception {
    private static final long serialVersionUID = 1L;

    ClusterStartException(String message) {
        super(message);
    }

    ClusterStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
