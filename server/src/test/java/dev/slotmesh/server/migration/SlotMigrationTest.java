package dev.slotmesh.server.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.local.LocalCluster;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slots go from one node of this process to another, with keys of every type, while clients write to them. */
@Timeout(180)
final class SlotMigrationTest {
    private static final int FIRST = 0;
    private static final int LAST = 999;

    @Test
    void shouldMoveKeysOfEveryType() throws Exception {
        try (Migrating cluster = Migrating.start(
                LocalCluster.Options.nodes(2).with("--enable-debug-command", "yes"))) {
            List<String> keys = fill(cluster);
            List<String> before = digests(cluster, 0, keys);

            cluster.order(0, 1, FIRST, LAST);
            cluster.awaitState(0, "success");
            cluster.awaitState(1, "success");

            assertThat(digests(cluster, 1, keys)).isEqualTo(before);
            assertThat(cluster.call(0, "GET", keys.get(0)))
                    .isEqualTo("-MOVED " + Migrating.slotOf(keys.get(0)) + " 127.0.0.1:"
                            + cluster.port(1) + "\r\n");
            await().atMost(Migrating.PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.call(0, "DBSIZE")).isEqualTo(":0\r\n"));
            assertThat(cluster.call(1, "DBSIZE")).isEqualTo(":" + keys.size() + "\r\n");
            assertThat(cluster.call(1, "TTL", keys.get(1))).isNotEqualTo(":-1\r\n");
        }
    }

    /** One key of every type and encoding that is worth it, the second with a deadline. */
    private static List<String> fill(Migrating cluster) {
        List<String> keys = Migrating.keys("type", FIRST, LAST, 12);
        try (RespConnection client = cluster.connect(0)) {
            client.call("SET", keys.get(0), "plain");
            client.call("SET", keys.get(1), "mortal", "EX", "10000");
            client.call("SET", keys.get(2), "12345");
            for (int i = 0; i < 1000; i++) {
                client.sendCommand("RPUSH", keys.get(3), "element " + i);
                client.sendCommand("SADD", keys.get(4), "member " + i);
                client.sendCommand("ZADD", keys.get(5), "" + i / 7.0, "member " + i);
                client.sendCommand("HSET", keys.get(6), "field " + i, "value " + i);
                client.sendCommand("XADD", keys.get(7), (i + 1) + "-1", "field", "value " + i);
            }
            for (int i = 0; i < 5000; i++) {
                client.readReplyText();
            }
            client.call("SADD", keys.get(8), "1", "2", "3");
            client.call("HSET", keys.get(9), "a", "1", "b", "2");
            client.call("HPEXPIRE", keys.get(9), "10000000", "FIELDS", "1", "a");
            client.call("XGROUP", "CREATE", keys.get(7), "group", "0");
            client.call(
                    "XREADGROUP",
                    "GROUP",
                    "group",
                    "me",
                    "COUNT",
                    "9",
                    "STREAMS",
                    keys.get(7),
                    ">");
            client.call("PFADD", keys.get(10), "a", "b", "c");
            client.call("SETBIT", keys.get(11), "100000", "1");
        }
        return keys;
    }

    private static List<String> digests(Migrating cluster, int node, List<String> keys) {
        List<String> command = new ArrayList<>(List.of("DEBUG", "DIGEST-VALUE"));
        command.addAll(keys);
        return Migrating.words(cluster.call(node, command.toArray(String[]::new)));
    }

    /** The target's replica has the keys before the slots change hands, the source's loses them afterwards. */
    @Test
    void shouldTakeTheReplicasOfBothSidesAlong() throws Exception {
        LocalCluster.Options options = LocalCluster.Options.nodes(4)
                .withReplicas(1)
                .with("--enable-debug-command", "yes", "--replica-ack-writes", "1");
        try (Migrating cluster = Migrating.start(options)) {
            List<String> keys = fill(cluster);
            String before = digest(cluster.port(0));

            cluster.order(0, 1, FIRST, LAST);
            cluster.awaitState(0, "success");

            assertThat(digest(cluster.port(1))).isEqualTo(before);
            for (int node = 0; node < 2; node++) {
                int primary = cluster.port(node);
                int replica = replicaOf(primary);
                String expected = node == 0 ? "+" + "0".repeat(40) + "\r\n" : before;
                await().atMost(Migrating.PATIENCE).untilAsserted(() -> {
                    assertThat(digest(primary)).isEqualTo(expected);
                    assertThat(digest(replica)).isEqualTo(expected);
                });
            }
            assertThat(cluster.call(1, "APPEND", keys.get(0), "!")).isEqualTo(":6\r\n");
        }
    }

    private static String digest(int port) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call("DEBUG", "DIGEST");
        }
    }

    private static int replicaOf(int port) {
        try (RespConnection client = RespConnection.to(port)) {
            String info = client.call("INFO", "replication");
            int at = info.indexOf("port=", info.indexOf("slave0:")) + "port=".length();
            return Integer.parseInt(info.substring(at, info.indexOf(',', at)));
        }
    }

    /** Counters that are incremented all the time: none is lost, none is made twice, multi-key commands never fail. */
    @Test
    void shouldLoseNoWriteAndMakeNoneTwice() throws Exception {
        try (Migrating cluster = Migrating.start(LocalCluster.Options.nodes(2))) {
            List<Writer> writers = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            AtomicBoolean over = new AtomicBoolean();
            for (int i = 0; i < 4; i++) {
                Writer writer = new Writer(cluster, i, over);
                Thread thread = new Thread(writer, "writer-" + i);
                writers.add(writer);
                threads.add(thread);
                thread.start();
            }

            for (int round = 0; round < 6; round++) {
                int from = round % 2;
                int done = writers.stream().mapToInt(Writer::done).sum();
                await().atMost(Migrating.PATIENCE)
                        .until(() -> writers.stream().mapToInt(Writer::done).sum() > done + 200);
                cluster.order(from, 1 - from, FIRST, LAST);
                cluster.awaitState(from, "success");
            }
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }

            for (Writer writer : writers) {
                assertThat(writer.failure()).isNull();
                assertThat(writer.counters(0)).isEqualTo(writer.expected());
            }
            assertThat(cluster.owns(0, FIRST)).isTrue();
        }
    }

    /** Increments two keys of a hash tag, alone, together and in transactions, wherever they are. */
    private static final class Writer implements Runnable {
        private final Migrating cluster;
        private final AtomicBoolean over;
        private final String first;
        private final String second;
        private volatile int done;
        private volatile String failure;
        private int node;
        private RespConnection connection;

        Writer(Migrating cluster, int number, AtomicBoolean over) {
            this.cluster = cluster;
            this.over = over;
            String tag = Migrating.keys("tag" + number, FIRST, LAST, 1).get(0);
            this.first = "{" + tag + "}a";
            this.second = "{" + tag + "}b";
        }

        int done() {
            return done;
        }

        String failure() {
            return failure;
        }

        /** Both counters after so many rounds. */
        List<String> expected() {
            return List.of("" + 3 * done, "" + 2 * done);
        }

        List<String> counters(int at) {
            return Migrating.words(cluster.call(at, "MGET", first, second));
        }

        @Override
        public void run() {
            connection = cluster.connect(node);
            try {
                while (!over.get() && failure == null) {
                    routed("INCR", first);
                    routed("INCRBY", second, "1");
                    routed("MGET", first, second);
                    transaction();
                    done = done + 1;
                }
            } finally {
                connection.close();
            }
        }

        private void routed(String... command) {
            String reply = connection.call(command);
            while (reply.startsWith("-MOVED ")) {
                follow();
                reply = connection.call(command);
            }
            check(reply);
        }

        private void follow() {
            connection.close();
            node = 1 - node;
            connection = cluster.connect(node);
        }

        private void transaction() {
            String reply = "-MOVED ";
            while (reply.startsWith("-MOVED ")) {
                connection.call("MULTI");
                String queued = connection.call("INCRBY", first, "2");
                if (queued.startsWith("-MOVED ")) {
                    connection.call("DISCARD");
                    follow();
                    continue;
                }
                connection.call("INCR", second);
                reply = connection.call("EXEC");
                if (reply.startsWith("-EXECABORT")) {
                    reply = "-MOVED ";
                }
                if (reply.startsWith("-MOVED ")) {
                    follow();
                }
            }
            check(reply);
        }

        private void check(String reply) {
            if (reply.startsWith("-")) {
                failure = reply;
            }
        }
    }
}
