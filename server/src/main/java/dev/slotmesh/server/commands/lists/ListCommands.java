package dev.slotmesh.server.commands.lists;

import dev.slotmesh.server.session.CommandBindings;

/** The commands of lists. */
public final class ListCommands {

    /** Binds every command of the package. */
    public void bind(CommandBindings bindings) {
        new ListPushes().bind(bindings);
        new ListPops().bind(bindings);
        new ListReads().bind(bindings);
        new ListSearch().bind(bindings);
        new ListCuts().bind(bindings);
        new ListMoves().bind(bindings);
        new WaitingPops().bind(bindings);
    }
}
