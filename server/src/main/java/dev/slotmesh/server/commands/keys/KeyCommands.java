package dev.slotmesh.server.commands.keys;

import dev.slotmesh.server.session.CommandBindings;

import java.util.concurrent.Executor;

/** The commands about keys and databases as a whole. */
public final class KeyCommands {
    private final Executor background;

    /**
     * @param background frees the memory of FLUSHALL ASYNC and FLUSHDB ASYNC; one thread that also ends before the keyspace is
     *     closed
     */
    public KeyCommands(Executor background) {
        this.background = background;
    }

    /** Binds every command of the package. */
    public void bind(CommandBindings bindings) {
        new KeyPresence().bind(bindings);
        new KeyMoves().bind(bindings);
        new KeyWalks().bind(bindings);
        new Deadlines().bind(bindings);
        new KeyInspection().bind(bindings);
        new DatabaseCommands(background).bind(bindings);
    }
}
