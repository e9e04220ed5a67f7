package dev.slotmesh.server.resharding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.cluster.TestNode;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.TemporaryDirectory;
import dev.slotmesh.server.oracle.ToolRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Nodes of both kinds that redis-cli makes a cluster of and works on. For one thread. */
final class ToolCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final String HOST = "127.0.0.1";
    private static final String CONSENT = "yes\n".repeat(5);
    private static final int ID_LENGTH = 40;
    private static final String[] OPTIONS = {
        "--cluster-enabled",
        "yes",
        "--repl-diskless-sync-delay",
        "0",
        "--enable-debug-command",
        "yes"
    };

    private final TemporaryDirectory files = new TemporaryDirectory("tool-cluster-");
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final List<Integer> ports = new ArrayList<>();

    /** Forms a cluster of primaries by redis-cli. */
    static ToolCluster create(List<Lineup.Kind> kinds) {
        ToolCluster cluster = new ToolCluster();
        try {
            kinds.forEach(cluster::startNode);
            List<String> words = new ArrayList<>(List.of("create"));
            cluster.ports.forEach(port -> words.add(address(port)));
            words.add("--cluster-yes");
            assertThat(cluster.tool(words.toArray(String[]::new)))
                    .contains("[OK] All 16384 slots covered.");
            cluster.awaitAgreement();
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    /** Starts a node that belongs to no cluster yet; returns its port. */
    int startNode(Lineup.Kind kind) {
        int port;
        Path file = configurationFile();
        if (kind == Lineup.Kind.SLOTMESH) {
            Path home = files.path().resolve("node-" + closing.size());
            TestNode node = TestNode.startFrom(file, home, OPTIONS);
            closing.push(node::close);
            port = node.port();
        } else {
            RedisOracle redis = RedisOracle.startFrom(file, OPTIONS);
            closing.push(redis::close);
            port = redis.port();
        }
        ports.add(port);
        return port;
    }

    /** An empty one of the next node, so that CONFIG REWRITE has something to write to. */
    private Path configurationFile() {
        try {
            return Files.createFile(files.path().resolve("node-" + closing.size() + ".conf"));
        } catch (IOException noFile) {
            throw new UncheckedIOException(noFile);
        }
    }

    /** A node is not a member any more, or not yet. */
    void leave(int port) {
        ports.remove((Integer) port);
    }

    /** The ports of all members, in the order of their start. */
    List<Integer> ports() {
        return ports;
    }

    static String address(int port) {
        return HOST + ":" + port;
    }

    /** What {@code redis-cli --cluster} prints; it must end with 0. */
    String tool(String... words) {
        ToolRun run = run(words);
        assertThat(run.exitCode())
                .as("%s: %s", Arrays.asList(words), run.output())
                .isZero();
        return run.output();
    }

    /** Runs {@code redis-cli --cluster}, and says yes to whatever it asks. */
    static ToolRun run(String... words) {
        List<String> command = new ArrayList<>(List.of("redis-cli", "--cluster"));
        command.addAll(List.of(words));
        try {
            return ToolRun.of(CONSENT, command);
        } catch (IOException missing) {
            return ToolRun.ofRedis(command.toArray(String[]::new));
        }
    }

    /** One command's reply, on a connection of its own. */
    static String ask(int port, String... words) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call(words);
        }
    }

    /** Gives a command that must be answered by OK. */
    static void order(int port, String... words) {
        assertThat(ask(port, words))
                .as("%s at %d", Arrays.asList(words), port)
                .isEqualTo("+OK\r\n");
    }

    static String id(int port) {
        return ask(port, "CLUSTER", "MYID").split("\r\n")[1];
    }

    /** The port of the primary that owns a slot, as the first member sees it. */
    int owner(int slot) {
        Map<String, Integer> byId = new HashMap<>();
        ports.forEach(port -> byId.put(id(port), port));
        return nodes(ports.get(0))
                .filter(line -> slots(line).anyMatch(range -> within(range, slot)))
                .map(line -> byId.get(line.substring(0, ID_LENGTH)))
                .findFirst()
                .orElseThrow();
    }

    /** How many slots a member owns, as it says itself. */
    static int slotCount(int port) {
        return nodes(port)
                .filter(line -> line.contains("myself"))
                .flatMap(ToolCluster::slots)
                .mapToInt(range -> end(range) - start(range) + 1)
                .sum();
    }

    private static Stream<String> nodes(int port) {
        return ask(port, "CLUSTER", "NODES").lines().filter(line -> line.length() > ID_LENGTH);
    }

    private static Stream<String> slots(String line) {
        return Arrays.stream(line.split(" ")).skip(8).filter(word -> !word.startsWith("["));
    }

    private static int start(String range) {
        return Integer.parseInt(range.split("-")[0]);
    }

    private static int end(String range) {
        String[] ends = range.split("-");
        return Integer.parseInt(ends[ends.length - 1]);
    }

    private static boolean within(String range, int slot) {
        return start(range) <= slot && slot <= end(range);
    }

    /** Waits until all members tell the same of nodes and slots, find the cluster in order, and no slot is on its way. */
    void awaitAgreement() {
        await("agreement", () -> {
            List<List<String>> views =
                    ports.stream().map(ToolCluster::view).distinct().toList();
            return views.size() == 1
                    && views.get(0).size() == ports.size()
                    && ports.stream().allMatch(ToolCluster::isInOrder);
        });
    }

    private static List<String> view(int port) {
        return nodes(port)
                .map(line -> line.replace("myself,", "").replaceAll(" \\d+ \\d+ (\\d+) c", " $1 c"))
                .sorted()
                .toList();
    }

    private static boolean isInOrder(int port) {
        String nodes = ask(port, "CLUSTER", "NODES");
        return ask(port, "CLUSTER", "INFO").contains("cluster_state:ok")
                && !nodes.contains("fail")
                && !nodes.contains("handshake")
                && !nodes.contains("disconnected")
                && !nodes.contains("[");
    }

    /** Waits for something; tells what all members see when it never comes. */
    void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what).atMost(PATIENCE).pollInterval(POLL).until(() -> {
                try {
                    return condition.call();
                } catch (UncheckedIOException goneForAMoment) {
                    return false;
                }
            });
        } catch (ConditionTimeoutException never) {
            throw new AssertionError(
                    "never " + what + "\n"
                            + ports.stream()
                                    .map(port -> port + ":\n" + ask(port, "CLUSTER", "NODES"))
                                    .collect(Collectors.joining("\n")),
                    never);
        }
    }

    /**
     * Everything is where it belongs: {@code check} finds nothing, every slot has an owner, and no key is at two primaries or at
     * one that does not own its slot.
     */
    void assertInOrder() {
        awaitAgreement();
        assertThat(tool("check", address(ports.get(0))))
                .contains(
                        "[OK] All nodes agree about slots configuration.",
                        "[OK] All 16384 slots covered.")
                .doesNotContain("[ERR]", "[WARNING]");
        Map<String, Integer> places = new HashMap<>();
        for (int port : ports) {
            try (RespConnection client = RespConnection.to(port)) {
                if (!client.call("ROLE").contains("master")) {
                    continue;
                }
                for (String key : keys(port)) {
                    assertThat(places.put(key, port)).as("%s is twice", key).isNull();
                    assertThat(client.call("EXISTS", key))
                            .as("%s at %d", key, port)
                            .isEqualTo(":1\r\n");
                }
            }
        }
    }

    /** All keys of a node. */
    static List<String> keys(int port) {
        List<String> keys = new ArrayList<>();
        try (RespConnection client = RespConnection.to(port)) {
            client.sendCommand("KEYS", "*");
            String reply = client.readReplyText();
            int position = reply.indexOf("\r\n") + 2;
            while (position < reply.length()) {
                int line = reply.indexOf("\r\n", position);
                int length = Integer.parseInt(reply.substring(position + 1, line));
                keys.add(reply.substring(line + 2, line + 2 + length));
                position = line + 2 + length + 2;
            }
        }
        return keys;
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
        files.close();
    }
}
