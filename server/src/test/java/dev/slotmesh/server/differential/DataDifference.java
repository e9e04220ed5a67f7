package dev.slotmesh.server.differential;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.server.oracle.RespConnection;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Finds which keys of two servers differ, for the report of a test that failed. */
final class DataDifference {
    private static final int DATABASES = 16;
    private static final int MOST_SHOWN = 12;
    private static final int LONGEST_SHOWN = 700;

    private final LoadedServer one;
    private final LoadedServer other;

    DataDifference(LoadedServer one, LoadedServer other) {
        this.one = one;
        this.other = other;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        try (RespConnection left = RespConnection.to(one.port());
                RespConnection right = RespConnection.to(other.port())) {
            text.append(offsets(left)).append(offsets(right));
            int shown = 0;
            for (int database = 0; database < DATABASES; database++) {
                left.call("SELECT", Integer.toString(database));
                right.call("SELECT", Integer.toString(database));
                Set<String> keys = keys(left);
                keys.addAll(keys(right));
                for (String key : keys) {
                    if (shown < MOST_SHOWN && differs(left, right, key)) {
                        shown++;
                        text.append("\n db ").append(database).append(' ').append(Line.quoted(key));
                        text.append("\n  ").append(one.name()).append(": ").append(told(left, key));
                        text.append("\n  ")
                                .append(other.name())
                                .append(": ")
                                .append(told(right, key));
                    }
                }
            }
        }
        return text.toString();
    }

    private static String offsets(RespConnection server) {
        return "\n" + server.call("ROLE").replace("\r\n", " ")
                + server.call("DEBUG", "DIGEST").strip();
    }

    private static Set<String> keys(RespConnection server) {
        Set<String> keys = new TreeSet<>();
        Reply.Array all = (Reply.Array) ReplyBytes.decode(server.call("KEYS", "*"));
        for (Reply key : all.elements()) {
            keys.add(new String(((Reply.Bulk) key).bytes(), StandardCharsets.ISO_8859_1));
        }
        return keys;
    }

    private static boolean differs(RespConnection left, RespConnection right, String key) {
        return !left.call("DEBUG", "DIGEST-VALUE", key)
                        .equals(right.call("DEBUG", "DIGEST-VALUE", key))
                || !left.call("PEXPIRETIME", key).equals(right.call("PEXPIRETIME", key));
    }

    private static String told(RespConnection server, String key) {
        String type = server.call("TYPE", key).strip();
        String content = switch (type) {
            case "+string" -> server.call("GET", key);
            case "+list" -> server.call("LRANGE", key, "0", "-1");
            case "+hash" -> server.call("HGETALL", key);
            case "+set" -> server.call("SMEMBERS", key);
            case "+zset" -> server.call("ZRANGE", key, "0", "-1", "WITHSCORES");
            case "+stream" -> server.call("XINFO", "STREAM", key, "FULL");
            default -> "";
        };
        String quoted = Line.quoted(content);
        return type + " expires " + server.call("PEXPIRETIME", key).strip() + " "
                + quoted.substring(0, Math.min(LONGEST_SHOWN, quoted.length()));
    }
}
