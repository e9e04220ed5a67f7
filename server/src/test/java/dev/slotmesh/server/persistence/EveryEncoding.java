package dev.slotmesh.server.persistence;

import dev.slotmesh.server.oracle.RespConnection;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * A data set that has every type in every encoding, on both sides of each threshold, in several databases, with and without
 * deadlines. Made by commands, so that any server can have it.
 */
public final class EveryEncoding {
    /** For servers that are to hold it: several nodes and compressed ones in lists, several nodes in streams. */
    public static final String[] DIRECTIVES = {
        "--list-compress-depth", "1", "--stream-node-max-entries", "10"
    };

    private static final String LATER = "4000000000000";
    private static final int HASH_LIMIT = 512;
    private static final int SORTED_SET_LIMIT = 128;
    private static final int INTSET_LIMIT = 512;

    private final RespConnection client;
    private final SplittableRandom random = new SplittableRandom(7);

    private EveryEncoding(RespConnection client) {
        this.client = client;
    }

    public static void fill(RespConnection client) {
        EveryEncoding filler = new EveryEncoding(client);
        for (String database : new String[] {"0", "1", "15"}) {
            filler.call("SELECT", database);
            filler.strings();
            filler.lists();
            filler.sets();
            filler.sortedSets();
            filler.hashes();
            filler.streams();
            filler.deadlines();
        }
    }

    private void strings() {
        call("SET", "empty", "");
        call("SET", "", "a key without a name");
        for (String number : new String[] {
            "0",
            "-1",
            "127",
            "-128",
            "32767",
            "70000",
            "-2147483648",
            "2147483648",
            "9223372036854775807",
            "-9223372036854775808",
            "012",
            "1.5",
            "+7"
        }) {
            call("SET", "number:" + number, number);
        }
        for (int length : new int[] {19, 20, 21, 44, 45, 63, 64, 16_383, 16_384, 100_000}) {
            call("SET", "noise:" + length, noise(length));
            call("SET", "same:" + length, "s".repeat(length));
        }
        call("SET", "k".repeat(100), "a key that is compressed");
        call("SET", "appended", "12");
        call("APPEND", "appended", "34");
        call("SETBIT", "bits", "1000", "1");
        call("PFADD", "sparse", "a", "b", "c");
        many("PFADD", "dense", 3000, i -> List.of("element" + i));
    }

    private void lists() {
        many("RPUSH", "list:small", 3, i -> List.of("element" + i));
        many("RPUSH", "list:numbers", 300, i -> List.of("" + (i * 1_000_003L - 70_000)));
        many("RPUSH", "list:nodes", 900, i -> List.of(noise(20 + i % 80)));
        many("LPUSH", "list:compressible", 900, i -> List.of("x".repeat(i % 90) + i));
        call("RPUSH", "list:long", "a", noise(9000), "b", "l".repeat(70_000), "c");
    }

    private void sets() {
        many("SADD", "set:16", 5, i -> List.of("" + (i - 2)));
        many("SADD", "set:32", 5, i -> List.of("" + i * 100_000));
        many("SADD", "set:64", 5, i -> List.of("" + i * 10_000_000_000L));
        many("SADD", "set:limit", INTSET_LIMIT, i -> List.of("" + i));
        many("SADD", "set:beyond", INTSET_LIMIT + 1, i -> List.of("" + i));
        many("SADD", "set:texts", 3, i -> List.of("member" + i));
        many("SADD", "set:large", 1000, i -> List.of(noise(i % 50) + i));
    }

    private void sortedSets() {
        many("ZADD", "zset:limit", SORTED_SET_LIMIT, i -> List.of(i + ".5", "member" + i));
        many("ZADD", "zset:beyond", SORTED_SET_LIMIT + 1, i -> List.of("" + -i, "member" + i));
        call("ZADD", "zset:long", "1", "m".repeat(64));
        call("ZADD", "zset:longer", "1", "m".repeat(65), "2", "7");
        call("ZADD", "zset:scores", "inf", "a", "-inf", "b", "3.0000000000000004", "c");
        call("ZADD", "zset:scores", "1e300", "d", "5e-324", "e", "17179869184", "f", "0", "g");
        many("ZADD", "zset:large", 2000, i -> List.of("" + i % 50, "m" + noise(i % 30) + i));
        call("GEOADD", "geo", "13.361389", "38.115556", "a", "15.087269", "37.502669", "b");
    }

    private void hashes() {
        many("HSET", "hash:limit", HASH_LIMIT, i -> List.of("field" + i, "value" + i));
        many("HSET", "hash:beyond", HASH_LIMIT + 1, i -> List.of("field" + i, "" + i));
        call("HSET", "hash:long", "field", "v".repeat(64));
        call("HSET", "hash:longer", "field", "v".repeat(65), "12", "34");
        many("HSET", "hash:large", 2000, i -> List.of("f" + i, "z".repeat(i % 100)));
    }

    private void streams() {
        for (int i = 1; i <= 100; i++) {
            call("XADD", "stream:nodes", i + "-" + i % 3, "field", "value" + i, "other", "" + i);
        }
        for (int i = 1; i <= 35; i++) {
            call("XADD", "stream", i + "-1", "f" + i % 4, noise(i));
        }
        call("XDEL", "stream", "3-1", "17-1", "35-1");
        call("XGROUP", "CREATE", "stream", "first", "0");
        call("XGROUP", "CREATE", "stream", "second", "10-1", "ENTRIESREAD", "9");
        call("XGROUP", "CREATE", "stream", "idle", "$");
        call("XREADGROUP", "GROUP", "first", "alice", "COUNT", "9", "STREAMS", "stream", ">");
        call("XREADGROUP", "GROUP", "first", "bob", "COUNT", "5", "STREAMS", "stream", ">");
        call("XREADGROUP", "GROUP", "second", "carol", "STREAMS", "stream", ">");
        call("XACK", "stream", "first", "2-1", "4-1");
        call("XCLAIM", "stream", "first", "bob", "0", "5-1", "RETRYCOUNT", "12");
        call("XGROUP", "CREATECONSUMER", "stream", "first", "nobody");
        call("XDEL", "stream", "6-1");
        call("XADD", "stream:empty", "5-5", "f", "v");
        call("XDEL", "stream:empty", "5-5");
        call("XADD", "stream:trimmed", "1-1", "f", "v");
        call("XADD", "stream:trimmed", "MAXLEN", "1", "2-1", "f", "w");
        call("XSETID", "stream:trimmed", "9-9", "ENTRIESADDED", "40", "MAXDELETEDID", "8-8");
    }

    private void deadlines() {
        for (String key : new String[] {
            "number:127",
            "noise:21",
            "list:nodes",
            "set:16",
            "set:large",
            "zset:limit",
            "zset:large",
            "hash:limit",
            "hash:large",
            "stream"
        }) {
            call("PEXPIREAT", key, LATER);
        }
        call("SET", "timed", "v", "PXAT", LATER + "0");
    }

    private void many(String command, String key, int count, IntFunction<List<String>> words) {
        List<String> line = new ArrayList<>(List.of(command, key));
        for (int i = 0; i < count; i++) {
            line.addAll(words.apply(i));
        }
        call(line.toArray(String[]::new));
    }

    private String noise(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(256));
        }
        return text.toString();
    }

    private void call(String... words) {
        String reply = client.call(words);
        if (reply.startsWith("-")) {
            throw new AssertionError(words[0] + " " + words[1] + ": " + reply);
        }
    }
}
