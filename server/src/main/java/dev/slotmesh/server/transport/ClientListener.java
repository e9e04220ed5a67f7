package dev.slotmesh.server.transport;

import dev.slotmesh.server.session.Connection;
import dev.slotmesh.server.session.Session;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.unix.DomainSocketAddress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** Listening sockets for clients. For one thread at a time. */
public final class ClientListener implements AutoCloseable {
    private static final int READ_MIN_BYTES = 1024;
    private static final int READ_BYTES = 16 * 1024;
    private static final int READ_MAX_BYTES = 1024 * 1024;
    /** What Linux takes. */
    private static final int MAX_KEEP_ALIVE_SECONDS = 32_767;

    private final List<Channel> listening = new ArrayList<>();

    private final IoThreads threads;
    private final Options options;
    private final Function<Connection, Session> admission;

    /** @param admission called on the client's event loop with its connection */
    public ClientListener(
            IoThreads threads, Options options, Function<Connection, Session> admission) {
        this.threads = threads;
        this.options = options;
        this.admission = admission;
    }

    /**
     * How the sockets behave.
     *
     * @param backlog tcp-backlog, 1 or more
     * @param keepAliveSeconds tcp-keepalive, asked for each client; 0 is off
     */
    public record Options(int backlog, IntSupplier keepAliveSeconds) {}

    /**
     * Listens on one more address. Waits for it, so not to be called on the accepting thread. A failed bind throws its own
     * exception, checked or not.
     */
    public void listen(InetSocketAddress address) {
        ServerBootstrap bootstrap = bootstrap(new ChannelInitializer<EpollSocketChannel>() {
                    @Override
                    protected void initChannel(EpollSocketChannel channel) {
                        keepAlive(channel.config());
                        channel.pipeline().addLast(new ClientChannel(admission));
                    }
                })
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true);
        listening.add(bootstrap.bind(address).syncUninterruptibly().channel());
    }

    /**
     * Listens on a Unix socket as well. A socket that lies there is replaced, any other file is not; the file goes with
     * {@link #close}.
     *
     * @param mode the file's permissions, 0 to 0777; 0 leaves them to the process's umask
     * @throws IOException if another file lies there or the permissions cannot be set
     */
    public void listen(Path file, int mode) throws IOException {
        // Netty unlinks whatever is in the way.
        if (Files.exists(file)
                && !Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
            throw new FileAlreadyExistsException(file + " is not a socket");
        }
        ServerBootstrap bootstrap = bootstrap(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientChannel(admission));
                    }
                })
                .channel(EpollServerDomainSocketChannel.class);
        listening.add(bootstrap
                .bind(new DomainSocketAddress(file.toFile()))
                .syncUninterruptibly()
                .channel());
        if (mode != 0) {
            Files.setPosixFilePermissions(file, permissions(mode));
        }
    }

    private ServerBootstrap bootstrap(ChannelInitializer<? extends Channel> initializer) {
        return new ServerBootstrap()
                .group(threads.acceptor(), threads.clients())
                .option(ChannelOption.SO_BACKLOG, options.backlog())
                .childOption(ChannelOption.ALLOCATOR, IoThreads.ALLOCATOR)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(
                                READ_MIN_BYTES, READ_BYTES, READ_MAX_BYTES))
                .childHandler(initializer);
    }

    private void keepAlive(EpollSocketChannelConfig config) {
        int seconds = options.keepAliveSeconds().getAsInt();
        if (seconds > 0) {
            config.setKeepAlive(true);
            config.setTcpKeepIdle(Math.min(seconds, MAX_KEEP_ALIVE_SECONDS));
            config.setTcpKeepIntvl(Math.max(1, Math.min(seconds, MAX_KEEP_ALIVE_SECONDS) / 3));
            config.setTcpKeepCnt(3);
        }
    }

    /** The permissions of an octal mode, whose lowest bit is the last of the enum. */
    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                permissions.add(all[all.length - 1 - bit]);
            }
        }
        return permissions;
    }

    /** Whether it listens anywhere. */
    public boolean isOpen() {
        return !listening.isEmpty();
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
