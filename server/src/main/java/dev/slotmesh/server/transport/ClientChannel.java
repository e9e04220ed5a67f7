package dev.slotmesh.server.transport;

import dev.slotmesh.server.session.Connection;
import dev.slotmesh.server.session.Session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.io.IOException;
import java.util.function.Function;

/** A client's socket and its session. Confined to its event loop. */
final class ClientChannel extends ChannelInboundHandlerAdapter {
    private final Function<Connection, Session> admission;
    private SocketConnection connection;
    private Session session;

    /** @param admission makes the session, or null when the client was refused (and told so) */
    ClientChannel(Function<Connection, Session> admission) {
        this.admission = admission;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connection = new SocketConnection(context.channel());
        session = admission.apply(connection);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (session == null) {
            bytes.release();
        } else {
            session.receive(bytes);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (session != null) {
            session.disconnected();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.writabilityChanged();
    }

    /** A reset or a broken pipe costs this client's connection and nothing else; any other error is ours. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        context.close();
        if (!(cause instanceof IOException)) {
            super.exceptionCaught(context, cause);
        }
    }
}
