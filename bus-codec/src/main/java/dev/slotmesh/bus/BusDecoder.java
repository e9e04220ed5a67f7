package dev.slotmesh.bus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One framed packet to a message or a named refusal, checked in the order of a stock receiver (spec section 2.7). Stateless
 * and thread-safe. Every length inside the packet is compared with the packet's own before it sizes anything, so decoding
 * allocates in proportion to the bytes that are there. No exception leaves it, whatever the bytes are.
 */
public final class BusDecoder {
    private BusDecoder() {}

    /**
     * Decodes the bytes between position and limit, which are one frame as {@link BusFraming} cuts it; the buffer stays as
     * it is and nothing of it is kept.
     */
    public static Decoded decode(ByteBuffer packet) {
        ByteBuffer bytes = packet.slice().order(ByteOrder.BIG_ENDIAN);
        int available = bytes.capacity();
        if (available < Layout.LIGHT_HEADER_BYTES) {
            return new Decoded.Refused(
                    Refusal.NOT_ONE_FRAME,
                    -1,
                    Refusal.NOT_ONE_FRAME.detail(available, Layout.LIGHT_HEADER_BYTES));
        }
        int typeCode = u16(bytes, Layout.TYPE);
        boolean light = (typeCode & MessageType.LIGHT_BIT) != 0;
        long length = u32(bytes, Layout.TOTLEN);
        int shortest = light ? Layout.LIGHT_HEADER_BYTES : Layout.HEADER_BYTES;
        if (bytes.getInt(Layout.SIG) != Layout.SIGNATURE || length < shortest) {
            return refused(Refusal.BAD_SIGNATURE_OR_LENGTH, typeCode);
        }
        if (length != available) {
            return refused(Refusal.NOT_ONE_FRAME, typeCode, available, length);
        }
        if (u16(bytes, Layout.VER) != Layout.PROTOCOL_VERSION) {
            return refused(Refusal.UNSUPPORTED_VERSION, typeCode);
        }
        return light ? decodeLight(bytes, typeCode) : decodeFull(bytes, typeCode);
    }

    private static Decoded decodeFull(ByteBuffer packet, int typeCode) {
        if (typeCode >= MessageType.COUNT) {
            int bodyBytes = packet.capacity() - Layout.HEADER_BYTES;
            Payload body = Payload.read(packet, Layout.HEADER_BYTES, bodyBytes);
            return new Decoded.Message(new BusMessage.Unknown(header(packet), typeCode, body));
        }
        MessageType type = MessageType.ofCode(typeCode).orElseThrow();
        return switch (type) {
            case PING -> heartbeat(packet, BusMessage.HeartbeatKind.PING);
            case PONG -> heartbeat(packet, BusMessage.HeartbeatKind.PONG);
            case MEET -> heartbeat(packet, BusMessage.HeartbeatKind.MEET);
            case PUBLISH, PUBLISHSHARD -> publish(packet, type);
            case MODULE -> module(packet);
            default -> fixed(packet, type);
        };
    }

    private static Decoded fixed(ByteBuffer packet, MessageType type) {
        int expected = fixedLength(type);
        if (packet.capacity() != expected) {
            return mismatch(packet, type.code(), expected);
        }
        Header header = header(packet);
        return new Decoded.Message(
                switch (type) {
                    case FAIL -> new BusMessage.Fail(header, NodeId.read(packet, Layout.FAIL_ID));
                    case FAILOVER_AUTH_REQUEST -> new BusMessage.AuthRequest(header);
                    case FAILOVER_AUTH_ACK -> new BusMessage.AuthAck(header);
                    case UPDATE ->
                        new BusMessage.Update(
                                header,
                                packet.getLong(Layout.UPDATE_CONFIG_EPOCH),
                                NodeId.read(packet, Layout.UPDATE_ID),
                                SlotSet.read(packet, Layout.UPDATE_SLOTS));
                    case MFSTART -> new BusMessage.ManualFailoverStart(header);
                    default -> throw new AssertionError(type);
                });
    }

    private static int fixedLength(MessageType type) {
        return switch (type) {
            case FAIL -> Layout.FAIL_BYTES;
            case UPDATE -> Layout.UPDATE_BYTES;
            default -> Layout.HEADER_BYTES;
        };
    }

    private static Decoded heartbeat(ByteBuffer packet, BusMessage.HeartbeatKind kind) {
        int typeCode = kind.type().code();
        int count = u16(packet, Layout.COUNT);
        int gossipEnd = Layout.HEADER_BYTES + Layout.GOSSIP_BYTES * count;
        boolean extended = (packet.get(Layout.MFLAGS) & MessageFlags.EXT_DATA) != 0;
        // Without EXT_DATA the extension count has no meaning; a stock receiver's length check
        // disregards it as well.
        int extensionCount = extended ? u16(packet, Layout.EXTENSIONS) : 0;
        if (gossipEnd > packet.capacity()) {
            return refusedNamed(Refusal.GOSSIP_OVERRUN, typeCode, count, packet.capacity());
        }
        ExtensionReader reader = new ExtensionReader(packet, gossipEnd);
        for (int i = 0; i < extensionCount; i++) {
            if (!reader.skip()) {
                return refusedNamed(reader.refusal(), typeCode, reader.refusedValue());
            }
        }
        if (reader.offset() != packet.capacity()) {
            return mismatch(packet, typeCode, reader.offset());
        }
        return new Decoded.Message(new BusMessage.Heartbeat(
                kind,
                header(packet),
                gossip(packet, count),
                ExtensionReader.readAll(packet, gossipEnd, extensionCount)));
    }

    private static List<GossipEntry> gossip(ByteBuffer packet, int count) {
        List<GossipEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int start = Layout.HEADER_BYTES + i * Layout.GOSSIP_BYTES;
            entries.add(new GossipEntry(
                    NodeId.read(packet, start + Layout.GOSSIP_ID),
                    u32(packet, start + Layout.GOSSIP_PING_SENT),
                    u32(packet, start + Layout.GOSSIP_PONG_RECEIVED),
                    new Address(
                            text(packet, start + Layout.GOSSIP_IP, Layout.IP_BYTES),
                            u16(packet, start + Layout.GOSSIP_PORT),
                            u16(packet, start + Layout.GOSSIP_PPORT),
                            u16(packet, start + Layout.GOSSIP_CPORT)),
                    u16(packet, start + Layout.GOSSIP_FLAGS)));
        }
        return entries;
    }

    private static Decoded publish(ByteBuffer packet, MessageType type) {
        long expected = publishLength(packet, Layout.HEADER_BYTES);
        if (packet.capacity() != expected) {
            return mismatch(packet, type.code(), expected);
        }
        Payload channel = channel(packet, Layout.HEADER_BYTES);
        Payload message = message(packet, Layout.HEADER_BYTES, channel.length());
        boolean sharded = type == MessageType.PUBLISHSHARD;
        return new Decoded.Message(
                new BusMessage.Publish(header(packet), sharded, channel, message));
    }

    private static Decoded decodeLight(ByteBuffer packet, int typeCode) {
        int plainCode = typeCode & ~MessageType.LIGHT_BIT;
        boolean sharded = plainCode == MessageType.PUBLISHSHARD.code();
        if (!sharded && plainCode != MessageType.PUBLISH.code()) {
            return refusedNamed(Refusal.UNSUPPORTED_LIGHT_TYPE, typeCode);
        }
        long expected = publishLength(packet, Layout.LIGHT_HEADER_BYTES);
        if (packet.capacity() != expected) {
            return mismatch(packet, typeCode, expected);
        }
        Payload channel = channel(packet, Layout.LIGHT_HEADER_BYTES);
        Payload message = message(packet, Layout.LIGHT_HEADER_BYTES, channel.length());
        return new Decoded.Message(new BusMessage.LightPublish(sharded, channel, message));
    }

    /** The length the inner lengths ask for; that of an empty publish when the packet is too short to have them. */
    private static long publishLength(ByteBuffer packet, int start) {
        long fixed = (long) start + Layout.PUBLISH_CONTENTS;
        if (packet.capacity() < fixed) {
            return fixed;
        }
        return fixed
                + u32(packet, start + Layout.PUBLISH_CHANNEL_LENGTH)
                + u32(packet, start + Layout.PUBLISH_MESSAGE_LENGTH);
    }

    private static Payload channel(ByteBuffer packet, int start) {
        int length = packet.getInt(start + Layout.PUBLISH_CHANNEL_LENGTH);
        return Payload.read(packet, start + Layout.PUBLISH_CONTENTS, length);
    }

    private static Payload message(ByteBuffer packet, int start, int channelLength) {
        int length = packet.getInt(start + Layout.PUBLISH_MESSAGE_LENGTH);
        return Payload.read(packet, start + Layout.PUBLISH_CONTENTS + channelLength, length);
    }

    private static Decoded module(ByteBuffer packet) {
        long expected = Layout.MODULE_PAYLOAD;
        if (packet.capacity() >= expected) {
            expected += u32(packet, Layout.MODULE_LENGTH);
        }
        if (packet.capacity() != expected) {
            return mismatch(packet, MessageType.MODULE.code(), expected);
        }
        int payloadBytes = packet.capacity() - Layout.MODULE_PAYLOAD;
        return new Decoded.Message(new BusMessage.Module(
                header(packet),
                packet.getLong(Layout.MODULE_ID),
                packet.get(Layout.MODULE_TYPE) & 0xff,
                Payload.read(packet, Layout.MODULE_PAYLOAD, payloadBytes)));
    }

    private static Header header(ByteBuffer packet) {
        int messageFlags = packet.get(Layout.MFLAGS) & 0xff
                | (packet.get(Layout.MFLAGS + 1) & 0xff) << 8
                | (packet.get(Layout.MFLAGS + 2) & 0xff) << 16;
        return new Header(
                NodeId.read(packet, Layout.SENDER),
                new Header.Claim(
                        NodeId.read(packet, Layout.SLAVEOF), SlotSet.read(packet, Layout.MYSLOTS)),
                new Header.Progress(
                        packet.getLong(Layout.CURRENT_EPOCH),
                        packet.getLong(Layout.CONFIG_EPOCH),
                        packet.getLong(Layout.OFFSET)),
                new Address(
                        text(packet, Layout.MYIP, Layout.IP_BYTES),
                        u16(packet, Layout.PORT),
                        u16(packet, Layout.PPORT),
                        u16(packet, Layout.CPORT)),
                new Header.Flags(
                        u16(packet, Layout.FLAGS), packet.get(Layout.STATE) & 0xff, messageFlags));
    }

    private static Decoded mismatch(ByteBuffer packet, int typeCode, long expected) {
        return refusedNamed(Refusal.LENGTH_MISMATCH, typeCode, packet.capacity(), expected);
    }

    /** A refusal whose text starts with the type's name. */
    private static Decoded refusedNamed(Refusal reason, int typeCode, Object... arguments) {
        Object[] named = new Object[arguments.length + 1];
        named[0] = MessageType.statsNameOf(typeCode);
        System.arraycopy(arguments, 0, named, 1, arguments.length);
        return refused(reason, typeCode, named);
    }

    private static Decoded refused(Refusal reason, int typeCode, Object... arguments) {
        return new Decoded.Refused(reason, typeCode, reason.detail(arguments));
    }

    /** The characters before the first NUL of a field, or all of them. */
    static String text(ByteBuffer packet, int offset, int fieldBytes) {
        int length = 0;
        while (length < fieldBytes && packet.get(offset + length) != 0) {
            length++;
        }
        if (length == 0) {
            return "";
        }
        byte[] characters = new byte[length];
        packet.get(offset, characters);
        return new String(characters, StandardCharsets.ISO_8859_1);
    }

    static int u16(ByteBuffer packet, int offset) {
        return Short.toUnsignedInt(packet.getShort(offset));
    }

    static long u32(ByteBuffer packet, int offset) {
        return Integer.toUnsignedLong(packet.getInt(offset));
    }
}
