package dev.slotmesh.server.transport;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.ProbeOutcome;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Looks whether somebody listens on the client ports of other nodes: connects, sends nothing, closes. A bounded number at
 * a time, the others wait their turn. Confined to the bus thread.
 */
final class PortProbes {
    private static final int MAX_AT_ONCE = 64;

    private final EventLoop bus;
    private final BiConsumer<NodeId, ProbeOutcome> report;
    private final Deque<Target> waiting = new ArrayDeque<>();
    private final Set<Channel> underWay = new HashSet<>();
    private boolean closed;

    /** @param report called from I/O callbacks, once for each target unless {@link #close} comes first */
    PortProbes(EventLoop bus, BiConsumer<NodeId, ProbeOutcome> report) {
        this.bus = bus;
        this.report = report;
    }

    /**
     * A port to look at.
     *
     * @param source address of this end, or null for the kernel's choice
     * @param timeoutMs how long the connection may take to be made, 1 or more
     */
    record Target(NodeId node, String ip, int port, InetAddress source, int timeoutMs) {}

    void probe(Target target) {
        waiting.add(target);
        startNext();
    }

    private void startNext() {
        while (!closed && !waiting.isEmpty() && underWay.size() < MAX_AT_ONCE) {
            start(waiting.remove());
        }
    }

    private void start(Target target) {
        InetAddress ip = NetUtil.createInetAddressFromIpAddressString(target.ip());
        if (ip == null || target.port() == 0) {
            report.accept(target.node(), ProbeOutcome.NO_ANSWER);
            return;
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(bus)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, target.timeoutMs())
                .handler(new ChannelInboundHandlerAdapter());
        if (target.source() != null) {
            bootstrap.localAddress(new InetSocketAddress(target.source(), 0));
        }
        ChannelFuture connecting = bootstrap.connect(new InetSocketAddress(ip, target.port()));
        Channel channel = connecting.channel();
        underWay.add(channel);
        connecting.addListener(made -> {
            underWay.remove(channel);
            channel.close();
            if (!closed) {
                report.accept(target.node(), outcome(made.cause()));
                startNext();
            }
        });
    }

    private static ProbeOutcome outcome(Throwable failure) {
        if (failure == null) {
            return ProbeOutcome.OPEN;
        }
        return ConnectFailures.of(failure) == ConnectFailure.REFUSED
                ? ProbeOutcome.REFUSED
                : ProbeOutcome.NO_ANSWER;
    }

    /** Ends all probes without a report. */
    void close() {
        closed = true;
        waiting.clear();
        Set.copyOf(underWay).forEach(Channel::close);
    }
}
