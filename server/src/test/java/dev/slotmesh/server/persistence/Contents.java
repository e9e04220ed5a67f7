package dev.slotmesh.server.persistence;

import dev.slotmesh.server.oracle.RespConnection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All that can be asked of a data set, database by database and key by key, to be compared between servers. */
final class Contents {
    private static final int DATABASES = 16;
    private static final String SEPARATOR = "\r\n";
    private static final Pattern NODES =
            Pattern.compile("ql_nodes:\\d+ .*ql_listpack_max:\\S+ ql_compressed:\\d");

    private Contents() {}

    /** By {@code database:key} what TYPE, OBJECT ENCODING, PEXPIRETIME, DEBUG DIGEST-VALUE and the like answer. */
    static Map<String, List<String>> of(RespConnection server) {
        Map<String, List<String>> all = new TreeMap<>();
        for (int database = 0; database < DATABASES; database++) {
            server.call("SELECT", "" + database);
            for (String key : elements(server.call("KEYS", "*"))) {
                all.put(database + ":" + key, describe(server, key));
            }
        }
        return all;
    }

    /** A line for each key whose answers differ, or that only one server has. */
    static List<String> differences(
            Map<String, List<String>> ours, Map<String, List<String>> theirs) {
        Set<String> keys = new TreeSet<>(ours.keySet());
        keys.addAll(theirs.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(ours.get(key), theirs.get(key)))
                .map(key -> key + ": " + ours.get(key) + " instead of " + theirs.get(key))
                .toList();
    }

    private static List<String> describe(RespConnection server, String key) {
        String type = server.call("TYPE", key);
        return List.of(
                type,
                server.call("OBJECT", "ENCODING", key),
                server.call("PEXPIRETIME", key),
                server.call("DEBUG", "DIGEST-VALUE", key),
                type.equals("+stream\r\n")
                        ? server.call("XINFO", "STREAM", key, "FULL", "COUNT", "0")
                        : "",
                type.equals("+list\r\n") ? nodes(server.call("DEBUG", "OBJECT", key)) : "");
    }

    private static String nodes(String object) {
        Matcher nodes = NODES.matcher(object);
        if (!nodes.find()) {
            throw new AssertionError("no nodes in " + object);
        }
        return nodes.group();
    }

    /** Elements of an array of bulk strings. */
    private static List<String> elements(String reply) {
        List<String> elements = new ArrayList<>();
        int at = reply.indexOf(SEPARATOR) + SEPARATOR.length();
        while (at < reply.length()) {
            int line = reply.indexOf(SEPARATOR, at);
            int length = Integer.parseInt(reply.substring(at + 1, line));
            int begin = line + SEPARATOR.length();
            elements.add(reply.substring(begin, begin + length));
            at = begin + length + SEPARATOR.length();
        }
        return elements;
    }
}
