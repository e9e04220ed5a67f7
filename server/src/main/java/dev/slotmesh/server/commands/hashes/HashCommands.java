package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.server.session.CommandBindings;

/** The hash group as a whole. */
public final class HashCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        new HashReads().bind(bindings);
        new HashLists().bind(bindings);
        new HashPicks().bind(bindings);
        new HashScans().bind(bindings);
        new HashWrites().bind(bindings);
        new HashCounters().bind(bindings);
        new FieldTimes().bind(bindings);
        new FieldSwaps().bind(bindings);
    }
}
