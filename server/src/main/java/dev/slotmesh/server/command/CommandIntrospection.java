package dev.slotmesh.server.command;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.resp.Request;
import dev.slotmesh.server.text.Glob;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Answers COMMAND and its subcommands from a table, in Redis's reply forms of either protocol version.
 *
 * <p>Each method writes exactly one reply. The dispatcher has checked the arity; what else may be wrong with a request is
 * answered with an error. Immutable, shared by all threads.
 */
public final class CommandIntrospection {
    private static final int FIRST_OPERAND = 2;

    private static final List<String> HELP = List.of(
            "COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
            "(no subcommand)",
            "    Describe all commands of this server.",
            "COUNT",
            "    Tell how many commands this server has.",
            "LIST",
            "    Name all commands and subcommands of this server.",
            "INFO [<command-name> ...]",
            "    Describe the named commands, or all: arity, flags, ACL categories,",
            "    hints, key specifications and subcommands.",
            "DOCS [<command-name> ...]",
            "    Document the named commands, or all: summary, version, group,",
            "    complexity and arguments.",
            "GETKEYS <full-command>",
            "    Pick the keys out of a whole command line.",
            "GETKEYSANDFLAGS <full-command>",
            "    Pick the keys out of a whole command line and tell their use.",
            "HELP",
            "    Print this help.");

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
                reply.nullBulk();
            } else {
                CommandReplies.specification(command, reply);
            }
        }
    }

    /** COMMAND DOCS [name ...]: what people read about the named commands, unknown ones left out; all without a name. */
    public void docs(Request request, ReplyEncoder reply) {
        List<CommandSpec> chosen = table.commands();
        if (request.argumentCount() > FIRST_OPERAND) {
            chosen = new ArrayList<>();
            for (int i = FIRST_OPERAND; i < request.argumentCount(); i++) {
                CommandSpec command = table.find(request.text(i));
                if (command != null) {
                    chosen.add(command);
                }
            }
        }
        DocsReplies.documentation(chosen, reply);
    }

    /** COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN glob]: full names, subcommands included. */
    public void list(Request request, ReplyEncoder reply) {
        Predicate<CommandSpec> filter = filter(request);
        if (filter == null) {
            reply.error("ERR syntax error");
            return;
        }
        List<CommandSpec> chosen = new ArrayList<>();
        for (CommandSpec command : table.commands()) {
            Stream.concat(Stream.of(command), command.subcommands().stream())
                    .filter(filter)
                    .forEach(chosen::add);
        }
        reply.array(chosen.size());
        chosen.forEach(command -> reply.bulk(command.name()));
    }

    /** COMMAND GETKEYS command [argument ...]: the keys of that command line. */
    public void getKeys(Request request, ReplyEncoder reply) {
        KeyPositions keys = keys(request, reply);
        if (keys == null) {
            return;
        }
        reply.array(keys.count());
        for (int i = 0; i < keys.count(); i++) {
            key(request, keys.position(i), reply);
        }
    }

    /** COMMAND GETKEYSANDFLAGS command [argument ...]: each key with the set of its flags. */
    public void getKeysAndFlags(Request request, ReplyEncoder reply) {
        KeyPositions keys = keys(request, reply);
        if (keys == null) {
            return;
        }
        reply.array(keys.count());
        for (int i = 0; i < keys.count(); i++) {
            reply.array(2);
            key(request, keys.position(i), reply);
            CommandReplies.statuses(KeyFlags.SHOWN.namesOf(keys.flags(i)), reply);
        }
    }

    /** COMMAND HELP: one line per status reply. */
    public void help(Request request, ReplyEncoder reply) {
        reply.array(HELP.size());
        HELP.forEach(reply::simpleString);
    }

    /** The filter a COMMAND LIST asks for, or null if that is not its syntax. */
    private static Predicate<CommandSpec> filter(Request request) {
        if (request.argumentCount() == FIRST_OPERAND) {
            return command -> true;
        }
        if (request.argumentCount() != FIRST_OPERAND + 3
                || !request.is(FIRST_OPERAND, "FILTERBY")) {
            return null;
        }
        int kind = FIRST_OPERAND + 1;
        int value = FIRST_OPERAND + 2;
        if (request.is(kind, "ACLCAT")) {
            long category = AclCategories.bitOrZero(request.text(value).toLowerCase(Locale.ROOT));
            return command -> (command.aclCategories() & category) != 0;
        }
        if (request.is(kind, "PATTERN")) {
            Glob pattern = Glob.compileIgnoringCase(request.bytes(value));
            return command -> pattern.matches(command.name());
        }
        // There are no modules, so no command comes from one.
        return request.is(kind, "MODULE") ? command -> false : null;
    }

    /** The keys of the command line behind COMMAND GETKEYS, or null after an error was written. */
    private KeyPositions keys(Request request, ReplyEncoder reply) {
        CommandSpec command = table.find(request, FIRST_OPERAND);
        if (command == null) {
            reply.error("ERR Invalid command specified");
        } else if (!command.hasKeys()) {
            reply.error("ERR The command has no key arguments");
        } else if (!command.acceptsArgumentCount(request.argumentCount() - FIRST_OPERAND)) {
            reply.error("ERR Invalid number of arguments specified for command");
        } else {
            KeyPositions keys = new KeyPositions();
            if (keys.describe(command, request, FIRST_OPERAND) > 0
                    || command.has(CommandFlags.NO_MANDATORY_KEYS)) {
                return keys;
            }
            reply.error("ERR Invalid arguments specified for command");
        }
        return null;
    }

    private static void key(Request request, int position, ReplyEncoder reply) {
        int argument = FIRST_OPERAND + position;
        reply.bulk(request.buffer(), request.offset(argument), request.length(argument));
    }
}
