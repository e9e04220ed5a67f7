package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FAILOVER of a Slotmesh primary to replicas of either kind. */
@Timeout(240)
final class FailoverTest {
    private static final String OK = "+OK\r\n";

    @AutoClose
    private final Peers peers = new Peers();

    private int primary;

    @BeforeEach
    void prepare() throws Exception {
        primary = peers.slotmesh().port();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHandOverWithoutLosingAWrite(boolean toRedis) throws Exception {
        int replica = toRedis
                ? peers.redisReplicaOf(primary).port()
                : peers.slotmeshReplicaOf(primary).port();
        Peers.awaitInStep(primary, replica);
        try (RespConnection client = RespConnection.to(primary)) {
            for (int i = 0; i < 100; i++) {
                client.call("SET", "k" + i, "v");
            }
            assertThat(client.call("FAILOVER")).isEqualTo(OK);
            client.sendCommand("SET", "late", "1");
            assertThat(client.readReplyText())
                    .as("put off until this is a replica, or made before")
                    .startsWith("-READONLY ");
        }

        Peers.awaitInfo(replica, "role", "master");
        Peers.awaitInfo(primary, "role", "slave");
        Peers.awaitInfo(primary, "master_failover_state", "no-failover");
        assertThat(Peers.info(primary, "master_port")).isEqualTo("" + replica);
        Peers.ask(replica, "SET", "new", "1");
        Peers.awaitInStep(replica, primary);
        assertThat(Peers.digest(primary)).isEqualTo(Peers.digest(replica));
        assertThat(Peers.ask(primary, "DBSIZE")).isEqualTo(":101\r\n");
        assertThat(Peers.info(replica, "sync_full")).as("a partial resync").isEqualTo("0");
        assertThat(Peers.info(replica, "sync_partial_ok")).isEqualTo("1");
    }

    @Test
    void shouldChooseTheReplicaThatIsNamed() throws Exception {
        RedisOracle first = peers.redisReplicaOf(primary);
        RedisOracle second = peers.redisReplicaOf(primary);
        Stream.of(first, second).forEach(each -> Peers.awaitInStep(primary, each.port()));

        assertThat(Peers.ask(primary, "FAILOVER", "TO", "127.0.0.1", "" + second.port()))
                .isEqualTo(OK);

        Peers.awaitInfo(second.port(), "role", "master");
        Peers.awaitInStep(second.port(), primary);
        assertThat(Peers.info(first.port(), "role")).isEqualTo("slave");
    }

    @Test
    void shouldGiveUpWhenTheTimeIsOverOrItIsAborted() throws Exception {
        RedisOracle replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());
        replica.freeze();
        try (RespConnection client = RespConnection.to(primary);
                RespConnection paused = RespConnection.to(primary)) {
            assertThat(client.call("SET", "k", "1")).isEqualTo(OK);
            assertThat(client.call("FAILOVER", "TIMEOUT", "300")).isEqualTo(OK);
            assertThat(client.call("FAILOVER")).isEqualTo("-ERR FAILOVER already in progress.\r\n");
            paused.sendCommand("SET", "k", "2");
            assertThat(Peers.info(primary, "master_failover_state")).isEqualTo("waiting-for-sync");
            assertThat(paused.readReplyText()).as("after the time").isEqualTo(OK);
            Peers.awaitInfo(primary, "master_failover_state", "no-failover");

            assertThat(client.call("FAILOVER")).isEqualTo(OK);
            paused.sendCommand("SET", "k", "3");
            assertThat(client.call("FAILOVER", "ABORT")).isEqualTo(OK);
            assertThat(paused.readReplyText()).isEqualTo(OK);
            assertThat(client.call("FAILOVER", "ABORT"))
                    .isEqualTo("-ERR No failover in progress.\r\n");
        } finally {
            replica.goOn();
        }
        assertThat(Peers.info(primary, "role")).isEqualTo("master");
        Peers.awaitInStep(primary, replica.port());
        assertThat(Peers.ask(replica.port(), "GET", "k")).isEqualTo("$1\r\n3\r\n");
    }

    @Test
    void shouldForceAReplicaThatLacksSomething() throws Exception {
        RedisOracle replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());
        replica.freeze();
        try {
            Peers.ask(primary, "SET", "k", "1");
            assertThat(Peers.ask(
                            primary,
                            "FAILOVER",
                            "TO",
                            "127.0.0.1",
                            "" + replica.port(),
                            "FORCE",
                            "TIMEOUT",
                            "100"))
                    .isEqualTo(OK);
            Peers.awaitInfo(primary, "master_failover_state", "failover-in-progress");
        } finally {
            replica.goOn();
        }
        Peers.awaitInfo(replica.port(), "role", "master");
        Peers.awaitInStep(replica.port(), primary);
        assertThat(Peers.digest(primary)).isEqualTo(Peers.digest(replica.port()));
    }
}
