package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.Root;

/**
 * A set that no key holds yet: what a command gathers, in native memory, before it answers or stores it. It starts as an
 * intset, as a stored one does. Needs the lock of its slot from the first call to the last; {@link #close} frees what was not
 * stored.
 */
public final class SetUnderway implements AutoCloseable {
    private final Slot slot;
    private final ArenaStripe stripe;
    private final int intsetLimit;
    private long set;

    /** A set without members in the memory of this slot. */
    public SetUnderway(Slot slot) {
        this.slot = slot;
        this.stripe = slot.stripe();
        this.intsetLimit = slot.database().keyspace().encodingLimits().intsetEntries();
    }

    public long size() {
        return set == 0 ? 0 : SetBody.size(set);
    }

    /** Adds a member, if it is not there. */
    public void add(ByteSpan member) {
        if (set == 0) {
            set = SetBody.create(stripe, member);
        }
        change(SetBody.add(stripe, set, member, intsetLimit));
    }

    /** Takes a member out, if it is there. */
    public void remove(ByteSpan member) {
        if (set != 0) {
            change(SetBody.remove(stripe, set, member));
        }
    }

    /** Shows all members: those of an intset ascending, others in no order to rely on. */
    public void forEach(MemberVisitor visitor) {
        if (set != 0) {
            SetBody.forEach(set, visitor);
        }
    }

    /** Gives the set, which has members, to a key of the slot, replacing what it held; this one is then done with. */
    public void store(ByteSpan key, long nowMs) {
        if (size() == 0) {
            throw new IllegalStateException("a set without members");
        }
        long stored = set;
        set = 0;
        Sets.install(slot, key, stored, nowMs);
    }

    /** Frees the set, unless it was stored: a large one later, by the background. */
    @Override
    public void close() {
        if (set != 0) {
            long unwanted = set;
            set = 0;
            slot.database()
                    .keyspace()
                    .freeStructure(
                            KeyType.SET,
                            SetBody.encoding(unwanted),
                            Root.of(stripe, SetBody.address(unwanted)));
        }
    }

    private void change(long after) {
        if (after != SetBody.UNCHANGED) {
            set = after;
        }
    }
}
