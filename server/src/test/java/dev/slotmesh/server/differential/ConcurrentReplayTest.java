package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.ReplicationListener;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients on several event loops of a node in cluster mode, where every slot has a lock of its own: for each key the stream
 * has the order of execution, and a transaction is one piece of it.
 *
 * <p>{@code -Dslotmesh.differential.seed=S} is the seed, {@code -Dslotmesh.replay.lines=N} sends N lines a client.
 */
final class ConcurrentReplayTest {
    private static final long SEED = Long.getLong("slotmesh.differential.seed", 0);
    private static final int LINES = Integer.getInteger("slotmesh.replay.lines", 3000);
    private static final int CLIENTS = 6;
    private static final int PIPELINE = 40;
    private static final int TRANSACTIONS = 400;
    private static final int PUSHES = 4000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private Node node;
    private RespConnection operator;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        node = EmbeddedNode.start(
                directory,
                "--cluster-enabled",
                "yes",
                "--io-threads",
                "4",
                "--enable-debug-command",
                "yes",
                "--repl-diskless-sync-delay",
                "0");
        open.add(node);
        operator = client();
        operator.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> operator.call("CLUSTER", "INFO").contains("cluster_state:ok"));
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void shouldLeaveAReplicaWithWhatManyClientsLeft() throws Exception {
        RedisOracle redis = RedisOracle.start("--enable-debug-command", "yes");
        open.add(redis);
        RespConnection replica = redis.connect();
        open.add(replica);
        replica.call("REPLICAOF", "127.0.0.1", Integer.toString(node.port()));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> replica.call("INFO", "replication").contains("master_link_status:up"));

        together(client -> program(new SplittableRandom(SEED + client)));
        long limit = node.keyspace().eviction().countedBytes() * 9 / 10;
        operator.call("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        operator.call("CONFIG", "SET", "maxmemory", Long.toString(limit));
        together(client -> program(new SplittableRandom(SEED - 1 - client)));

        operator.call("CONFIG", "SET", "maxmemory", "0");
        operator.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        operator.call("SET", "last", "1");
        assertThat(operator.call("WAIT", "1", "30000")).isEqualTo(":1\r\n");
        assertThat(replica.call("DEBUG", "DIGEST"))
                .as("seed %d", SEED)
                .isEqualTo(operator.call("DEBUG", "DIGEST"));
        assertThat(operator.call("DBSIZE")).isNotEqualTo(":0\r\n");
    }

    /** Lines of all groups but those that empty databases, in pipelines, whose replies do not matter. */
    private Callable<Void> program(SplittableRandom random) {
        Words words = new Words(random);
        return () -> {
            try (RespConnection client = RespConnection.to(node.port())) {
                for (int sent = 0; sent < LINES; sent += PIPELINE) {
                    List<Line> lines = new ArrayList<>();
                    while (lines.size() < PIPELINE) {
                        lines.addAll(words.pick(CommandGroups.chosen()).next(words));
                    }
                    lines.removeIf(ConcurrentReplayTest::isLeftOut);
                    lines.forEach(line -> client.sendCommand(line.toArray()));
                    lines.forEach(line -> client.readReply());
                }
            }
            return null;
        };
    }

    private static boolean isLeftOut(Line line) {
        return List.of("FLUSHALL", "FLUSHDB", "CONFIG", "RESET", "HELLO").contains(line.name())
                || line.words().stream().anyMatch(word -> word.startsWith("HYLL"));
    }

    @Test
    void shouldHaveTheOrderOfExecutionInTheStream() throws Exception {
        operator.call("CONFIG", "SET", "repl-diskless-sync", "no");
        try (ReplicationListener listener = ReplicationListener.to(node.port())) {
            together(client -> pushes(client, new SplittableRandom(SEED + client)));
            List<String> mark = List.of("SET", "mark", "1");
            operator.call(mark.toArray(String[]::new));

            List<String> told = new ArrayList<>();
            for (List<String> command : listener.until(mark)) {
                if (command.get(0).equals("RPUSH")) {
                    told.add(command.get(2));
                }
            }
            assertThat(told).hasSize(CLIENTS * PUSHES);
            assertThat(list("order")).as("seed %d", SEED).isEqualTo(told);
        }
    }

    /** Bursts of pushes to the one list; the next is sent before the last is answered. */
    private Callable<Void> pushes(int number, SplittableRandom random) {
        return () -> {
            try (RespConnection client = RespConnection.to(node.port())) {
                int unread = 0;
                for (int sent = 0; sent < PUSHES; ) {
                    int burst = Math.min(PUSHES - sent, 1 + random.nextInt(4));
                    for (int i = 0; i < burst; i++) {
                        client.sendCommand("RPUSH", "order", number + ":" + sent++);
                    }
                    for (; unread > 0; unread--) {
                        client.readReply();
                    }
                    unread = burst;
                }
                for (; unread > 0; unread--) {
                    client.readReply();
                }
            }
            return null;
        };
    }

    private List<String> list(String key) {
        Reply.Array elements =
                (Reply.Array) ReplyBytes.decode(operator.call("LRANGE", key, "0", "-1"));
        return elements.elements().stream()
                .map(element ->
                        new String(((Reply.Bulk) element).bytes(), StandardCharsets.US_ASCII))
                .toList();
    }

    @Test
    void shouldKeepTransactionsInOnePiece() throws Exception {
        operator.call("CONFIG", "SET", "repl-diskless-sync", "no");
        try (ReplicationListener listener = ReplicationListener.to(node.port())) {
            together(client -> transactions(client, new SplittableRandom(SEED + client)));
            List<String> mark = List.of("SET", "mark", "1");
            operator.call(mark.toArray(String[]::new));

            check(listener.until(mark));
        }
    }

    /** Transactions of several commands over the keys of one slot each, between other writes. */
    private Callable<Void> transactions(int number, SplittableRandom random) {
        return () -> {
            try (RespConnection client = RespConnection.to(node.port())) {
                for (int i = 0; i < TRANSACTIONS; i++) {
                    int size = 2 + random.nextInt(4);
                    String tag = "{" + random.nextInt(5) + "}";
                    String name = number + ":" + i + ":" + size;
                    client.sendCommand("SET", "plain" + random.nextInt(5), name);
                    client.sendCommand("MULTI");
                    for (int j = 0; j < size; j++) {
                        client.sendCommand("SET", tag + j, name + ":" + j);
                    }
                    client.sendCommand("EXEC");
                    client.sendCommand("INCR", "counter" + random.nextInt(5));
                    for (int replies = 0; replies < size + 4; replies++) {
                        client.readReply();
                    }
                }
            }
            return null;
        };
    }

    private void check(List<List<String>> stream) {
        int transactions = 0;
        Map<String, String> last = new HashMap<>();
        for (int at = 0; at < stream.size(); at++) {
            List<String> command = stream.get(at);
            if (command.get(0).equals("MULTI")) {
                String first = stream.get(at + 1).get(2);
                String name = first.substring(0, first.lastIndexOf(':'));
                int size = Integer.parseInt(name.substring(name.lastIndexOf(':') + 1));
                for (int i = 0; i < size; i++) {
                    List<String> set = stream.get(++at);
                    assertThat(set.get(2)).as("seed %d", SEED).isEqualTo(name + ":" + i);
                    last.put(set.get(1), set.get(2));
                }
                assertThat(stream.get(++at)).containsExactly("EXEC");
                transactions++;
            } else if (command.get(0).equals("SET")) {
                last.put(command.get(1), command.get(2));
            } else {
                assertThat(command.get(0)).isIn("INCR", "SELECT");
            }
        }
        assertThat(transactions).isEqualTo(CLIENTS * TRANSACTIONS);
        last.forEach((key, value) -> assertThat(operator.call("GET", key)).contains(value));
    }

    private RespConnection client() {
        RespConnection client = RespConnection.to(node.port());
        open.add(client);
        return client;
    }

    /** Something a client does, by its number. */
    private interface Task {
        Callable<Void> of(int client);
    }

    private void together(Task task) throws Exception {
        List<Future<Void>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            running.add(threads.submit(task.of(i)));
        }
        for (Future<Void> client : running) {
            client.get();
        }
    }
}
