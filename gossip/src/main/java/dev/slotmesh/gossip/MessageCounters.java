package dev.slotmesh.gossip;

import dev.slotmesh.bus.MessageType;

/** Messages sent and received by type, and links dropped for their send buffer; never reset. */
final class MessageCounters {
    private final long[] sent = new long[MessageType.COUNT];
    private final long[] received = new long[MessageType.COUNT];
    private long bufferLimitExceeded;

    void countSent(int typeCode) {
        count(sent, typeCode);
    }

    /** Dropped packets count too, as long as their type is known. */
    void countReceived(int typeCode) {
        count(received, typeCode);
    }

    void countBufferLimitExceeded() {
        bufferLimitExceeded++;
    }

    long sent(MessageType type) {
        return sent[type.code()];
    }

    long received(MessageType type) {
        return received[type.code()];
    }

    long bufferLimitExceeded() {
        return bufferLimitExceeded;
    }

    private static void count(long[] counters, int typeCode) {
        int plain = typeCode & ~MessageType.LIGHT_BIT;
        if (plain >= 0 && plain < MessageType.COUNT) {
            counters[plain]++;
        }
    }
}
