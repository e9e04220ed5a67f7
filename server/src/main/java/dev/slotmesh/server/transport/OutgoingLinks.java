package dev.slotmesh.server.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Connections that this node opens to other servers, on the event loops of clients. Thread safe. */
public final class OutgoingLinks {
    private static final int READ_MIN_BYTES = 1024;
    private static final int READ_BYTES = 64 * 1024;
    private static final int READ_MAX_BYTES = 1024 * 1024;

    private final IoThreads threads;

    public OutgoingLinks(IoThreads threads) {
        this.threads = threads;
    }

    /**
     * Where to connect to.
     *
     * @param address a resolved one
     * @param source address of this end, or null for the system's choice
     * @param timeoutMs how long the connection may take to be made, 1 or more
     */
    public record Destination(InetSocketAddress address, InetAddress source, int timeoutMs) {}

    /**
     * Starts to connect.
     *
     * @return closes the connection, made or not; for any thread, any number of times
     */
    public Runnable open(Destination destination, OutgoingListener listener) {
        Bootstrap bootstrap = new Bootstrap()
                .group(threads.clients())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOCATOR, IoThreads.ALLOCATOR)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, destination.timeoutMs())
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(
                                READ_MIN_BYTES, READ_BYTES, READ_MAX_BYTES))
                .handler(new Outgoing(listener));
        if (destination.source() != null) {
            bootstrap.localAddress(new InetSocketAddress(destination.source(), 0));
        }
        ChannelFuture connecting = bootstrap.connect(destination.address());
        connecting.addListener(made -> {
            if (!made.isSuccess()) {
                listener.closed(reason(made.cause()));
            }
        });
        return () -> connecting.channel().close();
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** An established connection. Confined to its event loop. */
    private static final class Outgoing extends ChannelInboundHandlerAdapter {
        private final OutgoingListener listener;
        private String failure = "connection lost";

        Outgoing(OutgoingListener listener) {
            this.listener = listener;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            listener.opened(new SocketConnection(context.channel()));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            listener.received((ByteBuf) message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            listener.closed(failure);
        }

        /** A reset or a broken pipe costs this connection and nothing else; any other error is ours. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause)
                throws Exception {
            failure = reason(cause);
            context.close();
            if (!(cause instanceof IOException)) {
                super.exceptionCaught(context, cause);
            }
        }
    }
}
