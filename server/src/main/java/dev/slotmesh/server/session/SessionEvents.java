package dev.slotmesh.server.session;

import dev.slotmesh.server.command.CommandSpec;

/** What the node wants to know of its sessions, or to forbid them. Called on event loops; never under a slot lock. */
public interface SessionEvents {

    /** A reason of the node's own to refuse this command now (out of memory, shutting down), or null. */
    ErrorReply refusal(Session session, CommandSpec spec);

    /** The peer does not speak RESP; the connection is being closed. */
    void protocolError(Session session, String error);

    /** The client sent more unfinished input than it may; it is being closed. */
    void queryBufferExceeded(Session session);

    /** The client reads its replies too slowly; it is being closed. */
    void outputBufferExceeded(Session session, long pendingBytes);

    /** A handler failed by a mistake of ours; the client got an error and lives. */
    void internalError(Session session, CommandSpec spec, Throwable error);

    /**
     * A command of the primary failed here: the two data sets differ, or one of the servers errs. The stream goes on.
     *
     * @param command its full name
     * @param error the reply it would have got
     */
    default void primaryCommandFailed(Session session, String command, String error) {}
}
