package dev.slotmesh.server.commands.streams;

import dev.slotmesh.server.session.CommandBindings;

/** The stream group as a whole. */
public final class StreamCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        new AddCommand().bind(bindings);
        new EntryCommands().bind(bindings);
        new ReadCommand().bind(bindings);
        new ReadGroupCommand().bind(bindings);
        new GroupCommands().bind(bindings);
        new PendingCommands().bind(bindings);
        new ClaimCommands().bind(bindings);
        new InspectCommands().bind(bindings);
    }
}
