package dev.slotmesh.server.commands.strings;

import dev.slotmesh.server.session.CommandBindings;

/** The string group as a whole. */
public final class StringCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        new StringReads().bind(bindings);
        new StringStores().bind(bindings);
        new StringSwaps().bind(bindings);
        new StringEdits().bind(bindings);
        new Counters().bind(bindings);
        new LcsCommand().bind(bindings);
    }
}
