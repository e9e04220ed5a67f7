package dev.slotmesh.server.session;

import dev.slotmesh.resp.Request;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.command.CommandTable;

import java.util.Locale;

/** The error for a request that names no command, with as much of its arguments as Redis 7.0 quotes. */
final class UnknownCommand {
    private static final int QUOTED_CHARACTERS = 128;

    private UnknownCommand() {}

    static ErrorReply error(CommandTable<CommandHandler> table, Request request) {
        CommandSpec container = table.find(request.buffer(), request.offset(0), request.length(0));
        if (container != null && container.isContainer()) {
            return request.argumentCount() == 1
                    ? new ErrorReply(
                            "ERR wrong number of arguments for '" + container.name() + "' command")
                    : new ErrorReply("ERR unknown subcommand '" + cut(request.text(1)) + "'. Try "
                            + request.text(0).toUpperCase(Locale.ROOT) + " HELP.");
        }
        StringBuilder arguments = new StringBuilder();
        for (int i = 1;
                i < request.argumentCount() && arguments.length() < QUOTED_CHARACTERS;
                i++) {
            int room = QUOTED_CHARACTERS - arguments.length();
            arguments.append('\'').append(cut(request.text(i), room)).append("' ");
        }
        return new ErrorReply("ERR unknown command '" + cut(request.text(0))
                + "', with args beginning with: " + arguments);
    }

    private static String cut(String text) {
        return cut(text, QUOTED_CHARACTERS);
    }

    /** As Redis prints it: so many characters, and none from the first NUL on. */
    private static String cut(String text, int longest) {
        int nul = text.indexOf('\0');
        return text.substring(0, Math.min(longest, nul < 0 ? text.length() : nul));
    }
}
