package dev.slotmesh.server.transport;

import dev.slotmesh.bus.BusDecoder;
import dev.slotmesh.bus.BusEncoder;
import dev.slotmesh.bus.BusFraming;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Decoded;
import dev.slotmesh.gossip.LinkContext;
import dev.slotmesh.gossip.LinkId;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * One connection of the cluster bus: cuts the stream into packets, decodes them, leaves them in the inbox; encodes what is sent
 * and counts the bytes not yet taken by the kernel. Confined to the bus thread.
 */
final class BusChannel extends ChannelInboundHandlerAdapter {
    /** Valkey's short headers go only to peers that announce them; this node does not. */
    private static final boolean LIGHT_ACCEPTED = false;

    private static final BusFraming FRAMING = new BusFraming(BusFraming.DEFAULT_MAX_FRAME_BYTES);

    /** The machine hears of a backlog each time it grew by this much. */
    private static final long BACKLOG_STEP_BYTES = 64 * 1024;

    private final BusLinks links;
    private final boolean outbound;
    private LinkId link;
    private Channel channel;
    private ByteBuf pending;
    private long queuedBytes;
    private long toldBacklogBytes;
    private boolean established;
    private boolean silent;

    /** @param link null for an accepted connection, which gets its handle from the machine */
    BusChannel(BusLinks links, LinkId link) {
        this.links = links;
        this.link = link;
        this.outbound = link != null;
    }

    LinkId link() {
        return link;
    }

    void link(LinkId handle) {
        link = handle;
    }

    /** Nothing more of this connection is reported. */
    boolean isSilent() {
        return silent;
    }

    boolean isEstablished() {
        return established;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        established = true;
        LinkContext facts =
                new LinkContext(literal(channel.localAddress()), literal(channel.remoteAddress()));
        if (outbound) {
            links.report(this, inputs -> inputs.opened(link, facts));
        } else {
            links.reportAccepted(this, facts);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (silent) {
            bytes.release();
            return;
        }
        if (pending == null) {
            pending = bytes;
        } else {
            pending = append(pending, bytes);
        }
        readPackets();
        if (pending != null && !pending.isReadable()) {
            dropPending();
        }
    }

    /** Room grows with what arrived, never with what a header announces. */
    private ByteBuf append(ByteBuf held, ByteBuf arrived) {
        ByteBuf target = held;
        if (held.refCnt() != 1 || held.writableBytes() < arrived.readableBytes()) {
            int needed = held.readableBytes() + arrived.readableBytes();
            target = channel.alloc().directBuffer(Math.max(needed, 2 * held.readableBytes()));
            target.writeBytes(held);
            held.release();
        }
        target.writeBytes(arrived);
        arrived.release();
        return target;
    }

    private void readPackets() {
        while (pending != null && pending.isReadable()) {
            ByteBuffer bytes = pending.nioBuffer();
            BusFraming.Frame frame = FRAMING.inspect(bytes, LIGHT_ACCEPTED);
            if (frame instanceof BusFraming.Frame.Complete complete) {
                bytes.limit(bytes.position() + complete.lengthBytes());
                packet(BusDecoder.decode(bytes));
                if (pending != null) {
                    pending.skipBytes(complete.lengthBytes());
                }
            } else {
                if (frame instanceof BusFraming.Frame.Close close) {
                    refuse(-1, close.detail(), true);
                }
                return;
            }
        }
    }

    private void packet(Decoded decoded) {
        if (decoded instanceof Decoded.Message valid) {
            BusMessage message = valid.message();
            links.report(this, inputs -> inputs.received(link, message));
        } else if (decoded instanceof Decoded.Refused refused) {
            refuse(refused.typeCode(), refused.detail(), refused.reason().closesLink());
        }
    }

    private void refuse(int typeCode, String detail, boolean closing) {
        links.report(this, inputs -> inputs.refused(link, typeCode, detail));
        if (closing) {
            dropPending();
            channel.close();
        }
    }

    private void dropPending() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        dropPending();
        links.report(this, inputs -> inputs.closed(link));
        links.ended(this);
    }

    /** A reset costs this link; an error of ours is passed on to be logged as well. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        context.close();
        if (!(cause instanceof IOException)) {
            super.exceptionCaught(context, cause);
        }
    }

    void send(BusMessage message) {
        int length = BusEncoder.encodedLength(message);
        ByteBuf packet = channel.alloc().directBuffer(length);
        BusEncoder.encode(message, packet.nioBuffer(0, length));
        packet.writerIndex(length);
        queuedBytes += length;
        channel.writeAndFlush(packet).addListener(written -> queuedBytes -= length);
        if (queuedBytes - toldBacklogBytes >= BACKLOG_STEP_BYTES) {
            tellBacklog();
        }
    }

    /** Tells how much waits, if anything does or did when last told. */
    void tellBacklog() {
        if (queuedBytes > 0 || toldBacklogBytes > 0) {
            long bytes = queuedBytes;
            toldBacklogBytes = bytes;
            links.report(this, inputs -> inputs.backlog(link, bytes));
        }
    }

    void close() {
        silent = true;
        if (channel != null) {
            channel.close();
        }
    }

    SendQueue sendQueue() {
        ChannelOutboundBuffer buffer = channel == null ? null : channel.unsafe().outboundBuffer();
        long allocated = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        String events = established ? queuedBytes > 0 ? "rw" : "r" : "";
        return new SendQueue(events, queuedBytes == 0 ? 0 : allocated, queuedBytes);
    }

    /** Memory of what it received and of what it has to send. */
    long memoryBytes() {
        return (pending == null ? 0 : pending.capacity()) + sendQueue().allocatedBytes();
    }

    private static String literal(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return "";
        }
        InetAddress ip = inet.getAddress();
        String text = ip.getHostAddress();
        int scope = ip instanceof Inet6Address ? text.indexOf('%') : -1;
        return scope < 0 ? text : text.substring(0, scope);
    }
}
