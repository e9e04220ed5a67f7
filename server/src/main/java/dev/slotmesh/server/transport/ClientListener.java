package dev.slotmesh.server.transport;

import dev.slotmesh.server.session.Connection;
import dev.slotmesh.server.session.Session;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The listening sockets for clients. */
public final class ClientListener implements AutoCloseable {
    private static final int READ_MIN_BYTES = 1024;
    private static final int READ_BYTES = 16 * 1024;
    private static final int READ_MAX_BYTES = 1024 * 1024;

    private final List<Channel> listening = new ArrayList<>();

    /**
     * How a listening socket behaves.
     *
     * @param backlog tcp-backlog, 1 or more
     * @param keepAliveSeconds tcp-keepalive, 0 is off
     */
    public record Options(int backlog, int keepAliveSeconds) {}

    /**
     * Listens on one more address.
     *
     * @param admission called on the client's event loop with its connection
     * @return the port bound, which matters when 0 was asked for
     * @throws java.io.UncheckedIOException never; a failed bind throws the bind's own exception
     */
    public int listen(
            IoThreads threads,
            InetSocketAddress address,
            Options options,
            Function<Connection, Session> admission) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(threads.clients())
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, options.backlog())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, IoThreads.ALLOCATOR)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(
                                READ_MIN_BYTES, READ_BYTES, READ_MAX_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new ClientChannel(admission));
                    }
                });
        if (options.keepAliveSeconds() > 0) {
            bootstrap
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childOption(EpollChannelOption.TCP_KEEPIDLE, options.keepAliveSeconds())
                    .childOption(
                            EpollChannelOption.TCP_KEEPINTVL,
                            Math.max(1, options.keepAliveSeconds() / 3))
                    .childOption(EpollChannelOption.TCP_KEEPCNT, 3);
        }
        ChannelFuture bound = bootstrap.bind(address).syncUninterruptibly();
        listening.add(bound.channel());
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    /** Accepts nobody any more. Clients already connected stay. */
    @Override
    public void close() {
        for (Channel channel : listening) {
            channel.close().syncUninterruptibly();
        }
        listening.clear();
    }
}
