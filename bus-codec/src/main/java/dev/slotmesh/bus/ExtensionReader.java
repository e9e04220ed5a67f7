package dev.slotmesh.bus;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Walks the extensions of one heartbeat: first to check their lengths, then to read them. */
final class ExtensionReader {
    private final ByteBuffer packet;
    private int offset;
    private Refusal refusal;
    private long refusedValue;

    /** Starts at {@code offset}, which is inside or at the end of the packet. */
    ExtensionReader(ByteBuffer packet, int offset) {
        this.packet = packet;
        this.offset = offset;
    }

    /** The {@code count} extensions from {@code offset} on; their lengths have been checked by {@link #skip()}. */
    static List<PingExtension> readAll(ByteBuffer packet, int offset, int count) {
        if (count == 0) {
            return List.of();
        }
        List<PingExtension> extensions = new ArrayList<>(count);
        int start = offset;
        for (int i = 0; i < count; i++) {
            int length = packet.getInt(start + Layout.EXT_LENGTH);
            extensions.add(read(packet, start, length));
            start += length;
        }
        return extensions;
    }

    /** Steps over one extension; false when it is refused, see {@link #refusal()}. */
    boolean skip() {
        int remaining = packet.capacity() - offset;
        if (remaining < Layout.EXT_HEADER_BYTES) {
            return refuse(Refusal.EXTENSION_OVERRUN, packet.capacity());
        }
        long length = BusDecoder.u32(packet, offset + Layout.EXT_LENGTH);
        // Stock receivers look at 16 bits; their warning shows those.
        long lowBits = length & 0xffff;
        if (lowBits == 0 || lowBits % Layout.EXT_ALIGNMENT != 0) {
            return refuse(Refusal.EXTENSION_PADDING, lowBits);
        }
        if (length > Layout.EXT_MAX_BYTES) {
            return refuse(Refusal.EXTENSION_LENGTH, length);
        }
        if (length > remaining) {
            return refuse(Refusal.EXTENSION_OVERRUN, packet.capacity());
        }
        int typeCode = BusDecoder.u16(packet, offset + Layout.EXT_TYPE);
        if (typeCode == PingExtension.Hostname.TYPE_CODE
                && !endsWithNul(packet, offset, (int) length)) {
            return refuse(Refusal.EXTENSION_TERMINATOR, typeCode);
        }
        offset += (int) length;
        return true;
    }

    /** Where the next extension would start. */
    int offset() {
        return offset;
    }

    /** Why the last {@link #skip()} was false. */
    Refusal refusal() {
        return refusal;
    }

    /** The number the refusal's text speaks of. */
    long refusedValue() {
        return refusedValue;
    }

    private boolean refuse(Refusal reason, long value) {
        refusal = reason;
        refusedValue = value;
        return false;
    }

    private static PingExtension read(ByteBuffer packet, int start, int length) {
        int typeCode = BusDecoder.u16(packet, start + Layout.EXT_TYPE);
        int contents = start + Layout.EXT_HEADER_BYTES;
        int contentsBytes = length - Layout.EXT_HEADER_BYTES;
        switch (typeCode) {
            case PingExtension.ForgottenNode.TYPE_CODE:
                if (length == Layout.FORGOTTEN_BYTES) {
                    return new PingExtension.ForgottenNode(
                            NodeId.read(packet, start + Layout.FORGOTTEN_ID),
                            packet.getLong(start + Layout.FORGOTTEN_TTL));
                }
                break;
            case PingExtension.ShardId.TYPE_CODE:
                if (length == Layout.SHARD_BYTES) {
                    return new PingExtension.ShardId(NodeId.read(packet, start + Layout.SHARD_ID));
                }
                break;
            case PingExtension.ApartSlots.TYPE_CODE:
                if (length == Layout.APART_BYTES) {
                    return new PingExtension.ApartSlots(
                            NodeId.read(packet, start + Layout.APART_NAME),
                            NodeId.read(packet, start + Layout.APART_SOURCE),
                            SlotSet.read(packet, start + Layout.APART_SLOTS));
                }
                break;
            case PingExtension.Hostname.TYPE_CODE:
            case PingExtension.HumanNodename.TYPE_CODE:
            case PingExtension.ClientIpv4.TYPE_CODE:
            case PingExtension.ClientIpv6.TYPE_CODE:
                if (endsWithNul(packet, start, length)) {
                    return ofText(typeCode, BusDecoder.text(packet, contents, contentsBytes));
                }
                break;
            default:
                break;
        }
        return new PingExtension.Unknown(typeCode, Payload.read(packet, contents, contentsBytes));
    }

    private static boolean endsWithNul(ByteBuffer packet, int start, int length) {
        return length > Layout.EXT_HEADER_BYTES && packet.get(start + length - 1) == 0;
    }

    private static PingExtension ofText(int typeCode, String text) {
        return switch (typeCode) {
            case PingExtension.Hostname.TYPE_CODE -> new PingExtension.Hostname(text);
            case PingExtension.HumanNodename.TYPE_CODE -> new PingExtension.HumanNodename(text);
            case PingExtension.ClientIpv4.TYPE_CODE -> new PingExtension.ClientIpv4(text);
            default -> new PingExtension.ClientIpv6(text);
        };
    }
}
