package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusDecoder;
import dev.slotmesh.bus.BusEncoder;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Decoded;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.SlotSet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Messages as the bytes they are on the wire. What a receiver gets is always what the decoder made of what the encoder
 * wrote, in one buffer that is used again for each message: decoding is a pure function, so it may happen when the message is
 * sent. A message that goes to many is encoded and decoded once and shared, unless every receiver is to decode by itself.
 */
final class Wire {
    private static final int MOST_ENTRIES = 1 << 16;

    /** Bitmaps of equal content become one object: a thousand nodes hold a thousand times the same ones. */
    private final Map<SlotSet, SlotSet> bitmaps = new HashMap<>();

    /** What was told lately; many tell the same of a node, and what is under way in a large cluster would fill the memory. */
    private final Map<GossipEntry, GossipEntry> entries = new HashMap<>();

    private final CRC32 history = new CRC32();
    private final boolean everyReceiverDecodes;

    private ByteBuffer buffer = ByteBuffer.allocate(1 << 15);
    private BusMessage lastSent;
    private BusMessage lastArrived;

    Wire(boolean everyReceiverDecodes) {
        this.everyReceiverDecodes = everyReceiverDecodes;
    }

    /** The message as it arrives. */
    BusMessage carry(BusMessage sent) {
        if (everyReceiverDecodes || sent != lastSent) {
            lastArrived = translate(sent);
            lastSent = sent;
        }
        return lastArrived;
    }

    /** A checksum of every byte that was sent, in order. */
    long history() {
        return history.getValue();
    }

    private BusMessage translate(BusMessage sent) {
        int length = BusEncoder.encodedLength(sent);
        if (length > buffer.capacity()) {
            buffer = ByteBuffer.allocate(2 * length);
        }
        buffer.clear();
        BusEncoder.encode(sent, buffer);
        buffer.flip();
        history.update(buffer.array(), 0, length);
        Decoded decoded = BusDecoder.decode(buffer);
        if (!(decoded instanceof Decoded.Message valid)) {
            throw new Violation("a node's own bytes were refused: " + decoded);
        }
        return everyReceiverDecodes ? valid.message() : shared(valid.message());
    }

    private BusMessage shared(BusMessage message) {
        if (!(message instanceof BusMessage.Heartbeat heartbeat)) {
            return message;
        }
        List<GossipEntry> gossip = new ArrayList<>(heartbeat.gossip().size());
        for (GossipEntry entry : heartbeat.gossip()) {
            gossip.add(shared(entry));
        }
        Header header = heartbeat.header();
        SlotSet bitmap = bitmaps.computeIfAbsent(header.slots(), same -> same);
        Header sharing = new Header(
                header.sender(),
                new Header.Claim(header.primary(), bitmap),
                header.progress(),
                header.address(),
                header.flags());
        return new BusMessage.Heartbeat(heartbeat.kind(), sharing, gossip, heartbeat.extensions());
    }

    private GossipEntry shared(GossipEntry entry) {
        GossipEntry same = entries.putIfAbsent(entry, entry);
        if (entries.size() > MOST_ENTRIES) {
            entries.clear();
        }
        return same == null ? entry : same;
    }
}
