package dev.slotmesh.server.migration;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.SlotImport;

import java.util.Set;

/**
 * Slots that another node hands over to this one: what their session's commands may do, and how it ends.
 *
 * <p>{@link #phase} is guarded by the monitor. {@link #open} is what commands look at under their slot's lock: once it is false,
 * whoever holds a slot's lock knows that nothing more comes into the slot.
 */
final class Import implements SlotImport {
    /** How far it is. */
    enum Phase {
        /** The machine is being asked. */
        OPENING,
        /** Commands are applied. */
        OPEN,
        /** The machine is being asked whether the slots may be claimed. */
        CLAIMING,
        /** The slots are this node's. */
        CLAIMED,
        /** They never will be; the keys are being deleted. */
        DROPPED
    }

    private static final String OVER = "ERR The import of these slots is over";
    private static final Set<String> KEYLESS = Set.of("multi", "exec", "ping", "cluster|syncslots");

    private final MigrationRecord record;
    private final Session session;
    private final Imports owner;
    private Phase phase = Phase.OPENING;
    /** Why it is to end as soon as the machine has answered, or null. Guarded by the monitor. */
    private String doomed;

    private volatile boolean open;

    Import(MigrationRecord record, Session session, Imports owner) {
        this.record = record;
        this.session = session;
        this.owner = owner;
    }

    MigrationRecord record() {
        return record;
    }

    Session session() {
        return session;
    }

    SlotSet slots() {
        return record.slots();
    }

    synchronized Phase phase() {
        return phase;
    }

    /** The machine has agreed: commands are applied from now on. Returns false when it has been given up meanwhile. */
    synchronized boolean opened() {
        if (doomed != null || phase != Phase.OPENING) {
            return false;
        }
        phase = Phase.OPEN;
        open = true;
        return true;
    }

    /** The claim begins: what follows is not applied. Returns false when it has been given up. */
    synchronized boolean claiming() {
        if (phase != Phase.OPEN) {
            return false;
        }
        phase = Phase.CLAIMING;
        open = false;
        return true;
    }

    /** The slots are this node's. */
    synchronized void claimed() {
        phase = Phase.CLAIMED;
    }

    /**
     * It will not come to a claim.
     *
     * @param refused whether the machine has refused to open or to claim it, so that nothing is to be waited for
     * @return whether its keys are to be dropped now, by the caller
     */
    synchronized boolean giveUp(String reason, boolean refused) {
        open = false;
        boolean asking = phase == Phase.OPENING || phase == Phase.CLAIMING;
        if (asking && !refused) {
            doomed = doomed == null ? reason : doomed;
            return false;
        }
        if (phase == Phase.CLAIMED || phase == Phase.DROPPED) {
            return false;
        }
        phase = Phase.DROPPED;
        return true;
    }

    /** Why it was given up while the machine was asked, or this. */
    synchronized String reasonOr(String otherwise) {
        return doomed == null ? otherwise : doomed;
    }

    @Override
    public String refusal(Call call, int slot) {
        if (!open) {
            return OVER;
        }
        if (!slots().get(slot)) {
            return "ERR Slot " + slot + " is not among those that are imported";
        }
        for (int i = 1; i < call.keyCount(); i++) {
            if (HashSlot.of(call.span(call.keyArgument(i))) != slot) {
                return "CROSSSLOT Keys in request don't hash to the same slot";
            }
        }
        return null;
    }

    @Override
    public String refusal(CommandSpec keyless) {
        return KEYLESS.contains(keyless.name())
                ? null
                : "ERR '" + keyless.name() + "' may not come with imported slots";
    }

    @Override
    public void failed(String command, String error) {
        open = false;
        owner.giveUp(this, "'" + command + "' was answered: " + error);
    }

    @Override
    public void ended() {
        owner.giveUp(this, "the source closed the connection");
    }
}
