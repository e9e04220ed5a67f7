package dev.slotmesh.server.session;

/** What stands between commands executed and their replies: the promise that an append-only file gives. */
@FunctionalInterface
public interface ReplyGate {
    /**
     * Whether replies to all that was executed so far may be sent now; it may take as long as a disk does. On event loops, with
     * no slot lock held.
     *
     * @return false when they may never be: the node ends, and the connection is closed unanswered
     */
    boolean pass();
}
