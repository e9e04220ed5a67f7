package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One command under load: its words as redis-benchmark takes them, and what the servers must hold for it.
 *
 * @param name for tables and {@code --commands}, in capitals
 * @param words the command; {@code __rand_int__} stands for twelve random digits below a million
 * @param before what is done before each run, unmeasured
 * @param bar CPU per request at pipeline 16, at most so many times that of Redis
 */
record Workload(String name, List<String> words, Preparation before, double bar) {
    private static final String RANDOM = "__rand_int__";
    private static final String VALUE = "x".repeat(KeyLoader.VALUE_BYTES);
    private static final String ELEMENT = "element:" + RANDOM;
    private static final int MSET_KEYS = 10;
    private static final int ELEMENTS = 1_000_000;
    private static final int LONG_LIST = 10_000;
    private static final double SMALL_REPLY = 0.65;
    private static final double HUNDRED_ELEMENTS = 0.80;

    /** Brings a server into the state that a run begins with. */
    interface Preparation {
        void prepare(RespClient client, long requests) throws IOException;
    }

    /** Every command besides GET and SET, in the order of measurement. */
    static List<Workload> all() {
        return List.of(
                simple("INCR", List.of("INCR", "counter:" + RANDOM), (client, requests) -> {}),
                simple("MSET", mset(), (client, requests) -> {}),
                simple("HSET", List.of("HSET", "load:hash", ELEMENT, VALUE), without("load:hash")),
                simple("HGET", List.of("HGET", "held:hash", ELEMENT), held("held:hash", "HSET")),
                simple("LPUSH", List.of("LPUSH", "load:list", VALUE), without("load:list")),
                simple("LPOP", List.of("LPOP", "load:list"), Workload::fillList),
                hundred(
                        "LRANGE_100",
                        List.of("LRANGE", "held:list", "0", "99"),
                        Workload::holdList),
                simple("SADD", List.of("SADD", "load:set", ELEMENT), without("load:set")),
                simple(
                        "SISMEMBER",
                        List.of("SISMEMBER", "held:set", ELEMENT),
                        held("held:set", "SADD")),
                simple("ZADD", List.of("ZADD", "load:zset", RANDOM, ELEMENT), without("load:zset")),
                hundred(
                        "ZRANGE",
                        List.of("ZRANGE", "held:zset", "0", "99"),
                        held("held:zset", "ZADD")),
                simple(
                        "XADD",
                        List.of("XADD", "load:stream", "*", "field", VALUE),
                        without("load:stream")));
    }

    private static Workload simple(String name, List<String> words, Preparation before) {
        return new Workload(name, words, before, SMALL_REPLY);
    }

    private static Workload hundred(String name, List<String> words, Preparation before) {
        return new Workload(name, words, before, HUNDRED_ELEMENTS);
    }

    /** All keys in one slot, as cluster mode wants it. */
    private static List<String> mset() {
        List<String> words = new ArrayList<>(List.of("MSET"));
        for (int i = 0; i < MSET_KEYS; i++) {
            words.add("{mset}:" + RANDOM);
            words.add(VALUE);
        }
        return words;
    }

    private static Preparation without(String key) {
        return (client, requests) -> client.delete(key);
    }

    private static Preparation held(String key, String command) {
        return (client, requests) -> {
            if (!client.exists(key)) {
                CollectionLoader.of(command).fill(client, key, ELEMENTS);
            }
        };
    }

    private static void fillList(RespClient client, long requests) throws IOException {
        client.delete("load:list");
        CollectionLoader.of("RPUSH").fill(client, "load:list", requests);
    }

    private static void holdList(RespClient client, long requests) throws IOException {
        if (!client.exists("held:list")) {
            CollectionLoader.of("RPUSH").fill(client, "held:list", LONG_LIST);
        }
    }
}
