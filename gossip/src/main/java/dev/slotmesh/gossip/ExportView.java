package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.Objects;

/**
 * Slots on their way from this node to another in one step, as of one moment.
 *
 * @param name 40 hexadecimal digits, the same at both nodes
 * @param slots those that are still this node's, frozen, never empty
 * @param target who gets them
 * @param state how far it is
 * @param epoch the configEpoch the target may claim them with, unsigned; 0 while {@link State#OPEN}
 */
public record ExportView(String name, SlotSet slots, NodeId target, State state, long epoch) {
    /** How far the way of slots is at their source. */
    public enum State {
        /** The data travel; this node serves the slots as ever. */
        OPEN,
        /** The target may have claimed them: nobody serves them here until that is known. */
        HANDED_OVER
    }

    public ExportView {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(state, "state");
        slots = slots.frozen();
    }
}
