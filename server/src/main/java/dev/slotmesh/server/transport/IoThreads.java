package dev.slotmesh.server.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of one node: {@code io-threads} for clients, one that accepts them, and one for the cluster bus that no
 * command ever runs on, so that a busy node still answers PINGs in time.
 *
 * <p>Accepting has a loop of its own because CONFIG SET, on a client's loop, waits for it to open other ports.
 */
public final class IoThreads implements AutoCloseable {
    static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    private final EventLoopGroup clients;
    private final EventLoopGroup acceptor;
    private final EventLoopGroup bus;

    /** @param clientLoops number of client event loops, 1 or more */
    public IoThreads(int clientLoops, String nodeName) {
        clients = new MultiThreadIoEventLoopGroup(
                clientLoops,
                new DefaultThreadFactory(nodeName + "-io", true),
                EpollIoHandler.newFactory());
        acceptor = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory(nodeName + "-accept", true),
                EpollIoHandler.newFactory());
        bus = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(nodeName + "-bus", true), EpollIoHandler.newFactory());
    }

    /**
     * Loads the native library and the classes that every connection needs, so that a node may do it while it reads its
     * configuration: half of the time to the first reply is loading them.
     */
    public static void preload() {
        Epoll.ensureAvailability();
        ALLOCATOR.directBuffer().release();
        new EpollServerSocketChannel().unsafe().closeForcibly();
        new EpollSocketChannel().unsafe().closeForcibly();
    }

    EventLoopGroup clients() {
        return clients;
    }

    EventLoopGroup acceptor() {
        return acceptor;
    }

    EventLoopGroup bus() {
        return bus;
    }

    /** Runs a task on the bus thread. */
    public void onBus(Runnable task) {
        bus.next().execute(task);
    }

    /** Done when every client loop has finished what it was doing when this was called. */
    public CompletableFuture<Void> clientsTurn() {
        List<CompletableFuture<Void>> turns = new ArrayList<>();
        for (EventExecutor loop : clients) {
            turns.add(CompletableFuture.runAsync(() -> {}, loop));
        }
        return CompletableFuture.allOf(turns.toArray(CompletableFuture[]::new));
    }

    /** Runs a task on the bus thread again and again; the returned action ends it. */
    public Runnable everyOnBus(long periodMs, Runnable task) {
        var timer = bus.next().scheduleAtFixedRate(task, periodMs, periodMs, TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    /** Stops all loops and waits for them, a few seconds at most; whether they have ended can be asked afterwards. */
    @Override
    public void close() {
        var last = List.of(
                acceptor.shutdownGracefully(0, 2, TimeUnit.SECONDS),
                clients.shutdownGracefully(0, 2, TimeUnit.SECONDS),
                bus.shutdownGracefully(0, 2, TimeUnit.SECONDS));
        for (var ending : last) {
            ending.awaitUninterruptibly(4, TimeUnit.SECONDS);
        }
    }

    /** Whether no loop runs any more, so that what they used may be freed. */
    public boolean ended() {
        return acceptor.isTerminated() && clients.isTerminated() && bus.isTerminated();
    }
}
