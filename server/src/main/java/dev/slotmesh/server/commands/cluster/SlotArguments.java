package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Slot numbers among the arguments of a command. */
final class SlotArguments {
    static final ErrorReply INVALID_SLOT = new ErrorReply("ERR Invalid or out of range slot");

    private SlotArguments() {}

    /** The argument as a slot 0..16383, or -1 when it is none. */
    static int slotOrMinusOne(Call call, int argument) {
        ByteSpan text = call.span(argument);
        if (!text.isLong()) {
            return -1;
        }
        long value = text.parseLong();
        return value >= 0 && value < HashSlot.SLOT_COUNT ? (int) value : -1;
    }

    /**
     * The argument as a slot 0..16383.
     *
     * @throws ErrorReply when it is none
     */
    static int slot(Call call, int argument) {
        int slot = slotOrMinusOne(call, argument);
        if (slot < 0) {
            throw INVALID_SLOT;
        }
        return slot;
    }

    /**
     * The slots of {@code slot slot ...} from argument 2 on, in the client's order. The list ends with the first slot that comes
     * a second time: the machine refuses it there or before, and nobody makes the list longer than the slot space.
     *
     * @throws ErrorReply when one is no slot
     */
    static List<Integer> singles(Call call) {
        for (int i = 2; i < call.count(); i++) {
            slot(call, i);
        }
        Collected collected = new Collected();
        for (int i = 2; i < call.count() && !collected.repeated; i++) {
            collected.add(slot(call, i));
        }
        return collected.slots;
    }

    /**
     * The slots of {@code start end start end ...}, likewise. Redis checks range by range, so a malformed range is only
     * reported when the slots before it can be changed.
     *
     * @param owned what the slots must be for the change: true for deleting, false for adding
     * @throws ErrorReply when a range is malformed
     */
    static List<Integer> ranges(Call call, ClusterView view, boolean owned) {
        if (call.count() % 2 == 1) {
            throw call.wrongArity();
        }
        Collected collected = new Collected();
        for (int i = 2; i < call.count() && !collected.repeated; i += 2) {
            int first = slotOrMinusOne(call, i);
            int last = slotOrMinusOne(call, i + 1);
            if (first < 0 || last < 0 || first > last) {
                if (changeable(collected.slots, view, owned)) {
                    throw malformed(first, last);
                }
                return collected.slots;
            }
            for (int slot = first; slot <= last && !collected.repeated; slot++) {
                collected.add(slot);
            }
        }
        return collected.slots;
    }

    private static boolean changeable(List<Integer> slots, ClusterView view, boolean owned) {
        return slots.stream().allMatch(slot -> view.ownerIndex(slot) >= 0 == owned);
    }

    private static ErrorReply malformed(int first, int last) {
        return first < 0 || last < 0
                ? INVALID_SLOT
                : new ErrorReply("ERR start slot number " + first
                        + " is greater than end slot number " + last);
    }

    /** Slots up to and with the first repeated one. */
    private static final class Collected {
        private final List<Integer> slots = new ArrayList<>();
        private final BitSet seen = new BitSet(HashSlot.SLOT_COUNT);
        private boolean repeated;

        void add(int slot) {
            slots.add(slot);
            repeated = seen.get(slot);
            seen.set(slot);
        }
    }
}
