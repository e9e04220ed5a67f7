package dev.slotmesh.server.commands.keys;

import dev.slotmesh.server.session.CommandBindings;

import java.util.function.BooleanSupplier;

/** The commands about keys and databases as a whole. */
public final class KeyCommands {
    private final BooleanSupplier flushLater;
    private final Runnable freeLater;
    private final Runnable whenAllFlushed;

    /**
     * @param flushLater whether FLUSHALL and FLUSHDB without a word more are ASYNC (lazyfree-lazy-user-flush)
     * @param freeLater has the background free what is left of the keyspace's {@link dev.slotmesh.keyspace.Remains}
     * @param whenAllFlushed called by FLUSHALL when all databases are empty, before it answers
     */
    public KeyCommands(BooleanSupplier flushLater, Runnable freeLater, Runnable whenAllFlushed) {
        this.whenAllFlushed = whenAllFlushed;
        this.flushLater = flushLater;
        this.freeLater = freeLater;
    }

    /** Binds every command of the package. */
    public void bind(CommandBindings bindings) {
        new KeyPresence().bind(bindings);
        new KeyMoves().bind(bindings);
        new KeyWalks().bind(bindings);
        new Deadlines().bind(bindings);
        new KeyInspection().bind(bindings);
        new DatabaseCommands(flushLater, freeLater, whenAllFlushed).bind(bindings);
    }
}
