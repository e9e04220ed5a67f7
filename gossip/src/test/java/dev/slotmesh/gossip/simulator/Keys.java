package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;

/** What a simulated process does beside its cluster part: whoever models its keys hears of all that concerns them. */
interface Keys {
    /** A process without keys. */
    Keys NONE = new Keys() {};

    /** The process runs, and its machine was started. */
    default void started() {}

    /**
     * The process ended.
     *
     * @param reset whether its host tells so on its connections
     */
    default void ended(boolean reset) {}

    default void viewPublished(ClusterView view) {}

    /** nodes.conf was forced to disk; nothing that came of it has left the node. */
    default void saved() {}

    default void deleteSlotKeys(SlotSet slots) {}

    default void deleteAllKeys() {}

    default void follows(SimulatedNode primary) {}

    default void promoted() {}
}
