package dev.slotmesh.server.commands.bitmaps;

import dev.slotmesh.server.session.CommandBindings;

/** The bitmap group as a whole. */
public final class BitmapCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        new BitCommands().bind(bindings);
        new BitSearches().bind(bindings);
        new BitOperation().bind(bindings);
        new BitFieldCommands().bind(bindings);
    }
}
