package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RespConnection;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Slotmesh primary and a Redis primary, each with a Redis replica, answer the commands of replication alike. */
@Timeout(240)
final class ReplicationOracleTest {
    private static final List<String> REPLCONF = List.of(
            "REPLCONF",
            "REPLCONF listening-port",
            "REPLCONF listening-port x",
            "REPLCONF listening-port 99999999999",
            "REPLCONF listening-port 1 ip-address",
            "REPLCONF ip-address 1.2.3.4 LISTENING-PORT 5",
            "REPLCONF ip-address " + "1".repeat(256),
            "REPLCONF capa eof capa psync2 capa future",
            "REPLCONF rdb-only 2",
            "REPLCONF rdb-only x",
            "REPLCONF rdb-only 1",
            "REPLCONF rdb-only 0",
            "REPLCONF rdb-filter-only functions",
            "REPLCONF rdb-filter-only keys",
            "REPLCONF rdb-filter-only \"",
            "REPLCONF nonsense 1",
            "REPLCONF listening-port 7 nonsense 1");

    private static final List<String> OTHERS = List.of(
            "WAIT",
            "WAIT 0 0",
            "WAIT 1 0",
            "WAIT 2 50",
            "WAIT -1 0",
            "WAIT x 0",
            "WAIT 1 x",
            "WAIT 1 -1",
            "WAIT 1 9223372036854775807",
            "PSYNC",
            "PSYNC ? x",
            "PSYNC ? -1 FAILOVER",
            "ROLE x",
            "FAILOVER ABORT",
            "FAILOVER ABORT x",
            "FAILOVER x",
            "FAILOVER TO 127.0.0.1",
            "FAILOVER TO 127.0.0.1 x",
            "FAILOVER TO 127.0.0.1 1",
            "FAILOVER TIMEOUT 0",
            "FAILOVER TIMEOUT -5",
            "FAILOVER TIMEOUT x",
            "FAILOVER TIMEOUT",
            "FAILOVER FORCE",
            "FAILOVER FORCE TIMEOUT 10",
            "FAILOVER TO 127.0.0.1 1 FORCE",
            "FAILOVER TO 127.0.0.1 1 FORCE TIMEOUT 10",
            "FAILOVER TO a 1 TO b 2",
            "REPLICAOF",
            "REPLICAOF x",
            "REPLICAOF 127.0.0.1 x",
            "REPLICAOF 127.0.0.1 70000",
            "REPLICAOF NO ONE",
            "CLIENT LIST TYPE master",
            "CLIENT LIST TYPE nonsense",
            "CLIENT KILL TYPE nonsense",
            "CLIENT KILL TYPE master");

    @AutoClose
    private final Peers peers = new Peers();

    private int slotmesh;
    private int redis;
    private int ofSlotmesh;
    private int ofRedis;

    @BeforeEach
    void start() throws Exception {
        var real = peers.redis("--repl-ping-replica-period", "3600");
        Assumptions.assumeTrue(real.isAtLeast(7, 0), "replies are those of Redis 7.0");
        redis = real.port();
        slotmesh = peers.slotmesh("--repl-ping-replica-period", "3600").port();
        ofSlotmesh = peers.redisReplicaOf(slotmesh).port();
        ofRedis = peers.redisReplicaOf(redis).port();
        Peers.awaitInStep(slotmesh, ofSlotmesh);
        Peers.awaitInStep(redis, ofRedis);
    }

    @Test
    void shouldAnswerInTheSameWords() {
        try (RespConnection ours = RespConnection.to(slotmesh);
                RespConnection theirs = RespConnection.to(redis)) {
            for (List<String> lines : List.of(REPLCONF, OTHERS)) {
                for (String line : lines) {
                    String[] words = line.split(" ");
                    assertThat(ours.call(words)).as(line).isEqualTo(theirs.call(words));
                }
            }
            for (RespConnection client : List.of(ours, theirs)) {
                client.call("SET", "k", "1");
                assertThat(client.call("WAIT", "1", "0")).isEqualTo(":1\r\n");
                client.call("MULTI");
                client.call("SET", "k", "2");
                client.call("WAIT", "5", "0");
                assertThat(client.call("EXEC")).startsWith("*2\r\n+OK\r\n:");
            }
        }
    }

    @Test
    void shouldAnswerOnAReplicaInTheSameWords() throws Exception {
        int follower = peers.slotmeshReplicaOf(redis).port();
        Peers.awaitInStep(redis, follower);
        for (String line : List.of(
                "WAIT 0 0",
                "FAILOVER",
                "FAILOVER ABORT",
                "PSYNC 0123456789012345678901234567890123456789 1 FAILOVER",
                "SET k 1",
                "REPLCONF GETACK",
                "ROLE")) {
            String[] words = line.split(" ");
            assertThat(Peers.ask(follower, words)).as(line).isEqualTo(Peers.ask(ofRedis, words));
        }
    }

    @Test
    void shouldReportInTheSameForm() {
        for (int port : List.of(slotmesh, redis)) {
            Peers.ask(port, "SET", "k", "1");
        }
        Peers.awaitInStep(slotmesh, ofSlotmesh);
        Peers.awaitInStep(redis, ofRedis);

        assertThat(masked(Peers.ask(slotmesh, "INFO", "replication")))
                .isEqualTo(masked(Peers.ask(redis, "INFO", "replication")));
        assertThat(masked(Peers.ask(ofSlotmesh, "INFO", "replication")))
                .isEqualTo(masked(Peers.ask(ofRedis, "INFO", "replication")));
        assertThat(masked(Peers.ask(slotmesh, "ROLE"))).isEqualTo(masked(Peers.ask(redis, "ROLE")));
    }

    /** Without what differs by chance: IDs, ports, when something was last heard, the length that this gives. */
    private String masked(String reply) {
        return reply.replaceFirst("^\\$\\d+", "")
                .replaceAll("\\b[0-9a-f]{40}\\b", "ID")
                .replaceAll("lag=\\d+", "lag=N")
                .replaceAll("seconds_ago:\\d+", "seconds_ago:N")
                .replaceAll(
                        "\\b(" + slotmesh + "|" + redis + "|" + ofSlotmesh + "|" + ofRedis + ")\\b",
                        "PORT")
                .replaceAll("offset=\\d+", "offset=N")
                .replaceAll("(:|\\$\\d+\r\n)(\\d+)(\r\n)", "$1N$3")
                .replaceAll("\\$\\d+\r\nN\r\n", "LENGTH\r\nN\r\n");
    }

    @Test
    void shouldEndAWaitByClientUnblock() {
        for (int port : List.of(slotmesh, redis)) {
            try (RespConnection client = RespConnection.to(port)) {
                String id = client.call("CLIENT", "ID").substring(1).strip();
                client.call("SET", "k", "1");
                client.sendCommand("WAIT", "3", "0");
                Peers.awaitInfo(port, "blocked_clients", "1");
                assertThat(Peers.ask(port, "CLIENT", "UNBLOCK", id)).isEqualTo(":1\r\n");
                assertThat(client.readReplyText()).matches(":[01]\r\n");
                client.sendCommand("WAIT", "3", "0");
                Peers.awaitInfo(port, "blocked_clients", "1");
                assertThat(Peers.ask(port, "CLIENT", "UNBLOCK", id, "ERROR")).isEqualTo(":1\r\n");
                assertThat(client.readReplyText()).startsWith("-UNBLOCKED ");
            }
        }
    }
}
