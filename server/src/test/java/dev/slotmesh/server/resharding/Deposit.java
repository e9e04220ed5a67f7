package dev.slotmesh.server.resharding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.persistence.EveryEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Values of all types and encodings in a server of their own, from which a cluster gets them and with which it is compared. */
final class Deposit implements AutoCloseable {
    private static final long LATENESS_MS = 300_000;

    private final RedisOracle server;
    private final List<String> keys = new ArrayList<>();

    private Deposit(RedisOracle server) {
        this.server = server;
    }

    /** Makes the values, under keys with these hash tags in turn. */
    static Deposit under(List<String> tags) {
        List<String> arguments = new ArrayList<>(List.of(EveryEncoding.DIRECTIVES));
        arguments.addAll(List.of("--enable-debug-command", "yes"));
        Deposit deposit = new Deposit(RedisOracle.start(arguments.toArray(String[]::new)));
        try (RespConnection client = deposit.server.connect()) {
            EveryEncoding.fill(client);
            for (String other : List.of("1", "15")) {
                client.call("SELECT", other);
                client.call("FLUSHDB");
            }
            client.call("SELECT", "0");
            for (String key : ToolCluster.keys(deposit.port())) {
                String renamed = "{" + tags.get(deposit.keys.size() % tags.size()) + "}" + key;
                assertThat(client.call("RENAME", key, renamed)).isEqualTo("+OK\r\n");
                deposit.keys.add(renamed);
            }
        }
        return deposit;
    }

    /** Hash tags of that many different slots, from the first to before the limit. */
    static List<String> tagsWithin(int first, int limit, int count) {
        List<String> tags = new ArrayList<>();
        Set<Integer> slots = new HashSet<>();
        for (int number = 0; tags.size() < count; number++) {
            int slot = JedisClusterCRC16.getSlot("t" + number);
            if (slot >= first && slot < limit && slots.add(slot)) {
                tags.add("t" + number);
            }
        }
        return tags;
    }

    int port() {
        return server.port();
    }

    List<String> keys() {
        return keys;
    }

    private static String describe(RespConnection server, String key) {
        return server.call("TYPE", key) + server.call("DEBUG", "DIGEST-VALUE", key);
    }

    /** Negative without one. */
    private static long deadlineMs(RespConnection server, String key) {
        return Long.parseLong(server.call("PEXPIRETIME", key).substring(1).strip());
    }

    /** All values are in the cluster, and equal to those here. MIGRATE tells time left, so deadlines come later each time. */
    void assertIn(ToolCluster cluster) {
        Map<String, RespConnection> places = new HashMap<>();
        List<RespConnection> members = new ArrayList<>();
        try (RespConnection here = server.connect()) {
            for (int port : cluster.ports()) {
                RespConnection member = RespConnection.to(port);
                members.add(member);
                if (member.call("ROLE").contains("master")) {
                    ToolCluster.keys(port).forEach(key -> places.put(key, member));
                }
            }
            assertThat(places.keySet()).containsAll(keys);
            for (String key : keys) {
                assertThat(describe(places.get(key), key)).as(key).isEqualTo(describe(here, key));
                long wantedMs = deadlineMs(here, key);
                assertThat(deadlineMs(places.get(key), key))
                        .as("deadline of %s", key)
                        .isBetween(wantedMs, wantedMs < 0 ? wantedMs : wantedMs + LATENESS_MS);
            }
        } finally {
            members.forEach(RespConnection::close);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
