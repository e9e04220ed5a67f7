package dev.slotmesh.server.commands.geo;

import dev.slotmesh.server.session.CommandBindings;

/** The geo group as a whole. */
public final class GeoCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        new GeoMembers().bind(bindings);
        new GeoSearches().bind(bindings);
    }
}
