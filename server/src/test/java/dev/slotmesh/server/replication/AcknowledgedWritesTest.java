package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code replica-ack-writes} against real processes: what was acknowledged survives the primary. */
@Timeout(240)
final class AcknowledgedWritesTest {
    private static final int WRITERS = 4;
    private static final int PIPELINE = 16;
    private static final int ENOUGH = 4000;
    private static final String OK = "+OK\r\n";

    @AutoClose
    private final Peers peers = new Peers();

    /** What one client has written and has been told is safe: the replies it got to SET, in order. */
    private record Written(int writer, List<Boolean> acknowledged) {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepEveryAcknowledgedWriteWhenThePrimaryIsKilled(boolean realReplica)
            throws Exception {
        NodeProcess primary = peers.closing(NodeProcess.start(
                peers.ownDirectory(),
                "--replica-ack-writes",
                "1",
                "--replica-ack-timeout",
                "60000",
                "--repl-diskless-sync-delay",
                "0"));
        int replica = realReplica
                ? peers.redisReplicaOf(primary.port()).port()
                : peers.slotmeshReplicaOf(primary.port()).port();
        Peers.awaitInfo(replica, "master_link_status", "up");
        AtomicLong acknowledged = new AtomicLong();

        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<Written>> writing = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writing.add(threads.submit(writer(i, primary.port(), acknowledged)));
        }
        Awaitility.await().atMost(Peers.PATIENCE).until(() -> acknowledged.get() >= ENOUGH);
        primary.kill();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Peers.ask(replica, "REPLICAOF", "NO", "ONE")).isEqualTo(OK);

        long found = 0;
        try (RespConnection client = RespConnection.to(replica)) {
            for (Future<Written> future : writing) {
                found += countAndCheck(client, future.get());
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(ENOUGH).isEqualTo(acknowledged.get());
    }

    private static Callable<Written> writer(int number, int port, AtomicLong acknowledged) {
        return () -> {
            Written written = new Written(number, new ArrayList<>());
            try (RespConnection client = RespConnection.to(port)) {
                for (int next = 0; ; next += PIPELINE) {
                    for (int i = next; i < next + PIPELINE; i++) {
                        client.sendCommand("SET", number + ":" + i, "value " + i);
                    }
                    for (int i = 0; i < PIPELINE; i++) {
                        boolean safe = client.readReplyText().equals(OK);
                        written.acknowledged.add(safe);
                        acknowledged.addAndGet(safe ? 1 : 0);
                    }
                }
            } catch (UncheckedIOException primaryIsGone) {
                return written;
            }
        };
    }

    private static long countAndCheck(RespConnection client, Written written) {
        long count = 0;
        for (int i = 0; i < written.acknowledged.size(); i++) {
            if (written.acknowledged.get(i)) {
                String value = "value " + i;
                assertThat(client.call("GET", written.writer + ":" + i))
                        .as("%s:%s was acknowledged", written.writer, i)
                        .isEqualTo("$" + value.length() + "\r\n" + value + "\r\n");
                count++;
            }
        }
        return count;
    }

    @Test
    void shouldConfirmPromptlyThoughReplicasAcknowledgeOnceASecond() throws Exception {
        int primary = peers.slotmesh("--replica-ack-writes", "2").port();
        int first = peers.redisReplicaOf(primary).port();
        int second = peers.redisReplicaOf(primary).port();
        Peers.awaitInStep(primary, first);
        Peers.awaitInStep(primary, second);
        Peers.awaitInfo(primary, "connected_slaves", "2");

        try (RespConnection client = RespConnection.to(primary)) {
            assertThat(client.call("SET", "k", "0")).isEqualTo(OK);
            long startNanos = System.nanoTime();
            for (int i = 1; i <= 50; i++) {
                assertThat(client.call("SET", "k", "" + i)).isEqualTo(OK);
                assertThat(Peers.ask(first, "GET", "k")).endsWith(i + "\r\n");
                assertThat(Peers.ask(second, "GET", "k")).endsWith(i + "\r\n");
            }
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos))
                    .as("seconds for 50 writes one after the other")
                    .isLessThan(25);
            assertThat(client.call("WAIT", "2", "0")).isEqualTo(":2\r\n");
        }
    }

    @Test
    void shouldSayWhatIsNotConfirmedInTimeAndGoOn() throws Exception {
        int primary = peers.slotmesh().port();
        var replica = peers.redisReplicaOf(primary);
        Peers.awaitInStep(primary, replica.port());
        assertThat(Peers.ask(primary, "CONFIG", "SET", "replica-ack-writes", "1"))
                .isEqualTo(OK);
        setTimeout(primary, 60_000);

        try (RespConnection client = RespConnection.to(primary)) {
            assertThat(client.call("SET", "k", "1")).isEqualTo(OK);
            setTimeout(primary, 200);
            replica.freeze();
            try {
                assertThat(client.call("SET", "k", "2"))
                        .isEqualTo("-NOREPLICAS The write was applied here, but not confirmed by 1"
                                + " replica(s) in time\r\n");
                assertThat(client.call("GET", "k")).isEqualTo("$1\r\n2\r\n");
                assertThat(client.call("CLIENT", "ACK-WRITES", "0")).isEqualTo(OK);
                assertThat(client.call("SET", "k", "3")).isEqualTo(OK);
            } finally {
                replica.goOn();
            }
            Peers.awaitInStep(primary, replica.port());
            assertThat(client.call("CLIENT", "ACK-WRITES", "1")).isEqualTo(OK);
            setTimeout(primary, 60_000);
            assertThat(client.call("SET", "k", "4")).isEqualTo(OK);
        }
        assertThat(Peers.ask(replica.port(), "GET", "k")).isEqualTo("$1\r\n4\r\n");
    }

    private static void setTimeout(int port, int ms) {
        assertThat(Peers.ask(port, "CONFIG", "SET", "replica-ack-timeout", "" + ms))
                .isEqualTo(OK);
    }

    @Test
    void shouldLoseNoMessageToTheErrorOfAWrite() throws Exception {
        int primary = peers.slotmesh("--notify-keyspace-events", "KA").port();
        setTimeout(primary, 50);
        try (RespConnection client = RespConnection.to(primary)) {
            client.call("HELLO", "3");
            client.call("PSUBSCRIBE", "*");
            assertThat(client.call("CLIENT", "ACK-WRITES", "1")).isEqualTo(OK);

            assertThat(client.call("SET", "k", "1"))
                    .startsWith(">4\r\n$8\r\npmessage\r\n")
                    .endsWith("$3\r\nset\r\n");
            assertThat(client.readReplyText()).startsWith("-NOREPLICAS ");
        }
    }

    @Test
    void shouldKeepTheDirectivesInTheConfigurationFile() throws Exception {
        Path file = Files.writeString(
                peers.ownDirectory().resolve("redis.conf"), "replica-ack-writes 0\n");
        try (NodeProcess node = NodeProcess.startFrom(file, peers.ownDirectory())) {
            assertThat(Peers.ask(node.port(), "CONFIG", "SET", "replica-ack-writes", "3"))
                    .isEqualTo(OK);
            setTimeout(node.port(), 1234);
            assertThat(Peers.ask(node.port(), "CONFIG", "REWRITE")).isEqualTo(OK);
        }
        assertThat(file).content().contains("replica-ack-writes 3\n", "replica-ack-timeout 1234\n");
    }
}
