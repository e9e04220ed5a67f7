package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code maxmemory} with replicas: who evicts, who is told, and what counts. */
@Timeout(240)
final class EvictionTest {
    private static final int KEYS = 4000;
    private static final String[] LIMITED = {
        "--maxmemory", "2mb", "--maxmemory-policy", "allkeys-lru", "--repl-backlog-size", "64kb"
    };

    @AutoClose
    private final Peers peers = new Peers();

    @Test
    void shouldTellReplicasOfWhatItEvictsAndLeaveTheChoiceToIt() throws Exception {
        int primary = peers.slotmesh(LIMITED).port();
        int ours = peers.slotmeshReplicaOf(primary, "--maxmemory", "100kb").port();
        int theirs = peers.redisReplicaOf(primary, "--maxmemory", "100kb").port();
        Peers.awaitInStep(primary, ours);
        Peers.awaitInStep(primary, theirs);

        write(primary);

        assertThat(Peers.ask(primary, "CONFIG", "SET", "maxmemory", "0")).isEqualTo("+OK\r\n");
        Peers.awaitInStep(primary, ours);
        Peers.awaitInStep(primary, theirs);
        assertThat(number(primary, "evicted_keys")).isBetween(KEYS / 2L, KEYS - 1000L);
        assertThat(Peers.ask(theirs, "INFO", "commandstats"))
                .contains("cmdstat_del:calls=" + number(primary, "evicted_keys") + ",");
        assertThat(Peers.digest(ours)).isEqualTo(Peers.digest(primary));
        assertThat(Peers.digest(theirs)).isEqualTo(Peers.digest(primary));
        assertThat(number(ours, "evicted_keys")).isZero();
    }

    @Test
    void shouldEvictOnAReplicaThatMinds() throws Exception {
        int primary = peers.slotmesh().port();
        int replica = peers.slotmeshReplicaOf(
                        primary,
                        "--maxmemory",
                        "2mb",
                        "--maxmemory-policy",
                        "allkeys-lru",
                        "--replica-ignore-maxmemory",
                        "no")
                .port();
        Peers.awaitInStep(primary, replica);

        write(primary);

        Peers.awaitInStep(primary, replica);
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> number(replica, "used_memory")
                                - number(replica, "mem_not_counted_for_evict")
                        <= 2 << 20);
        assertThat(number(replica, "evicted_keys")).isGreaterThan(KEYS / 2);
        assertThat(number(primary, "evicted_keys")).isZero();
    }

    @Test
    void shouldCountTheBacklogButNotWhatASlowReplicaAloneNeeds() throws Exception {
        Node node = peers.slotmesh("--repl-backlog-size", "1mb");
        int primary = node.port();
        RedisOracle stopped = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, stopped.port());
        long before = node.keyspace().eviction().countedBytes();

        stopped.freeze();
        try (RespConnection client = RespConnection.to(primary)) {
            String value = "x".repeat(100_000);
            for (int i = 0; i < 200; i++) {
                client.call("SET", "k", value);
            }
        }

        long held = node.replication().log().memoryBytes();
        assertThat(held).as("for the stopped one").isGreaterThan(4 << 20);
        assertThat(number(primary, "mem_not_counted_for_evict")).isGreaterThan(3 << 20);
        assertThat(node.keyspace().memoryAccount().serviceBytes()).isEqualTo(1 << 20);
        assertThat(node.keyspace().eviction().countedBytes() - before).isLessThan(2 << 20);
        stopped.goOn();
        Peers.awaitInStep(primary, stopped.port());
        Peers.ask(primary, "CONFIG", "SET", "repl-backlog-size", "128kb");
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> node.keyspace().memoryAccount().serviceBytes() <= 128 << 10);
    }

    private static void write(int port) {
        try (RespConnection client = RespConnection.to(port)) {
            String value = "v".repeat(1000);
            for (int i = 0; i < KEYS; i++) {
                assertThat(client.call("SET", "key:" + i, value)).isEqualTo("+OK\r\n");
            }
        }
    }

    private static long number(int port, String field) {
        return Long.parseLong(Peers.info(port, field));
    }
}
