package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.MessageType;

/** What one node has sent on the bus. */
public final class Traffic {
    private final long[] messagesByType = new long[MessageType.COUNT];
    private long messages;
    private long bytes;

    void count(BusMessage message, int lengthBytes) {
        int type = message.typeCode();
        if (type < messagesByType.length) {
            messagesByType[type]++;
        }
        messages++;
        bytes += lengthBytes;
    }

    /** Messages of all types. */
    public long messages() {
        return messages;
    }

    /** Messages of that type. */
    public long messages(MessageType type) {
        return messagesByType[type.code()];
    }

    public long bytes() {
        return bytes;
    }
}
