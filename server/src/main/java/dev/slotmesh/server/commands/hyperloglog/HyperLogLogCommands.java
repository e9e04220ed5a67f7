package dev.slotmesh.server.commands.hyperloglog;

import dev.slotmesh.server.session.CommandBindings;

/** The HyperLogLog group as a whole. */
public final class HyperLogLogCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        new CardinalityCommands().bind(bindings);
        new HyperLogLogInspection().bind(bindings);
    }
}
