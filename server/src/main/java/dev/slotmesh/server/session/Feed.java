package dev.slotmesh.server.session;

/**
 * What a connection is sent besides replies: the replication stream. It takes bytes from elsewhere as fast as the socket does,
 * so that nothing piles up in the connection.
 *
 * <p>A session with a feed is no ordinary client any more: its commands are executed, but one that replies breaks the stream
 * and ends the connection. All methods are called on the session's thread unless they say otherwise.
 */
public interface Feed {
    /** Hands on what the socket takes now: a batch of commands was executed, or there is room again. */
    void pump();

    /** Bytes for this client that wait outside the connection. Any thread. */
    long heldBytes();

    /** A command of this client has replied, which it must not; the connection is being closed. */
    void replied(String command);

    /** The connection is gone: whatever is held for it is released. */
    void closed();
}
