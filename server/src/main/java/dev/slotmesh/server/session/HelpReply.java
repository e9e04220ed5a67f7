package dev.slotmesh.server.session;

import java.util.Locale;

/** The reply of a container's HELP subcommand: a head line, usage lines with their explanations, and HELP itself. */
public final class HelpReply {
    private HelpReply() {}

    /** @param lines usage and explanation lines, the latter indented by four spaces, without HELP's own */
    public static void write(Call call, String... lines) {
        String name = call.spec().name();
        String container = name.substring(0, name.indexOf('|')).toUpperCase(Locale.ROOT);
        call.reply().array(lines.length + 3);
        call.reply()
                .simpleString(
                        container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        for (String line : lines) {
            call.reply().simpleString(line);
        }
        call.reply().simpleString("HELP");
        call.reply().simpleString("    Prints this help.");
    }
}
