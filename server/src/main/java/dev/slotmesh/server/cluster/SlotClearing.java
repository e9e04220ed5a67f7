package dev.slotmesh.server.cluster;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.keyspace.KeyVisitor;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Deletes all keys of slots, a few under each hold of a slot's lock, so that clients of the node hardly feel it. Replicas and the
 * append-only file are told of each key. For threads that hold no slot lock, of a primary.
 */
public final class SlotClearing {
    private static final int KEYS_PER_HOLD = 128;
    private static final int KEY_BYTES = 256;
    /** No deadline lies before it, so a walk at this time meets the keys whose time has passed as well. */
    private static final long BEFORE_ALL_DEADLINES = 0;

    private final Keyspace keyspace;
    private final KeyVisitor deletion;

    /** Under the lock of a slot. */
    private interface Choice {
        boolean of(int slot);
    }

    /** @param deletion deletes an entry and tells of it; called under the lock of its slot */
    SlotClearing(Keyspace keyspace, KeyVisitor deletion) {
        this.keyspace = keyspace;
        this.deletion = deletion;
    }

    /**
     * Deletes the keys of slots that are another node's now, but not of those that are apart: they come back.
     *
     * @param goesOn asked before each hold of a lock; when it says no, the rest stays
     * @return whether all have been deleted
     */
    boolean clearLost(SlotSet slots, BooleanSupplier goesOn) {
        return clear(slots, slot -> !keyspace.apart(slot), goesOn);
    }

    /**
     * Deletes the keys of slots.
     *
     * @param goesOn asked before each hold of a lock; when it says no, the rest stays
     * @return whether all have been deleted
     */
    public boolean clear(SlotSet slots, BooleanSupplier goesOn) {
        return clear(slots, slot -> true, goesOn);
    }

    /**
     * Deletes the keys of those of the slots that are {@linkplain Keyspace#apart(int) apart}, which each of them is no longer as
     * soon as it is empty. Others have become this node's own and keep their keys.
     *
     * @param goesOn asked before each hold of a lock; when it says no, the rest stays as it is
     * @return whether none is left
     */
    public boolean clearApart(SlotSet slots, BooleanSupplier goesOn) {
        return clear(slots, keyspace::apart, goesOn) && takeMarks(slots);
    }

    private boolean clear(SlotSet slots, Choice choice, BooleanSupplier goesOn) {
        try (NativeBuffer key = new NativeBuffer(KEY_BYTES)) {
            for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
                boolean empty = keyspace.database(0).keyCount(slot) == 0;
                while (!empty) {
                    if (!goesOn.getAsBoolean()) {
                        return false;
                    }
                    empty = clearSome(slot, choice, key);
                    Thread.onSpinWait();
                }
            }
        }
        return goesOn.getAsBoolean();
    }

    /** Deletes up to {@link #KEYS_PER_HOLD} keys of a slot; true when there is nothing more to be done. */
    private boolean clearSome(int number, Choice choice, NativeBuffer buffer) {
        keyspace.locks().giveWay(number);
        keyspace.locks().lock(number);
        try {
            if (!choice.of(number)) {
                return true;
            }
            Slot slot = keyspace.database(0).slot(number);
            List<byte[]> keys = new ArrayList<>();
            ByteSpan span = new ByteSpan();
            slot.forEach(
                    BEFORE_ALL_DEADLINES,
                    KEYS_PER_HOLD,
                    (of, entry) -> keys.add(of.key(entry, span).toByteArray()));
            for (byte[] key : keys) {
                deletion.visit(slot, slot.peek(buffer.put(key), BEFORE_ALL_DEADLINES));
            }
            return slot.keyCount() == 0;
        } finally {
            keyspace.locks().unlock(number);
        }
    }

    private boolean takeMarks(SlotSet slots) {
        boolean all = true;
        for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
            keyspace.locks().lock(slot);
            try {
                if (keyspace.database(0).keyCount(slot) == 0) {
                    keyspace.apart(slot, false);
                }
                all &= !keyspace.apart(slot);
            } finally {
                keyspace.locks().unlock(slot);
            }
        }
        return all;
    }
}
