package dev.slotmesh.server.migration;

/** A job cannot go on; its message is for the operator. Costs the job, nothing else. */
final class MigrationFailure extends Exception {
    private static final long serialVersionUID = 1;

    MigrationFailure(String message) {
        super(message);
    }

    MigrationFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
