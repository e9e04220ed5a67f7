package dev.slotmesh.server.commands.migrate;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client asked for.
 *
 * @param target where to
 * @param database of the other server
 * @param timeoutMs for each step of the conversation, 1 or more
 * @param copy the keys stay here as well
 * @param replace keys that are there are replaced
 * @param login what AUTH takes, one or two words; empty for none
 * @param keys their names, in the client's order
 */
record MigrateRequest(
        TargetAddress target,
        long database,
        int timeoutMs,
        boolean copy,
        boolean replace,
        List<byte[]> login,
        List<byte[]> keys) {
    private static final int HOST = 1;
    private static final int PORT = 2;
    private static final int KEY = 3;
    private static final int DATABASE = 4;
    private static final int TIMEOUT = 5;
    private static final int OPTIONS = 6;
    private static final int DEFAULT_TIMEOUT_MS = 1_000;
    private static final ErrorReply KEY_AND_KEYS = new ErrorReply(
            "ERR When using MIGRATE KEYS option, the key argument must be set to the empty string");

    /** Where the keys go; the text of the port as the client gave it. */
    record TargetAddress(String host, String port) {}

    static MigrateRequest parse(Call call) {
        boolean copy = false;
        boolean replace = false;
        List<byte[]> login = List.of();
        int firstKey = KEY;
        int keyCount = 1;
        for (int i = OPTIONS; i < call.count(); i++) {
            int following = call.count() - 1 - i;
            if (call.is(i, "COPY")) {
                copy = true;
            } else if (call.is(i, "REPLACE")) {
                replace = true;
            } else if (call.is(i, "AUTH")) {
                login = words(call, i, 1, following);
                i++;
            } else if (call.is(i, "AUTH2")) {
                login = words(call, i, 2, following);
                i += 2;
            } else if (call.is(i, "KEYS")) {
                if (call.span(KEY).length() != 0) {
                    throw KEY_AND_KEYS;
                }
                firstKey = i + 1;
                keyCount = following;
                break;
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        long timeoutMs = call.integer(TIMEOUT);
        long database = call.integer(DATABASE);
        if (timeoutMs <= 0) {
            timeoutMs = DEFAULT_TIMEOUT_MS;
        }
        List<byte[]> keys = new ArrayList<>(keyCount);
        for (int i = 0; i < keyCount; i++) {
            keys.add(call.bytes(firstKey + i));
        }
        return new MigrateRequest(
                new TargetAddress(call.text(HOST), call.text(PORT)),
                database,
                (int) Math.min(timeoutMs, Integer.MAX_VALUE),
                copy,
                replace,
                login,
                keys);
    }

    private static List<byte[]> words(Call call, int option, int count, int following) {
        if (following < count) {
            throw ErrorReply.SYNTAX;
        }
        List<byte[]> words = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            words.add(call.bytes(option + i));
        }
        return words;
    }
}
