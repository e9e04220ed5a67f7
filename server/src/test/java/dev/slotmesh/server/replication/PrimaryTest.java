package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Slotmesh primary with real replicas: how they come in step, and what becomes of slow ones. */
@Timeout(240)
final class PrimaryTest {
    private static final String OK = "+OK\r\n";

    @AutoClose
    private final Peers peers = new Peers();

    /** A few keys of each type, some large enough for their second encoding. */
    private static void fill(int port) {
        try (RespConnection client = RespConnection.to(port)) {
            client.call("SELECT", "3");
            for (int i = 0; i < 300; i++) {
                client.call("SET", "string:" + i, "value " + i);
                client.call("SET", "brief:" + i, "value", "PX", "10000000");
                client.call("RPUSH", "list", "element " + "x".repeat(i));
                client.call("HSET", "hash", "field " + i, "value " + i);
                client.call("SADD", "set", "" + i);
                client.call("SADD", "words", "member " + i);
                client.call("ZADD", "sorted", i + ".5", "member " + i);
                client.call("XADD", "stream", (i + 1) + "-1", "field", "value " + i);
            }
            client.call("XGROUP", "CREATE", "stream", "group", "0");
            client.call(
                    "XREADGROUP", "GROUP", "group", "me", "COUNT", "5", "STREAMS", "stream", ">");
            client.call("SETBIT", "bits", "100001", "1");
        }
    }

    private static void assertEqual(int primary, int replica) {
        Peers.awaitInStep(primary, replica);
        assertThat(Peers.digest(replica)).isEqualTo(Peers.digest(primary));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldSendOneSnapshotToAllReplicasThatWaitForIt(String diskless) throws Exception {
        int primary = peers.slotmesh(
                        "--repl-diskless-sync",
                        diskless,
                        "--repl-diskless-sync-delay",
                        "3600",
                        "--repl-diskless-sync-max-replicas",
                        "3")
                .port();
        fill(primary);
        List<RedisOracle> replicas = List.of(
                peers.redisReplicaOf(primary, "--repl-diskless-load", "disabled"),
                peers.redisReplicaOf(primary, "--repl-diskless-load", "swapdb"),
                peers.redisReplicaOf(primary, "--repl-diskless-load", "on-empty-db"));

        for (RedisOracle replica : replicas) {
            assertEqual(primary, replica.port());
            assertThat(replica.log())
                    .contains(
                            diskless.equals("yes")
                                    ? "receiving streamed RDB"
                                    : "bytes from master");
        }
        assertThat(Peers.info(primary, "sync_full")).isEqualTo("3");
        assertThat(Peers.info(primary, "connected_slaves")).isEqualTo("3");
        fill(primary);
        Peers.ask(primary, "FLUSHALL");
        fill(primary);
        for (RedisOracle replica : replicas) {
            assertEqual(primary, replica.port());
        }
    }

    @Test
    void shouldGoOnOverTheBacklogAfterACut() throws Exception {
        int primary = peers.slotmesh("--repl-backlog-size", "4mb").port();
        RedisOracle replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());

        for (int cut = 1; cut <= 3; cut++) {
            replica.freeze();
            assertThat(Peers.ask(primary, "CLIENT", "KILL", "TYPE", "replica")).isEqualTo(":1\r\n");
            fill(primary);
            replica.goOn();
            Peers.awaitInfo(primary, "sync_partial_ok", "" + cut);
            assertEqual(primary, replica.port());
        }
        assertThat(Peers.info(primary, "sync_full")).isEqualTo("1");
        assertThat(Peers.info(primary, "sync_partial_err")).isEqualTo("0");
    }

    @Test
    void shouldBeginAnewWhenTheBacklogDoesNotReachBack() throws Exception {
        int primary = peers.slotmesh("--repl-backlog-size", "10mb").port();
        assertThat(Peers.ask(primary, "CONFIG", "SET", "repl-backlog-size", "16kb"))
                .isEqualTo(OK);
        RedisOracle replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());

        replica.freeze();
        Peers.ask(primary, "CLIENT", "KILL", "TYPE", "slave");
        fill(primary);
        long kept = Long.parseLong(Peers.info(primary, "repl_backlog_histlen"));
        replica.goOn();

        Peers.awaitInfo(primary, "sync_partial_err", "1");
        Peers.awaitInfo(primary, "sync_full", "2");
        assertEqual(primary, replica.port());
        assertThat(kept).isBetween(16 * 1024L, 64 * 1024L);
        assertThat(Peers.info(primary, "repl_backlog_size")).isEqualTo("16384");
    }

    @Test
    void shouldForgetTheBacklogWhenNobodyComesBack() throws Exception {
        int primary = peers.slotmesh("--repl-backlog-ttl", "1").port();
        RedisOracle replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());
        String history = Peers.info(primary, "master_replid");
        assertThat(Peers.info(primary, "repl_backlog_active")).isEqualTo("1");

        replica.kill();

        Peers.awaitInfo(primary, "repl_backlog_active", "0");
        assertThat(Peers.info(primary, "repl_backlog_histlen")).isEqualTo("0");
        assertThat(Peers.info(primary, "master_replid")).isNotEqualTo(history);
        replica.restart();
        assertEqual(primary, replica.port());
    }

    @Test
    void shouldDropAReplicaThatReadsNothingAtTheOutputLimitAndDelayNobody() throws Exception {
        Node node = peers.slotmesh("--repl-backlog-size", "1mb");
        int primary = node.port();
        Peers.ask(primary, "CONFIG", "SET", "client-output-buffer-limit", "replica 8mb 0 0");
        RedisOracle stopped = peers.redisReplicaOf(primary);
        RedisOracle running = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, stopped.port());
        Peers.awaitInStep(primary, running.port());
        long before = node.replication().log().memoryBytes();

        stopped.freeze();
        String value = "x".repeat(100_000);
        long slowestNanos = 0;
        long most = 0;
        try (RespConnection client = RespConnection.to(primary)) {
            for (int i = 0; i < 400; i++) {
                long startNanos = System.nanoTime();
                assertThat(client.call("SET", "k" + i % 10, value)).isEqualTo(OK);
                slowestNanos = Math.max(slowestNanos, System.nanoTime() - startNanos);
                most = Math.max(most, node.replication().log().memoryBytes());
            }
        }

        Peers.awaitInfo(primary, "connected_slaves", "1");
        assertThat(TimeUnit.NANOSECONDS.toMillis(slowestNanos)).isLessThan(5000);
        assertThat(most).as("pinned by the stopped one").isBetween(4L << 20, 32L << 20);
        assertEqual(primary, running.port());
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> node.replication().log().memoryBytes() <= before + (2L << 20));
        stopped.goOn();
        Peers.awaitInfo(primary, "connected_slaves", "2");
        assertEqual(primary, stopped.port());
    }

    @Test
    void shouldDropASilentReplicaAfterTheTimeout() throws Exception {
        int primary = peers.slotmesh("--repl-timeout", "2").port();
        RedisOracle replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());

        replica.freeze();

        Peers.awaitInfo(primary, "connected_slaves", "0");
        replica.goOn();
        Peers.awaitInfo(primary, "sync_partial_ok", "1");
    }

    @Test
    void shouldSendPingsAndQuestionsInTheStream() throws Exception {
        int primary = peers.slotmesh("--repl-ping-replica-period", "1").port();
        try (RawReplica replica = RawReplica.to(primary)) {
            assertThat(replica.ask("REPLCONF listening-port 1234")).isEqualTo("+OK");
            assertThat(replica.ask("REPLCONF capa eof capa psync2")).isEqualTo("+OK");
            String[] answer = replica.ask("PSYNC ? -1").split(" ");
            assertThat(answer[0]).isEqualTo("+FULLRESYNC");
            assertThat(answer[1]).hasSize(40);
            String mark = replica.line();
            assertThat(mark).startsWith("$EOF:").hasSize(45);
            assertThat(replica.upTo(mark.substring(5))).startsWith("REDIS0010");
            replica.say("REPLCONF ACK " + answer[2]);

            assertThat(replica.command()).isEqualTo("PING");
            try (RespConnection client = RespConnection.to(primary)) {
                client.call("SELECT", "2");
                client.call("SET", "k", "1");
                assertThat(client.call("WAIT", "1", "1")).isEqualTo(":0\r\n");
            }
            assertThat(replica.commandButPing()).isEqualTo("SELECT 2");
            assertThat(replica.commandButPing()).isEqualTo("SET k 1");
            assertThat(Peers.info(primary, "slave0"))
                    .startsWith("ip=127.0.0.1,port=1234,state=online,offset=" + answer[2]);
            assertThat(replica.commandButPing()).isEqualTo("REPLCONF GETACK *");
        }
    }

    @Test
    void shouldServeTheOldSync() throws Exception {
        int primary = peers.slotmesh().port();
        Peers.ask(primary, "SET", "before", "1");
        try (RawReplica replica = RawReplica.to(primary)) {
            replica.say("SYNC");
            String length = replica.line();
            assertThat(length).matches("\\$\\d+");
            assertThat(replica.bytes(Integer.parseInt(length.substring(1))))
                    .startsWith("REDIS0010")
                    .contains("before");
            Peers.awaitInfo(primary, "connected_slaves", "1");
            Peers.ask(primary, "SET", "after", "2");

            assertThat(replica.command()).isEqualTo("SELECT 0");
            assertThat(replica.command()).isEqualTo("SET after 2");
        }
        Peers.awaitInfo(primary, "connected_slaves", "0");
    }

    @Test
    void shouldEndAReplicaWhoseCommandIsAnswered() throws Exception {
        int primary = peers.slotmesh().port();
        try (RawReplica replica = RawReplica.to(primary)) {
            replica.say("SYNC");
            replica.bytes(Integer.parseInt(replica.line().substring(1)));
            replica.say("GET k");
            assertThat(replica.isClosed()).isTrue();
        }
    }

    @Test
    void shouldWriteOnlyWithEnoughGoodReplicas() throws Exception {
        String refused = "-NOREPLICAS Not enough good replicas to write.\r\n";
        int primary = peers.slotmesh("--min-replicas-to-write", "1", "--min-replicas-max-lag", "2")
                .port();
        assertThat(Peers.ask(primary, "SET", "k", "1")).isEqualTo(refused);
        assertThat(Peers.ask(primary, "GET", "k")).isEqualTo("$-1\r\n");
        RedisOracle replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());
        Peers.awaitInfo(primary, "min_slaves_good_slaves", "1");
        assertThat(Peers.ask(primary, "SET", "k", "1")).isEqualTo(OK);

        replica.freeze();
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> Peers.ask(primary, "SET", "k", "2").equals(refused));
        assertThat(Peers.info(primary, "min_slaves_good_slaves")).isEqualTo("0");
        assertThat(Peers.ask(primary, "CONFIG", "SET", "min-replicas-max-lag", "0"))
                .isEqualTo(OK);
        assertThat(Peers.ask(primary, "SET", "k", "3")).isEqualTo(OK);
        assertThat(Peers.ask(primary, "CONFIG", "SET", "min-replicas-max-lag", "2"))
                .isEqualTo(OK);
        replica.goOn();

        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> Peers.ask(primary, "SET", "k", "4").equals(OK));
    }

    @Test
    void shouldShowWhatReplicasAnnounceAndNoUnannouncedOnes() throws Exception {
        int primary = peers.slotmesh().port();
        RedisOracle replica = peers.redisReplicaOf(
                primary,
                "--replica-announce-ip",
                "10.1.2.3",
                "--replica-announce-port",
                "7777",
                "--repl-disable-tcp-nodelay",
                "yes");
        Peers.awaitInStep(primary, replica.port());

        assertThat(Peers.info(primary, "slave0")).startsWith("ip=10.1.2.3,port=7777,state=online,");
        assertThat(Peers.ask(primary, "ROLE")).contains("$8\r\n10.1.2.3\r\n$4\r\n7777\r\n");
        assertThat(Peers.ask(primary, "CLIENT", "LIST", "TYPE", "replica"))
                .contains(" flags=S ")
                .contains(" cmd=replconf ");
        assertThat(Peers.ask(primary, "CLIENT", "LIST", "TYPE", "normal"))
                .doesNotContain("flags=S");
        assertThat(Peers.ask(primary, "CONFIG", "SET", "repl-disable-tcp-nodelay", "yes"))
                .isEqualTo(OK);
        fill(primary);
        assertEqual(primary, replica.port());
    }

    @Test
    void shouldReplicateWhatWasWrittenBeforeAPauseAndNothingInIt() throws Exception {
        int primary = peers.slotmesh("--repl-ping-replica-period", "3600").port();
        RedisOracle replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());
        try (RespConnection paused = RespConnection.to(primary)) {
            Peers.ask(primary, "SET", "k", "1");
            assertThat(Peers.ask(primary, "CLIENT", "PAUSE", "100000", "WRITE")).isEqualTo(OK);
            Peers.awaitInStep(primary, replica.port());
            String offset = Peers.info(primary, "master_repl_offset");
            paused.sendCommand("SET", "k", "2");
            assertThat(Peers.ask(replica.port(), "GET", "k")).isEqualTo("$1\r\n1\r\n");
            assertThat(Peers.info(primary, "master_repl_offset")).isEqualTo(offset);

            assertThat(Peers.ask(primary, "CLIENT", "UNPAUSE")).isEqualTo(OK);

            assertThat(paused.readReplyText()).isEqualTo(OK);
        }
        assertEqual(primary, replica.port());
        assertThat(Peers.ask(replica.port(), "GET", "k")).isEqualTo("$1\r\n2\r\n");
    }

    @Test
    void shouldFeedAReplicaOfAReplica() throws Exception {
        int primary = peers.slotmesh().port();
        fill(primary);
        int middle = peers.redisReplicaOf(primary).port();
        int lower = peers.slotmeshReplicaOf(middle).port();
        int lowest = peers.redisReplicaOf(lower).port();

        Peers.ask(primary, "SET", "k", "1");

        for (int replica : List.of(middle, lower, lowest)) {
            assertEqual(primary, replica);
        }
        assertThat(Peers.info(lowest, "master_replid"))
                .isEqualTo(Peers.info(primary, "master_replid"));
    }
}
