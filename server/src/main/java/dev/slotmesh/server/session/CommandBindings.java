package dev.slotmesh.server.session;

import dev.slotmesh.server.command.BoundCommand;
import dev.slotmesh.server.command.CommandNames;
import dev.slotmesh.server.command.CommandTable;

import java.util.ArrayList;
import java.util.List;

/** Collects, at start, which handler carries out which command; the table is built from it. */
public final class CommandBindings {
    private final List<BoundCommand<CommandHandler>> bound = new ArrayList<>();

    /**
     * Binds a command.
     *
     * @param name full name in lower case, {@code get} or {@code cluster|meet}
     */
    public CommandBindings bind(String name, CommandHandler handler) {
        bound.add(new BoundCommand<>(name, handler));
        return this;
    }

    /** The table of all commands bound so far, under their own names. */
    public CommandTable<CommandHandler> table() {
        return table(new CommandNames());
    }

    /** The table of all commands bound so far, under these names. */
    public CommandTable<CommandHandler> table(CommandNames names) {
        return CommandTable.build(bound, names);
    }
}
