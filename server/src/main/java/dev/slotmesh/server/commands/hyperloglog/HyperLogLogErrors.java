package dev.slotmesh.server.commands.hyperloglog;

import dev.slotmesh.keyspace.HyperLogLog;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.ErrorReply;

/** What is answered when a string is not, or not wholly, a HyperLogLog. Each costs the command only. */
final class HyperLogLogErrors {
    /** The header is right, the registers are not. */
    static final ErrorReply CORRUPT = new ErrorReply("INVALIDOBJ Corrupted HLL object detected");

    private static final ErrorReply NOT_ONE =
            new ErrorReply("WRONGTYPE Key is not a valid HyperLogLog string value.");

    private HyperLogLogErrors() {}

    /** Refuses a string that is not a HyperLogLog; an absent key passes. */
    static void require(Slot slot, long entry, ByteSpan into) {
        if (entry != Slot.ABSENT && !HyperLogLog.isOne(slot, entry, into)) {
            throw NOT_ONE;
        }
    }
}
