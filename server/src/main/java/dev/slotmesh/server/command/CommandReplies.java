package dev.slotmesh.server.command;

import dev.slotmesh.resp.ReplyEncoder;

import java.util.List;

/**
 * The reply form of one command in COMMAND and COMMAND INFO.
 *
 * <pre>
 * name, arity, {flags}, first key, last key, step, {acl categories}, {tips}, {key specifications}, {subcommands}
 * </pre>
 *
 * What stands in braces is a set in RESP3 and an array in RESP2.
 */
final class CommandReplies {
    private CommandReplies() {}

    static void specification(CommandSpec command, ReplyEncoder reply) {
        reply.array(10);
        reply.bulk(command.name());
        reply.integer(command.arity());
        statuses(CommandFlags.SHOWN.namesOf(command.flags()), reply);
        reply.integer(command.firstKey());
        reply.integer(command.lastKey());
        reply.integer(command.keyStep());
        statuses(AclCategories.SHOWN.namesOf(command.aclCategories()), reply);
        reply.set(command.tips().size());
        command.tips().forEach(reply::bulk);
        reply.set(command.keySpecs().size());
        for (KeySpec spec : command.keySpecs()) {
            keySpecification(spec, reply);
        }
        subcommands(command.subcommands(), reply);
    }

    /** A set of status replies. */
    static void statuses(List<String> names, ReplyEncoder reply) {
        reply.set(names.size());
        names.forEach(reply::simpleString);
    }

    private static void subcommands(List<CommandSpec> subcommands, ReplyEncoder reply) {
        // Redis answers a set when there is none and an array otherwise.
        if (subcommands.isEmpty()) {
            reply.set(0);
            return;
        }
        reply.array(subcommands.size());
        for (CommandSpec subcommand : subcommands) {
            specification(subcommand, reply);
        }
    }

    private static void keySpecification(KeySpec spec, ReplyEncoder reply) {
        reply.map(spec.notes() == null ? 3 : 4);
        if (spec.notes() != null) {
            reply.bulk("notes");
            reply.bulk(spec.notes());
        }
        reply.bulk("flags");
        statuses(KeyFlags.SHOWN.namesOf(spec.flags()), reply);
        reply.bulk("begin_search");
        begin(spec.begin(), reply);
        reply.bulk("find_keys");
        find(spec.find(), reply);
    }

    private static void begin(KeySpec.Begin begin, ReplyEncoder reply) {
        if (begin instanceof KeySpec.Index index) {
            typed("index", 1, reply);
            number("index", index.position(), reply);
        } else if (begin instanceof KeySpec.Keyword keyword) {
            typed("keyword", 2, reply);
            reply.bulk("keyword");
            reply.bulk(keyword.keyword());
            number("startfrom", keyword.startFrom(), reply);
        } else {
            typed("unknown", 0, reply);
        }
    }

    private static void find(KeySpec.Find find, ReplyEncoder reply) {
        if (find instanceof KeySpec.Range range) {
            typed("range", 3, reply);
            number("lastkey", range.lastKey(), reply);
            number("keystep", range.step(), reply);
            number("limit", range.limit(), reply);
        } else if (find instanceof KeySpec.KeyNum keyNum) {
            typed("keynum", 3, reply);
            number("keynumidx", keyNum.keyNumIndex(), reply);
            number("firstkey", keyNum.firstKey(), reply);
            number("keystep", keyNum.step(), reply);
        } else {
            typed("unknown", 0, reply);
        }
    }

    private static void typed(String type, int fields, ReplyEncoder reply) {
        reply.map(2);
        reply.bulk("type");
        reply.bulk(type);
        reply.bulk("spec");
        reply.map(fields);
    }

    private static void number(String name, long value, ReplyEncoder reply) {
        reply.bulk(name);
        reply.integer(value);
    }
}
