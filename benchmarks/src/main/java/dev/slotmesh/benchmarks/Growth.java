package dev.slotmesh.benchmarks;

import java.util.List;

/**
 * How a structure grows and shrinks by commands. In a word, # stands for the number of an element and ~ for one that is far
 * from its neighbours'.
 *
 * @param name what is grown
 * @param addHead the beginning of the command that adds
 * @param addElement what follows it for each element
 * @param most elements that one such command may have
 * @param remove the command that removes one
 */
record Growth(
        String name, List<String> addHead, List<String> addElement, int most, List<String> remove) {
    /** The key of every structure but the keyspace itself. */
    static final String KEY = "large";

    private static final int MANY = 200;

    /** Every structure of the server that has no bound. */
    static List<Growth> ofAllTypes() {
        return List.of(
                of("keys", "MSET", "key:# value", MANY, "DEL key:#"),
                of("list", "RPUSH large", "value:#", MANY, "LPOP large"),
                of("hash", "HSET large", "field:# value:#", MANY, "HDEL large field:#"),
                of("timed hash", "HSETEX large PX 10000000 FIELDS 1", "f:~ v", 1, "HDEL large f:~"),
                of("set", "SADD large", "member:#", MANY, "SREM large member:#"),
                of("sorted set", "ZADD large", "~ member:#", MANY, "ZREM large member:#"),
                of("stream", "XADD large #-1", "field value:#", 1, "XDEL large #-1"));
    }

    /** What was delivered to a consumer of a stream and not acknowledged: needs the stream and its group. */
    static Growth ofPendingEntries() {
        return of(
                "pending entries",
                "XREADGROUP GROUP g alice COUNT 1 STREAMS large >",
                "",
                1,
                "XACK large g #-1");
    }

    private static Growth of(String name, String head, String element, int most, String remove) {
        return new Growth(
                name,
                List.of(head.split(" ")),
                element.isEmpty() ? List.of() : List.of(element.split(" ")),
                most,
                List.of(remove.split(" ")));
    }
}
