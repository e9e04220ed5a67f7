package dev.slotmesh.bus;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Messages to bytes. Stateless and thread-safe. */
public final class BusEncoder {
    private BusEncoder() {}

    /** Bytes of {@code message} on the wire. */
    public static int encodedLength(BusMessage message) {
        if (message instanceof BusMessage.Heartbeat heartbeat) {
            int length = Layout.HEADER_BYTES
                    + Layout.GOSSIP_BYTES * heartbeat.gossip().size();
            for (PingExtension extension : heartbeat.extensions()) {
                length += extension.encodedLength();
            }
            return length;
        } else if (message instanceof BusMessage.Fail) {
            return Layout.FAIL_BYTES;
        } else if (message instanceof BusMessage.Publish publish) {
            return publishLength(Layout.HEADER_BYTES, publish.channel(), publish.message());
        } else if (message instanceof BusMessage.Update) {
            return Layout.UPDATE_BYTES;
        } else if (message instanceof BusMessage.Module module) {
            return Layout.MODULE_PAYLOAD + module.payload().length();
        } else if (message instanceof BusMessage.Unknown unknown) {
            return Layout.HEADER_BYTES + unknown.body().length();
        } else if (message instanceof BusMessage.LightPublish light) {
            return publishLength(Layout.LIGHT_HEADER_BYTES, light.channel(), light.message());
        }
        return Layout.HEADER_BYTES;
    }

    /** {@code message} in a new big-endian heap buffer, ready to be read. */
    public static ByteBuffer encode(BusMessage message) {
        ByteBuffer packet = ByteBuffer.allocate(encodedLength(message));
        encode(message, packet);
        return packet.flip();
    }

    /**
     * Writes {@code message} at the position of {@code target} and moves the position behind it; the byte order of
     * {@code target} does not matter and what it held before does not show.
     *
     * @return bytes written, {@link #encodedLength}
     * @throws BufferOverflowException when they do not fit; nothing is written then
     */
    public static int encode(BusMessage message, ByteBuffer target) {
        int length = encodedLength(message);
        if (length > target.remaining()) {
            throw new BufferOverflowException();
        }
        ByteBuffer packet = target.slice(target.position(), length).order(ByteOrder.BIG_ENDIAN);
        putStart(packet, message.typeCode());
        if (message instanceof BusMessage.LightPublish light) {
            putLight(packet, light);
        } else if (message instanceof BusMessage.Full full) {
            putHeader(packet, full.header());
            putBody(packet, full);
        }
        target.position(target.position() + length);
        return length;
    }

    private static int publishLength(int headerBytes, Payload channel, Payload message) {
        return headerBytes + Layout.PUBLISH_CONTENTS + channel.length() + message.length();
    }

    private static void putStart(ByteBuffer packet, int typeCode) {
        packet.putInt(Layout.SIG, Layout.SIGNATURE);
        packet.putInt(Layout.TOTLEN, packet.capacity());
        packet.putShort(Layout.VER, (short) Layout.PROTOCOL_VERSION);
        packet.putShort(Layout.TYPE, (short) typeCode);
    }

    private static void putLight(ByteBuffer packet, BusMessage.LightPublish light) {
        packet.putShort(Layout.LIGHT_UNUSED1, (short) 0);
        packet.putShort(Layout.LIGHT_UNUSED2, (short) 0);
        putPublish(packet, Layout.LIGHT_HEADER_BYTES, light.channel(), light.message());
    }

    private static void putHeader(ByteBuffer packet, Header header) {
        Address address = header.address();
        packet.putShort(Layout.PORT, (short) address.port());
        packet.putShort(Layout.COUNT, (short) 0);
        packet.putLong(Layout.CURRENT_EPOCH, header.currentEpoch());
        packet.putLong(Layout.CONFIG_EPOCH, header.configEpoch());
        packet.putLong(Layout.OFFSET, header.replicationOffset());
        header.sender().write(packet, Layout.SENDER);
        header.slots().write(packet, Layout.MYSLOTS);
        header.primary().write(packet, Layout.SLAVEOF);
        putText(packet, Layout.MYIP, address.ip(), Layout.IP_BYTES);
        packet.putShort(Layout.EXTENSIONS, (short) 0);
        putZeros(packet, Layout.UNUSED, Layout.UNUSED_BYTES);
        packet.putShort(Layout.PPORT, (short) address.plainPort());
        packet.putShort(Layout.CPORT, (short) address.busPort());
        packet.putShort(Layout.FLAGS, (short) header.nodeFlags());
        packet.put(Layout.STATE, (byte) header.flags().state());
        packet.put(Layout.MFLAGS, (byte) header.messageFlags());
        packet.put(Layout.MFLAGS + 1, (byte) (header.messageFlags() >> 8));
        packet.put(Layout.MFLAGS + 2, (byte) (header.messageFlags() >> 16));
    }

    private static void putBody(ByteBuffer packet, BusMessage.Full message) {
        if (message instanceof BusMessage.Heartbeat heartbeat) {
            putHeartbeat(packet, heartbeat);
        } else if (message instanceof BusMessage.Fail fail) {
            fail.failed().write(packet, Layout.FAIL_ID);
        } else if (message instanceof BusMessage.Publish publish) {
            putPublish(packet, Layout.HEADER_BYTES, publish.channel(), publish.message());
        } else if (message instanceof BusMessage.Update update) {
            packet.putLong(Layout.UPDATE_CONFIG_EPOCH, update.configEpoch());
            update.owner().write(packet, Layout.UPDATE_ID);
            update.slots().write(packet, Layout.UPDATE_SLOTS);
        } else if (message instanceof BusMessage.Module module) {
            packet.putLong(Layout.MODULE_ID, module.moduleId());
            packet.putInt(Layout.MODULE_LENGTH, module.payload().length());
            packet.put(Layout.MODULE_TYPE, (byte) module.moduleType());
            module.payload().write(packet, Layout.MODULE_PAYLOAD);
        } else if (message instanceof BusMessage.Unknown unknown) {
            unknown.body().write(packet, Layout.HEADER_BYTES);
        }
    }

    private static void putHeartbeat(ByteBuffer packet, BusMessage.Heartbeat heartbeat) {
        packet.putShort(Layout.COUNT, (short) heartbeat.gossip().size());
        packet.putShort(Layout.EXTENSIONS, (short) heartbeat.extensions().size());
        int offset = Layout.HEADER_BYTES;
        for (GossipEntry entry : heartbeat.gossip()) {
            putGossip(packet, offset, entry);
            offset += Layout.GOSSIP_BYTES;
        }
        for (PingExtension extension : heartbeat.extensions()) {
            putExtension(packet, offset, extension);
            offset += extension.encodedLength();
        }
    }

    private static void putGossip(ByteBuffer packet, int start, GossipEntry entry) {
        Address address = entry.address();
        entry.id().write(packet, start + Layout.GOSSIP_ID);
        packet.putInt(start + Layout.GOSSIP_PING_SENT, (int) entry.pingSentSeconds());
        packet.putInt(start + Layout.GOSSIP_PONG_RECEIVED, (int) entry.pongReceivedSeconds());
        putText(packet, start + Layout.GOSSIP_IP, address.ip(), Layout.IP_BYTES);
        packet.putShort(start + Layout.GOSSIP_PORT, (short) address.port());
        packet.putShort(start + Layout.GOSSIP_CPORT, (short) address.busPort());
        packet.putShort(start + Layout.GOSSIP_FLAGS, (short) entry.flags());
        packet.putShort(start + Layout.GOSSIP_PPORT, (short) address.plainPort());
        packet.putShort(start + Layout.GOSSIP_UNUSED, (short) 0);
    }

    private static void putExtension(ByteBuffer packet, int start, PingExtension extension) {
        packet.putInt(start + Layout.EXT_LENGTH, extension.encodedLength());
        packet.putShort(start + Layout.EXT_TYPE, (short) extension.typeCode());
        packet.putShort(start + Layout.EXT_UNUSED, (short) 0);
        int contents = start + Layout.EXT_HEADER_BYTES;
        if (extension instanceof PingExtension.Text text) {
            putText(
                    packet,
                    contents,
                    text.text(),
                    extension.encodedLength() - Layout.EXT_HEADER_BYTES);
        } else if (extension instanceof PingExtension.ForgottenNode forgotten) {
            forgotten.id().write(packet, start + Layout.FORGOTTEN_ID);
            packet.putLong(start + Layout.FORGOTTEN_TTL, forgotten.ttlSeconds());
        } else if (extension instanceof PingExtension.ShardId shard) {
            shard.id().write(packet, start + Layout.SHARD_ID);
        } else if (extension instanceof PingExtension.ApartSlots apart) {
            apart.name().write(packet, start + Layout.APART_NAME);
            apart.source().write(packet, start + Layout.APART_SOURCE);
            apart.slots().write(packet, start + Layout.APART_SLOTS);
        } else if (extension instanceof PingExtension.Unknown unknown) {
            unknown.contents().write(packet, contents);
        }
    }

    private static void putPublish(ByteBuffer packet, int start, Payload channel, Payload message) {
        packet.putInt(start + Layout.PUBLISH_CHANNEL_LENGTH, channel.length());
        packet.putInt(start + Layout.PUBLISH_MESSAGE_LENGTH, message.length());
        int contents = start + Layout.PUBLISH_CONTENTS;
        channel.write(packet, contents);
        message.write(packet, contents + channel.length());
    }

    /** One byte per character, then zeros up to {@code fieldBytes}. */
    private static void putText(ByteBuffer packet, int offset, String text, int fieldBytes) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            packet.put(offset + i, (byte) text.charAt(i));
        }
        putZeros(packet, offset + length, fieldBytes - length);
    }

    private static void putZeros(ByteBuffer packet, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            packet.put(i, (byte) 0);
        }
    }
}
