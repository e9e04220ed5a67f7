package dev.slotmesh.server.session;

/**
 * Decides, inside the slot's lock, whether this node executes a command on a slot. Two implementations: cluster mode, and
 * a test's.
 */
public interface Router {

    /**
     * Checks a command whose keys are about to be used.
     *
     * @param call the command with its keys ({@link Call#keyCount} of them, one or more) and its session's flags
     * @param slot slot of the first key, 0..16383; its lock is held
     * @return null to execute it, else the error line without the leading dash, {@code MOVED 866 127.0.0.1:7001} for one
     */
    String refusal(Call call, int slot);

    /**
     * Checks a client that waits for keys of a slot, in case the slot has gone elsewhere.
     *
     * @param slot 0..16383; its lock is held
     * @return null to let it wait on, else the error line without the leading dash
     */
    String waitRefusal(Session session, int slot);

    /** Whether this node is a replica now. Any thread. */
    default boolean isReplica() {
        return false;
    }
}
