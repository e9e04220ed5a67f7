package dev.slotmesh.server.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.local.LocalCluster;
import dev.slotmesh.server.oracle.LinkProxy;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Migrations that come to nothing: the slots stay where they were, with every key, and the target has none of them. */
@Timeout(180)
final class FailedMigrationTest {
    private static final int FIRST = 0;
    private static final int LAST = 199;
    private static final int KEYS = 300;
    private static Migrating cluster;
    private static LinkProxy proxy;

    private final List<String> keys = Migrating.keys("key", FIRST, LAST, KEYS);

    @BeforeAll
    static void start() throws Exception {
        cluster = Migrating.start(LocalCluster.Options.nodes(2));
        proxy = cluster.behindProxy(1);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        cluster.close();
    }

    @BeforeEach
    void fill() {
        try (RespConnection client = cluster.connect(0)) {
            for (String key : keys) {
                client.sendCommand("SET", key, "value of " + key);
            }
            keys.forEach(key -> assertThat(client.readReplyText()).isEqualTo("+OK\r\n"));
        }
    }

    private void assertNothingChanged() {
        assertThat(cluster.owns(0, FIRST)).isTrue();
        assertThat(cluster.owns(0, LAST)).isTrue();
        await().atMost(Migrating.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.keysIn(1, FIRST, LAST)).isZero());
        assertThat(cluster.keysIn(0, FIRST, LAST)).isEqualTo(KEYS);
        await().atMost(Migrating.PATIENCE).until(() -> cluster.isIdle(0) && cluster.isIdle(1));
        assertServes(0);
    }

    private void assertServes(int node) {
        try (RespConnection client = cluster.connect(node)) {
            for (String key : keys) {
                client.sendCommand("APPEND", key, "!");
            }
            for (String key : keys) {
                assertThat(client.readReplyText())
                        .isEqualTo(":" + ("value of " + key + "!").length() + "\r\n");
            }
        }
    }

    @Test
    void shouldTellWhatIsWrongWithAnOrder() {
        String id = cluster.id(1);

        assertThat(cluster.migrate(0, 0, 0, 1)).startsWith("-ERR");
        assertThat(cluster.migrate(1, 0, 0, 1)).startsWith("-ERR");
        assertThat(cluster.call(0, "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "x", "NODE", id))
                .isEqualTo("-ERR Invalid or out of range slot\r\n");
        assertThat(cluster.call(0, "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "5", "4", "NODE", id))
                .isEqualTo("-ERR start slot number 5 is greater than end slot number 4\r\n");
        assertThat(cluster.call(
                        0, "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "3", "3", "4", "NODE", id))
                .isEqualTo("-ERR Slot ranges in migrations overlap\r\n");
        assertThat(cluster.call(0, "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "3", "NODE", "x"))
                .isEqualTo("-ERR Invalid node name: x\r\n");
        assertThat(cluster.call(0, "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "3", "NODES", id))
                .isEqualTo("-ERR syntax error\r\n");
        assertThat(cluster.call(0, "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "3"))
                .startsWith("-ERR wrong number of arguments");
        assertThat(cluster.call(0, "CLUSTER", "CANCELSLOTMIGRATIONS"))
                .isEqualTo("-ERR No migrations ongoing\r\n");
        assertThat(cluster.call(1, "CLUSTER", "SYNCSLOTS", "TAKE", "7"))
                .isEqualTo("-ERR No slots are imported on this connection\r\n");
        assertNothingChanged();
    }

    @Test
    void shouldFailWhenTheTargetDoesNotWantTheSlots() {
        assertThat(cluster.call(1, "CLUSTER", "SETSLOT", "7", "IMPORTING", cluster.id(0)))
                .isEqualTo("+OK\r\n");
        cluster.order(0, 1, FIRST, LAST);

        cluster.awaitState(0, "failed");

        assertThat(cluster.latest(0).get(1))
                .startsWith("Received error during handshake to target: -ERR");
        cluster.call(1, "CLUSTER", "SETSLOT", "7", "STABLE");
        assertNothingChanged();
    }

    /** Whatever the last byte is that comes back from the target: one node owns the slots, and it has all keys. */
    @Test
    void shouldBearACutAfterAnyAnswer() {
        List<String> outcomes = new ArrayList<>();
        for (int bytes = 1; bytes < 46; bytes += 3) {
            proxy.cutAfter(bytes);
            cluster.order(0, 1, FIRST, LAST);
            await().atMost(Migrating.PATIENCE)
                    .until(() -> List.of("success", "failed")
                            .contains(cluster.latest(0).get(0)));
            proxy.cut();
            await().atMost(Migrating.PATIENCE).until(() -> cluster.isIdle(0) && cluster.isIdle(1));
            String outcome = cluster.latest(0).get(0);
            outcomes.add(outcome);
            int owner = outcome.equals("success") ? 1 : 0;
            await().atMost(Migrating.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(cluster.keysIn(1 - owner, FIRST, LAST)).isZero());
            assertThat(cluster.keysIn(owner, FIRST, LAST)).isEqualTo(KEYS);
            assertThat(cluster.owns(owner, FIRST)).isTrue();
            assertThat(cluster.owns(1 - owner, FIRST)).isFalse();
            if (owner == 1) {
                cluster.order(1, 0, FIRST, LAST);
                cluster.awaitState(1, "success");
            }
        }
        System.out.println("cuts: " + outcomes);
        assertThat(outcomes).contains("success", "failed");
        assertNothingChanged();
    }

    @Test
    void shouldBeCancelled() {
        hold();

        assertThat(cluster.call(0, "CLUSTER", "CANCELSLOTMIGRATIONS", "ALL")).isEqualTo("+OK\r\n");

        cluster.awaitState(0, "cancelled");
        proxy.cut();
        cluster.awaitState(1, "failed");
        assertNothingChanged();
    }

    @Test
    void shouldFailWhenTheSourceIsEmptied() {
        hold();

        assertThat(cluster.call(0, "FLUSHALL")).isEqualTo("+OK\r\n");

        cluster.awaitState(0, "failed");
        proxy.cut();
        assertThat(cluster.latest(0).get(1)).contains("FLUSHALL");
        cluster.awaitState(1, "failed");
        fill();
        assertNothingChanged();
    }

    @Test
    void shouldFailWhenTheTargetIsEmptied() {
        hold();

        assertThat(cluster.call(1, "FLUSHDB")).isEqualTo("+OK\r\n");

        cluster.awaitState(1, "failed");
        proxy.cut();
        cluster.awaitState(0, "failed");
        assertNothingChanged();
    }

    @Test
    void shouldFailWhenMoreIsWrittenThanMayWait() {
        cluster.call(0, "CONFIG", "SET", "client-output-buffer-limit", "replica 1mb 0 0");
        hold();
        proxy.hold();

        try (RespConnection client = cluster.connect(0)) {
            String value = "x".repeat(1_000_000);
            for (int i = 0; i < 40; i++) {
                client.sendCommand("SET", keys.get(i), value);
            }
            for (int i = 0; i < 40; i++) {
                assertThat(client.readReplyText()).isEqualTo("+OK\r\n");
            }
        }

        cluster.awaitState(0, "failed");
        proxy.cut();
        assertThat(cluster.latest(0).get(1)).contains("1048576 bytes of changes");
        cluster.call(0, "CONFIG", "SET", "client-output-buffer-limit", "replica 256mb 64mb 60");
        fill();
        assertNothingChanged();
    }

    /** A job whose target has all keys and is not heard any more. */
    private void hold() {
        proxy.holdAnswersAfter("+OK\r\n".length());
        cluster.order(0, 1, FIRST, LAST);
        cluster.awaitState(0, "streaming");
        await().atMost(Migrating.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.keysIn(1, FIRST, LAST)).isEqualTo(KEYS));
    }
}
