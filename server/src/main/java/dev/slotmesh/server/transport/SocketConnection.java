package dev.slotmesh.server.transport;

import dev.slotmesh.server.session.Connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** A socket as the {@link Connection} below a session, accepted or opened by this node. Confined to its event loop. */
final class SocketConnection implements Connection {
    private final Channel channel;
    private Runnable whenWritable = () -> {};

    SocketConnection(Channel channel) {
        this.channel = channel;
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return channel.alloc().directBuffer(capacity);
    }

    @Override
    public void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void closeAfterFlush() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void reading(boolean enabled) {
        channel.config().setAutoRead(enabled);
    }

    @Override
    public void execute(Runnable task) {
        channel.eventLoop().execute(task);
    }

    @Override
    public Timer schedule(long delayMs, Runnable task) {
        var timer = channel.eventLoop().schedule(task, delayMs, TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public long pendingBytes() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void backPressure(int lowBytes, int highBytes, Runnable action) {
        whenWritable = action;
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(lowBytes, highBytes));
    }

    /** The channel says so. */
    void writabilityChanged() {
        if (channel.isWritable()) {
            whenWritable.run();
        }
    }

    @Override
    public void noDelay(boolean atOnce) {
        if (!unixSocket()) {
            channel.config().setOption(ChannelOption.TCP_NODELAY, atOnce);
        }
    }

    @Override
    public String remoteAddress() {
        return unixSocket() ? localAddress() : text(channel.remoteAddress());
    }

    @Override
    public String localAddress() {
        return text(channel.localAddress());
    }

    @Override
    public boolean fromThisMachine() {
        return !(channel.remoteAddress() instanceof InetSocketAddress inet)
                || inet.getAddress().isLoopbackAddress();
    }

    @Override
    public boolean unixSocket() {
        return channel.localAddress() instanceof DomainSocketAddress;
    }

    @Override
    public int descriptor() {
        return channel instanceof UnixChannel unix ? unix.fd().intValue() : -1;
    }

    private static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            String ip = inet.getAddress().getHostAddress();
            return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + inet.getPort();
        }
        return address == null ? "?:0" : address + ":0";
    }
}
