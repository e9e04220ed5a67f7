package dev.slotmesh.server.transport;

import dev.slotmesh.server.session.Connection;

import io.netty.buffer.ByteBuf;

/**
 * Who is told of a connection that this node opens. All methods are called on the connection's event loop: {@link #opened},
 * then {@link #received} any number of times, and {@link #closed} once, also when it was never opened.
 */
public interface OutgoingListener {
    /** The connection is there. */
    void opened(Connection connection);

    /** Bytes from the peer, whose ownership is handed over. */
    void received(ByteBuf bytes);

    /**
     * The connection has ended or could not be made; nothing more is told of it.
     *
     * @param reason as the system words it, for the log
     */
    void closed(String reason);
}
