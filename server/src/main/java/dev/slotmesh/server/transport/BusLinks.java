package dev.slotmesh.server.transport;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.LinkContext;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.ProbeOutcome;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The sockets of the cluster bus: accepts other nodes, connects to them, sends packets, and tells {@link BusInputs} what
 * arrives. {@link #listen} and {@link #close} are for any thread; everything else is confined to the bus thread.
 */
public final class BusLinks implements AutoCloseable {
    private static final int SECONDS_AS_MS = 1000;
    private static final long CLOSE_WAIT_SECONDS = 3;
    /** A host that has a word to say about a port says it sooner. */
    private static final int MAX_PROBE_MS = 500;

    private final EventLoop bus;
    private final BusInputs inputs;
    private final BusInbox inbox;
    private final List<Channel> listening = new ArrayList<>();
    private final Map<LinkId, BusChannel> byLink = new HashMap<>();
    /** Accepted connections too, which have no handle before their first input was read. */
    private final Set<BusChannel> all = new HashSet<>();

    private final PortProbes probes;
    private Timing timing = new Timing(SECONDS_AS_MS, 1);
    private boolean closed;

    /**
     * How patient the links are.
     *
     * @param connectTimeoutMs how long a connection may take to be established, 1 or more
     * @param keepAliveSeconds how long a connection may be idle before the kernel asks the peer, 1 or more
     */
    public record Timing(int connectTimeoutMs, int keepAliveSeconds) {}

    /** The links of a node whose bus thread is that of {@code threads}. */
    public BusLinks(IoThreads threads, BusInputs inputs) {
        this.bus = threads.bus().next();
        this.inputs = inputs;
        this.inbox = new BusInbox(bus, inputs::turnEnded);
        this.probes = new PortProbes(bus, this::reportProbe);
    }

    /** Obeyed by connections made from now on. */
    public void timing(Timing newTiming) {
        timing = newTiming;
    }

    /**
     * Listens on one more address. A wildcard socket serves IPv4 and IPv6 alike. Returns the port bound, which matters when 0 was
     * asked for. A failed bind throws the bind's own exception.
     */
    public int listen(InetSocketAddress address, int backlog) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(bus)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, backlog)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, IoThreads.ALLOCATOR)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                });
        Channel channel = bootstrap.bind(address).syncUninterruptibly().channel();
        synchronized (listening) {
            listening.add(channel);
        }
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private void accept(SocketChannel channel) {
        if (closed) {
            channel.close();
            return;
        }
        keepAlive(channel);
        BusChannel handler = new BusChannel(this, null);
        all.add(handler);
        channel.pipeline().addLast(handler);
    }

    private void keepAlive(Channel channel) {
        int seconds = timing.keepAliveSeconds();
        channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, seconds);
        channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, Math.max(1, seconds / 3));
        channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, 3);
    }

    /**
     * Starts to connect. Answered by exactly one of {@link BusInputs#opened} and {@link BusInputs#failed}, unless
     * {@link #closeLink} comes first.
     *
     * @param source address of this end, or null for the kernel's choice
     */
    public void open(LinkId link, BusAddress address, InetAddress source) {
        BusChannel handler = new BusChannel(this, link);
        byLink.put(link, handler);
        all.add(handler);
        InetAddress ip = NetUtil.createInetAddressFromIpAddressString(address.ip());
        if (closed || ip == null || address.busPort() == 0) {
            fail(handler, ConnectFailure.OTHER);
            return;
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(bus)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOCATOR, IoThreads.ALLOCATOR)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timing.connectTimeoutMs())
                .handler(handler);
        if (source != null) {
            bootstrap.localAddress(new InetSocketAddress(source, 0));
        }
        bootstrap.connect(new InetSocketAddress(ip, address.busPort())).addListener(connected -> {
            if (!connected.isSuccess()) {
                fail(handler, ConnectFailures.of(connected.cause()));
            }
        });
    }

    private void fail(BusChannel handler, ConnectFailure reason) {
        report(handler, to -> to.failed(handler.link(), reason));
        ended(handler);
    }

    /**
     * Looks whether somebody listens on a node's client port. Answered by exactly one {@link BusInputs#probed}.
     *
     * @param source address of this end, or null for the kernel's choice
     */
    public void probe(NodeId node, String ip, int port, InetAddress source) {
        int timeoutMs = Math.max(1, Math.min(MAX_PROBE_MS, timing.connectTimeoutMs() / 2));
        probes.probe(new PortProbes.Target(node, ip, port, source, timeoutMs));
    }

    private void reportProbe(NodeId node, ProbeOutcome outcome) {
        inbox.add(() -> {
            if (!closed) {
                inputs.probed(node, outcome);
            }
        });
    }

    /** Queues a packet on an established link; without effect on any other. */
    public void send(LinkId link, BusMessage message) {
        BusChannel handler = byLink.get(link);
        if (handler != null && handler.isEstablished()) {
            handler.send(message);
        }
    }

    /** Closes a connection, established or not; nothing more is reported about it. */
    public void closeLink(LinkId link) {
        BusChannel handler = byLink.remove(link);
        if (handler != null) {
            handler.close();
        }
    }

    /** What a link has to send; {@link SendQueue#NONE} when it has ended. */
    public SendQueue sendQueue(LinkId link) {
        BusChannel handler = byLink.get(link);
        return handler == null ? SendQueue.NONE : handler.sendQueue();
    }

    /** Memory of what all links have received and not read, and of what they have to send. */
    public long memoryBytes() {
        long bytes = 0;
        for (BusChannel handler : all) {
            bytes += handler.memoryBytes();
        }
        return bytes;
    }

    /** Reports the backlog of every link that has one, or had. */
    public void tellBacklogs() {
        all.forEach(BusChannel::tellBacklog);
    }

    void report(BusChannel from, Consumer<BusInputs> event) {
        inbox.add(() -> {
            if (!from.isSilent() && !closed) {
                event.accept(inputs);
            }
        });
    }

    void reportAccepted(BusChannel from, LinkContext context) {
        report(from, to -> {
            LinkId link = to.accepted(context);
            from.link(link);
            byLink.put(link, from);
        });
    }

    /** The socket is gone; its handle is forgotten after the inputs that are still in the inbox. */
    void ended(BusChannel handler) {
        all.remove(handler);
        inbox.add(() -> byLink.remove(handler.link(), handler));
    }

    /** Stops listening, closes every link without a report, and waits for it. */
    @Override
    public void close() {
        synchronized (listening) {
            listening.forEach(Channel::close);
            listening.clear();
        }
        bus.submit(() -> {
                    closed = true;
                    probes.close();
                    List.copyOf(all).forEach(BusChannel::close);
                    byLink.clear();
                })
                .awaitUninterruptibly(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
