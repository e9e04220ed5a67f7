package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;

/** Something that holds whatever the network and the hosts do; a breach is a {@link Violation}. */
public interface Invariant {
    /**
     * Looks at a node whose outlook was changed by the last event.
     *
     * @param before what it held true when looked at last; null the first time
     */
    default void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {}

    /** Looks at a message the moment it is sent. */
    default void sent(Simulation simulation, SimulatedNode node, BusMessage message) {}

    /** Looks at the whole after nothing has been wrong for long enough. */
    default void settled(Simulation simulation) {}
}
