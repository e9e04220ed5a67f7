package dev.slotmesh.server.session;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;

import java.util.HashMap;
import java.util.Map;

/**
 * Commands on some slots that are put off (not refused) while the slots are handed over to another node; clients of other slots
 * go on.
 *
 * <p>What is put off changes under the world lock and is asked about under a slot's lock: once {@link #stopWrites} has returned, no
 * command of the kind is on its way any more. Who is put off tries again when it has ended; whoever ends it has the
 * dispatcher resume them afterwards, with no lock held.
 */
public final class SlotStop {
    private static final long WRITING = CommandFlags.WRITE | CommandFlags.MAY_REPLICATE;

    private final SlotLocks locks;
    /** Slots whose writes wait, by the name of who stopped them. Guarded by the world lock. */
    private final Map<String, SlotSet> writes = new HashMap<>();
    /** Slots that are nobody's for a while. Guarded by the world lock. */
    private SlotSet withheld = SlotSet.none();
    /** Everything together, or null for nothing. Written under the world lock; also read without one, as a hint. */
    private volatile Stopped together;

    private record Stopped(SlotSet writes, SlotSet all) {}

    SlotStop(SlotLocks locks) {
        this.locks = locks;
    }

    /** Puts off from now on what writes to these slots. A second call of the same name replaces the first. No lock may be held. */
    public void stopWrites(String name, SlotSet slots) {
        locks.lockWorld();
        try {
            writes.put(name, slots.frozen());
            combine();
        } finally {
            locks.unlockWorld();
        }
    }

    /** Ends what was begun under a name; false when there was nothing. No lock may be held. */
    public boolean endWrites(String name) {
        locks.lockWorld();
        try {
            boolean was = writes.remove(name) != null;
            combine();
            return was;
        } finally {
            locks.unlockWorld();
        }
    }

    /**
     * Puts off from now on everything on these slots and nothing else in this way: nobody knows whose they are. The world lock is
     * held.
     *
     * @return whether there was one that is not among them any more
     */
    public boolean withheld(SlotSet slots) {
        locks.requireWorldHeld();
        boolean fewer = !slots.containsAll(withheld);
        withheld = slots.frozen();
        combine();
        return fewer;
    }

    private void combine() {
        SlotSet allWrites = withheld.copy();
        writes.values().forEach(allWrites::addAll);
        together = allWrites.isEmpty() ? null : new Stopped(allWrites.frozen(), withheld);
    }

    /** Whether anything is put off. Exact under any slot's lock. */
    public boolean isActive() {
        return together != null;
    }

    /** Whether a command on a slot, whose lock is held, has to wait. */
    boolean holds(int slot, CommandSpec spec) {
        Stopped now = together;
        return now != null && (now.all.get(slot) || now.writes.get(slot) && spec.has(WRITING));
    }
}
