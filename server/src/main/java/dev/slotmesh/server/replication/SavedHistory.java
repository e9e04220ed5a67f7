package dev.slotmesh.server.replication;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which history a file's data set belongs to, as the file tells it.
 *
 * @param offset of the last byte of the stream that the data set contains
 * @param database that the stream has selected there
 */
record SavedHistory(String id, long offset, int database) {
    private static final String ID = "repl-id";
    private static final String OFFSET = "repl-offset";
    private static final String DATABASE = "repl-stream-db";
    private static final String ID_FORM = "[0-9a-f]{40}";

    /** Reads the head of a file; empty unless it tells a history whole. */
    static Optional<SavedHistory> of(Map<String, String> head, int databaseCount) {
        String id = head.getOrDefault(ID, "");
        long offset = number(head.get(OFFSET));
        if (!id.matches(ID_FORM) || offset < 0) {
            return Optional.empty();
        }
        return Optional.of(new SavedHistory(id, offset, database(head, databaseCount)));
    }

    /** The selected database that a file tells, 0 when it tells none that there is. */
    static int database(Map<String, String> head, int databaseCount) {
        long database = number(head.get(DATABASE));
        return database >= 0 && database < databaseCount ? (int) database : 0;
    }

    private static long number(String textOrNull) {
        try {
            return textOrNull == null ? -1 : Long.parseLong(textOrNull);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    /** As the head of a file, in Redis's order. */
    Map<String, String> head() {
        Map<String, String> head = new LinkedHashMap<>();
        head.put(DATABASE, String.valueOf(database));
        head.put(ID, id);
        head.put(OFFSET, String.valueOf(offset));
        return head;
    }
}
