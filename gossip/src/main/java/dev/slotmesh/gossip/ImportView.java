package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.Objects;

/**
 * Slots whose keys are here, or may be, and are not this node's, as of one moment: on their way to this node's shard in one step, or
 * left behind by slots that went. Their keys are held apart. An import that was claimed is gone from the view in which the slots are
 * this node's.
 *
 * @param name 40 hexadecimal digits, the same at both nodes
 * @param slots all of them, frozen, never empty; one may be this node's all the same, whose keys then are as well
 * @param source the node at the other end
 * @param state what is to become of it
 */
public record ImportView(String name, SlotSet slots, NodeId source, State state) {
    /** What is to become of slots that are held apart. */
    public enum State {
        /** The data come in; this node may claim the slots. */
        OPEN,
        /** The keys, where the slots are not this node's, are to be dropped, then {@link SlotTransfers#closeImport}. */
        ABANDONED,
        /** This node's primary holds them, or may; what becomes of them shows in its stream. */
        FOLLOWED
    }

    public ImportView {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(state, "state");
        slots = slots.frozen();
    }
}
