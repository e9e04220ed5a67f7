package dev.slotmesh.server.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.local.LocalCluster;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients of a node see while some of its slots go to another one, and what operators do. */
@Timeout(180)
final class MigrationClientsTest {
    private static final int FIRST = 0;
    private static final int LAST = 999;
    /** The rest of the first node's. */
    private static final int LAST_OTHER = 8191;

    private static Migrating cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = Migrating.start(LocalCluster.Options.nodes(2));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Replies stay in order, and each command is executed once, also when it had to wait in the middle of a pipeline. */
    @Test
    void shouldKeepPipelinesInOrder() throws Exception {
        Pipeline pipeline = new Pipeline();
        Thread thread = new Thread(pipeline, "pipeline");
        thread.start();

        for (int round = 0; round < 8; round++) {
            int rounds = pipeline.rounds;
            await().atMost(Migrating.PATIENCE).until(() -> pipeline.rounds > rounds + 20);
            int from = round % 2;
            cluster.order(from, 1 - from, FIRST, LAST);
            cluster.awaitState(from, "success");
        }
        pipeline.over.set(true);
        thread.join();

        assertThat(pipeline.failure).isNull();
        pipeline.counts.forEach(
                (key, count) -> assertThat(cluster.call(0, "GET", key)).contains("\r\n" + count));
    }

    /** Sends the first node pipelines over moving and other slots, and notes how often each key was incremented. */
    private static final class Pipeline implements Runnable {
        final AtomicBoolean over = new AtomicBoolean();
        final Map<String, Long> counts = new HashMap<>();
        volatile int rounds;
        volatile String failure;
        private final List<String> moving = Migrating.keys("moving", FIRST, LAST, 40);
        private final List<String> others = Migrating.keys("other", LAST + 1, LAST_OTHER, 40);

        @Override
        public void run() {
            try (RespConnection here = cluster.connect(0);
                    RespConnection there = cluster.connect(1)) {
                while (!over.get() && failure == null) {
                    pipeline(here);
                    // Counters go on where they are, or the next move would find nothing to keep.
                    for (String key : moving) {
                        there.sendCommand("INCR", key);
                    }
                    for (String key : moving) {
                        note(key, there.readReplyText());
                    }
                    rounds = rounds + 1;
                }
            }
        }

        private void pipeline(RespConnection connection) {
            for (int i = 0; i < moving.size(); i++) {
                connection.sendCommand("INCR", moving.get(i));
                connection.sendCommand("INCR", others.get(i));
                connection.sendCommand("PING", "" + i);
            }
            for (int i = 0; i < moving.size(); i++) {
                note(moving.get(i), connection.readReplyText());
                note(others.get(i), connection.readReplyText());
                String pong = connection.readReplyText();
                if (!pong.endsWith("\r\n" + i + "\r\n")) {
                    failure = "PING " + i + ": " + pong;
                }
            }
        }

        private void note(String key, String reply) {
            if (reply.startsWith("-MOVED ")) {
                return;
            }
            long next = counts.getOrDefault(key, 0L) + 1;
            if (!reply.equals(":" + next + "\r\n")) {
                failure = key + ": " + next + " expected, but " + reply;
            }
            counts.put(key, next);
        }
    }

    @Test
    void shouldSendWaitingClientsToTheNewOwner() {
        String key = Migrating.keys("list", FIRST, LAST, 1).get(0);
        try (RespConnection waiting = cluster.connect(0)) {
            waiting.sendCommand("BLPOP", key, "0");
            await().atMost(Migrating.PATIENCE)
                    .until(() -> cluster.call(0, "INFO", "clients").contains("blocked_clients:1"));

            cluster.order(0, 1, FIRST, LAST);
            cluster.awaitState(0, "success");

            assertThat(waiting.readReplyText())
                    .isEqualTo("-MOVED " + Migrating.slotOf(key) + " 127.0.0.1:" + cluster.port(1)
                            + "\r\n");
        }
        cluster.order(1, 0, FIRST, LAST);
        cluster.awaitState(1, "success");
    }

    @Test
    void shouldCarryOutSeveralJobsOfOneCommand() {
        String other = cluster.id(1);
        assertThat(cluster.call(
                        0,
                        "CLUSTER",
                        "MIGRATESLOTS",
                        "SLOTSRANGE",
                        "2000",
                        "2001",
                        "2005",
                        "2005",
                        "NODE",
                        other,
                        "SLOTSRANGE",
                        "3000",
                        "3000",
                        "NODE",
                        other))
                .isEqualTo("+OK\r\n");

        await().atMost(Migrating.PATIENCE)
                .until(() -> cluster.owns(1, 2005) && cluster.owns(1, 3000));
        cluster.awaitState(0, "success");

        List<String> told = Migrating.words(cluster.call(0, "CLUSTER", "GETSLOTMIGRATIONS"));
        assertThat(told)
                .containsSequence("slot_ranges", "2000-2001 2005-2005")
                .containsSequence("slot_ranges", "3000-3000")
                .containsSequence("operation", "EXPORT");
        assertThat(cluster.owns(0, 2002)).isTrue();
        cluster.order(1, 0, 2000, 2001);
        cluster.awaitState(1, "success");
        cluster.order(1, 0, 2005, 2005);
        cluster.awaitState(1, "success");
        cluster.order(1, 0, 3000, 3000);
        cluster.awaitState(1, "success");
    }

    @Test
    void shouldTellOfJobsInBothProtocols() {
        cluster.order(0, 1, 4000, 4000);
        cluster.awaitState(0, "success");
        String name = "\\$4\r\nname\r\n\\$40\r\n[0-9a-f]{40}\r\n";

        try (RespConnection client = cluster.connect(0)) {
            assertThat(client.call("CLUSTER", "GETSLOTMIGRATIONS"))
                    .matches("(?s)\\*\\d+\r\n\\*24\r\n" + name + "\\$9\r\noperation\r\n.*");
            client.call("HELLO", "3");
            assertThat(client.call("CLUSTER", "GETSLOTMIGRATIONS"))
                    .matches("(?s)\\*\\d+\r\n%12\r\n" + name + "\\$9\r\noperation\r\n.*");
        }
        cluster.call(0, "CONFIG", "SET", "cluster-slot-migration-log-max-len", "1");
        cluster.order(1, 0, 4000, 4000);
        cluster.awaitState(1, "success");
        await().atMost(Migrating.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.call(0, "CLUSTER", "GETSLOTMIGRATIONS"))
                        .startsWith("*1\r\n"));
        cluster.call(0, "CONFIG", "SET", "cluster-slot-migration-log-max-len", "1000");
    }

    /** Nobody comes upon keys that are still another node's. */
    @Test
    void shouldNotTellListenersOfImportedKeys() {
        String key = Migrating.keys("event", FIRST, LAST, 1).get(0);
        cluster.call(0, "SET", key, "value");
        cluster.call(1, "CONFIG", "SET", "notify-keyspace-events", "KEA");
        try (RespConnection listener = cluster.connect(1)) {
            listener.call("PSUBSCRIBE", "__key*__:*");

            cluster.order(0, 1, FIRST, LAST);
            cluster.awaitState(0, "success");
            cluster.call(1, "DEL", key);

            assertThat(listener.readReplyText())
                    .contains("__keyspace@0__:" + key)
                    .contains("del");
        }
        cluster.call(1, "CONFIG", "SET", "notify-keyspace-events", "");
        cluster.order(1, 0, FIRST, LAST);
        cluster.awaitState(1, "success");
    }
}
