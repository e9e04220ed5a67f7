package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.server.session.CommandBindings;

/** The sorted set group as a whole. */
public final class SortedSetCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        new Additions().bind(bindings);
        new MemberReads().bind(bindings);
        new Ranges().bind(bindings);
        new Removals().bind(bindings);
        new Pops().bind(bindings);
        new WaitingPops().bind(bindings);
        new RandomPicks().bind(bindings);
        new Combinations().bind(bindings);
        new SortedSetScan().bind(bindings);
    }
}
