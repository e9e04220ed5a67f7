package dev.slotmesh.server.reshard;

import dev.slotmesh.resp.Reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job of an atomic slot migration, as CLUSTER GETSLOTMIGRATIONS of Valkey 9 tells of it.
 *
 * @param operation EXPORT at the source, IMPORT at the target
 * @param state {@code success}, {@code failed} and {@code cancelled} are final, any other means that it goes on
 * @param message for people, or ""
 */
record MigrationJob(String name, String operation, String targetId, String state, String message) {
    static final String SUCCESS = "success";
    static final String CANCELLED = "cancelled";
    private static final List<String> FINAL = List.of(SUCCESS, "failed", CANCELLED);
    private static final Pattern KEYS_SENT = Pattern.compile("(\\d{1,18}) of \\d{1,18} keys.*");

    boolean isOver() {
        return FINAL.contains(state);
    }

    /** How many keys have been sent, when the message begins with {@code 12 of 345 keys}; else 0. */
    long keysSent() {
        Matcher sent = KEYS_SENT.matcher(message);
        return sent.matches() ? Long.parseLong(sent.group(1)) : 0;
    }

    /** All jobs that a node knows; empty when it knows no such command. */
    static Optional<List<MigrationJob>> allOf(NodeConnection node) throws ReshardFailure {
        if (node.ask("CLUSTER", "GETSLOTMIGRATIONS") instanceof Reply.Array entries) {
            List<MigrationJob> jobs = new ArrayList<>();
            for (Reply entry : entries.elements()) {
                ReplyFields fields = new ReplyFields(entry, node);
                jobs.add(new MigrationJob(
                        fields.text("name"),
                        fields.text("operation"),
                        fields.text("target_node"),
                        fields.text("state"),
                        fields.text("message")));
            }
            return Optional.of(jobs);
        }
        return Optional.empty();
    }
}
