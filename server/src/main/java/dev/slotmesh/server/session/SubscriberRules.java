package dev.slotmesh.server.session;

import dev.slotmesh.server.command.CommandSpec;

import java.util.Set;

/** What a client may execute whose protocol cannot tell messages from replies, while it is subscribed to anything. */
final class SubscriberRules {
    private static final Set<String> ALLOWED = Set.of(
            "ping",
            "quit",
            "reset",
            "subscribe",
            "unsubscribe",
            "psubscribe",
            "punsubscribe",
            "ssubscribe",
            "sunsubscribe");

    private SubscriberRules() {}

    static boolean allow(CommandSpec spec) {
        return ALLOWED.contains(spec.name());
    }

    static ErrorReply refusal(CommandSpec spec) {
        return new ErrorReply("ERR Can't execute '" + spec.name()
                + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in"
                + " this context");
    }
}
