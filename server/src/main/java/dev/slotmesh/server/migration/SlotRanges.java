package dev.slotmesh.server.migration;

import dev.slotmesh.bus.SlotRange;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;

/** Ranges of slots as arguments: {@code first last first last ..}. */
final class SlotRanges {
    private static final ErrorReply INVALID_SLOT =
            new ErrorReply("ERR Invalid or out of range slot");
    static final ErrorReply OVERLAP = new ErrorReply("ERR Slot ranges in migrations overlap");

    private SlotRanges() {}

    /** Whether arguments {@code i} and the next begin with a digit, so that they can only be a range. */
    static boolean isRange(Call call, int i) {
        return i + 1 < call.count() && call.span(i).isLong() && call.span(i + 1).isLong();
    }

    /**
     * The slots of the ranges at arguments {@code from..to-1}, an even number of them.
     *
     * @throws ErrorReply when one is malformed, or two have a slot in common
     */
    static SlotSet read(Call call, int from, int to) {
        SlotSet slots = new SlotSet();
        for (int i = from; i < to; i += 2) {
            int first = slot(call, i);
            int last = slot(call, i + 1);
            if (first > last) {
                throw new ErrorReply("ERR start slot number " + first
                        + " is greater than end slot number " + last);
            }
            SlotSet range = SlotSet.ofRange(first, last);
            if (slots.intersects(range)) {
                throw OVERLAP;
            }
            slots.addAll(range);
        }
        return slots;
    }

    private static int slot(Call call, int argument) {
        long slot = call.integer(argument, INVALID_SLOT);
        if (slot < 0 || slot >= HashSlot.SLOT_COUNT) {
            throw INVALID_SLOT;
        }
        return (int) slot;
    }

    /** The ranges as such arguments. */
    static List<String> write(SlotSet slots) {
        List<String> words = new ArrayList<>();
        for (SlotRange range : slots.ranges()) {
            words.add(Integer.toString(range.first()));
            words.add(Integer.toString(range.last()));
        }
        return words;
    }
}
