package dev.slotmesh.server.command;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.resp.Request;

/**
 * Answers COMMAND and its subcommands from a table, in Redis's reply forms of either protocol version.
 *
 * <p>Each method writes exactly one reply. The dispatcher has checked the arity; what else may be wrong with a request is
 * answered with an error. Immutable, shared by all threads.
 */
public final class CommandIntrospection {
    private static final int FIRST_OPERAND = 2;

    private final CommandTable<?> table;

    public CommandIntrospection(CommandTable<?> table) {
        this.table = table;
    }

    /** COMMAND: every command of the table. */
    public void command(Request request, ReplyEncoder reply) {
        reply.array(table.commands().size());
        for (CommandSpec command : table.commands()) {
            CommandReplies.specification(command, reply);
        }
    }

    /** COMMAND COUNT: the number of commands, subcommands not counted. */
    public void count(Request request, ReplyEncoder reply) {
        reply.integer(table.commands().size());
    }

    /** COMMAND INFO [name ...]: the named commands, null for one that is not there; all without a name. */
    public void info(Request request, ReplyEncoder reply) {
        if (request.argumentCount() == FIRST_OPERAND) {
            command(request, reply);
            return;
        }
        reply.array(request.argumentCount() - FIRST_OPERAND);
        for (int i = FIRST_OPERAND; i < request.argumentCount(); i++) {
            CommandSpec command = table.find(request.text(i));
            if (command == null) {
                reply.nullArray();
            } else {
                CommandReplies.specification(command, reply);
            }
        }
    }
}
