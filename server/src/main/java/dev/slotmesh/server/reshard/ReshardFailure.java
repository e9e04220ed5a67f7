package dev.slotmesh.server.reshard;

/** Why a tool ends without having done all it was asked to; costs the tool, and its text is for the operator. */
final class ReshardFailure extends Exception {
    private static final long serialVersionUID = 1;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final int exitCode;

    private ReshardFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Something of the cluster or of a node stands against it. */
    ReshardFailure(String message) {
        this(FAILED, message, null);
    }

    /** Like {@link #ReshardFailure(String)}, of the system's making. */
    ReshardFailure(String message, Throwable cause) {
        this(FAILED, message, cause);
    }

    /** The command line cannot be meant. */
    static ReshardFailure ofUsage(String message) {
        return new ReshardFailure(USAGE, message, null);
    }

    /** The process's exit code: 1 for a failure, 2 for a command line that cannot be meant. */
    int exitCode() {
        return exitCode;
    }
}
