package dev.slotmesh.server.commands.transactions;

import dev.slotmesh.server.session.CommandBindings;

/** MULTI, EXEC, DISCARD, WATCH and UNWATCH. */
public final class TransactionCommands {

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        bindings.bind("multi", call -> call.dispatcher().transactions().multi(call))
                .bind("exec", call -> call.dispatcher().transactions().exec(call))
                .bind("discard", call -> call.dispatcher().transactions().discard(call))
                .bind("watch", call -> call.dispatcher().transactions().watch(call))
                .bind("unwatch", call -> call.dispatcher().transactions().unwatch(call));
    }
}
