package dev.slotmesh.server.commands.admin;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.resp.Request;
import dev.slotmesh.server.command.CommandIntrospection;
import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.CommandHandler;

import java.util.function.BiConsumer;

/** COMMAND and its subcommands, answered from the table that also dispatches. */
public final class CommandCommands {
    /** Made at the first call: the table exists only once every command is bound, this one included. */
    private volatile CommandIntrospection introspection;

    public void bind(CommandBindings bindings) {
        bindings.bind("command", call -> answer(call, introspection(call)::command))
                .bind("command|count", call -> answer(call, introspection(call)::count))
                .bind("command|info", call -> answer(call, introspection(call)::info))
                .bind("command|list", call -> answer(call, introspection(call)::list))
                .bind("command|docs", call -> answer(call, introspection(call)::docs))
                .bind("command|getkeys", call -> answer(call, introspection(call)::getKeys))
                .bind(
                        "command|getkeysandflags",
                        call -> answer(call, introspection(call)::getKeysAndFlags))
                .bind("command|help", call -> answer(call, introspection(call)::help));
    }

    private static void answer(Call call, BiConsumer<Request, ReplyEncoder> how) {
        how.accept(call.request(), call.reply());
    }

    private CommandIntrospection introspection(Call call) {
        CommandIntrospection made = introspection;
        if (made == null) {
            CommandTable<CommandHandler> table = call.dispatcher().table();
            made = new CommandIntrospection(table);
            introspection = made;
        }
        return made;
    }
}
