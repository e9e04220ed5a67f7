package dev.slotmesh.server.command;

import dev.slotmesh.resp.ReplyEncoder;

import java.util.List;

/**
 * The reply form of COMMAND DOCS: a map from full names to maps of what people read. Fields without a value are left out, the
 * others stand in this order:
 *
 * <pre>
 * summary, since, group, complexity, doc_flags, deprecated_since, replaced_by, arguments, subcommands
 * argument: name, type, key_spec_index, token, since, deprecated_since, flags, arguments
 * </pre>
 */
final class DocsReplies {
    private DocsReplies() {}

    static void documentation(List<CommandSpec> commands, ReplyEncoder reply) {
        reply.map(commands.size());
        for (CommandSpec command : commands) {
            reply.bulk(command.name());
            command(command, reply);
        }
    }

    private static void command(CommandSpec command, ReplyEncoder reply) {
        DocsText text = command.docs();
        CommandDocs docs = text.read();
        List<ArgumentDoc> arguments = docs.arguments();
        reply.map(3
                + count(text.complexity(), docs.deprecatedSince(), docs.replacedBy())
                + count(docs.flags(), arguments, command.subcommands()));
        text("summary", docs.summary(), reply);
        text("since", text.since(), reply);
        text("group", text.group(), reply);
        text("complexity", text.complexity(), reply);
        flags("doc_flags", docs.flags(), reply);
        text("deprecated_since", docs.deprecatedSince(), reply);
        text("replaced_by", docs.replacedBy(), reply);
        arguments(arguments, reply);
        if (!command.subcommands().isEmpty()) {
            reply.bulk("subcommands");
            documentation(command.subcommands(), reply);
        }
    }

    private static void arguments(List<ArgumentDoc> arguments, ReplyEncoder reply) {
        if (arguments.isEmpty()) {
            return;
        }
        reply.bulk("arguments");
        reply.array(arguments.size());
        for (ArgumentDoc argument : arguments) {
            argument(argument, reply);
        }
    }

    private static void argument(ArgumentDoc argument, ReplyEncoder reply) {
        boolean isKey = argument.keySpecIndex() >= 0;
        reply.map(2
                + (isKey ? 1 : 0)
                + count(argument.token(), argument.since(), argument.deprecatedSince())
                + count(argument.flags(), argument.arguments()));
        text("name", argument.name(), reply);
        text("type", argument.type(), reply);
        if (isKey) {
            reply.bulk("key_spec_index");
            reply.integer(argument.keySpecIndex());
        }
        text("token", argument.token(), reply);
        text("since", argument.since(), reply);
        text("deprecated_since", argument.deprecatedSince(), reply);
        flags("flags", argument.flags(), reply);
        arguments(argument.arguments(), reply);
    }

    private static int count(String... values) {
        int present = 0;
        for (String value : values) {
            present += value == null ? 0 : 1;
        }
        return present;
    }

    private static int count(List<?>... values) {
        int present = 0;
        for (List<?> value : values) {
            present += value.isEmpty() ? 0 : 1;
        }
        return present;
    }

    private static void text(String name, String value, ReplyEncoder reply) {
        if (value != null) {
            reply.bulk(name);
            reply.bulk(value);
        }
    }

    private static void flags(String name, List<String> flags, ReplyEncoder reply) {
        if (!flags.isEmpty()) {
            reply.bulk(name);
            CommandReplies.statuses(flags, reply);
        }
    }
}
