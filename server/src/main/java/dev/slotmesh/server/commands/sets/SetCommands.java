package dev.slotmesh.server.commands.sets;

import dev.slotmesh.server.session.CommandBindings;

/** The set group as a whole. */
public final class SetCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        new Membership().bind(bindings);
        new MemberWalks().bind(bindings);
        new RandomMembers().bind(bindings);
        new SetCombinations().bind(bindings);
    }
}
