package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs of all groups, from empty databases on: what replicas make of a node's stream, another node and a
 * redis-server, has the digest, the deadlines and the groups of streams that the node has; and what a node makes of
 * redis-server's stream, those of that server. A program that fails is made as short as it goes.
 *
 * <p>{@code -Dslotmesh.differential.programs=N} runs N programs instead of 60, {@code -Dslotmesh.differential.seed=S} adds S to
 * their seeds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReplayTest {
    private static final int PROGRAMS = Integer.getInteger("slotmesh.differential.programs", 60);
    private static final long SEED = Long.getLong("slotmesh.differential.seed", 0);
    private static final int LINES = 50;
    private static final int DATABASES = 3;
    private static final int FIELD_LINES = 3000;
    private static final List<String> HASHES = List.of("h1", "h2", "h3");
    private static final List<String> FIELDS = List.of("a", "b", "c", "d", "e", "f");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PATIENCE_MS = "30000";

    private final List<AutoCloseable> open = new ArrayList<>();
    private RespConnection ours;
    private RespConnection theirs;
    private List<RespConnection> oursFollowing;
    private List<RespConnection> theirsFollowing;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        RedisOracle redis = redis();
        Assumptions.assumeTrue(redis.isAtLeast(7, 0), "redis-server 7.0 is compared with");
        ours = client(node(directory));
        theirs = client(redis.port());
        String port = ours.call("CONFIG", "GET", "port").split("\r\n")[4];
        oursFollowing = List.of(client(node(directory)), client(redis().port()));
        theirsFollowing = List.of(client(node(directory)));
        follow(oursFollowing, Integer.parseInt(port));
        follow(theirsFollowing, redis.port());
        for (RespConnection primary : List.of(ours, theirs)) {
            // Keys whose time has passed then go when they are met, on either end by the primary's
            // word.
            primary.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        }
    }

    private RedisOracle redis() {
        RedisOracle redis = RedisOracle.start(
                "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0");
        open.add(redis);
        return redis;
    }

    private int node(Path directory) throws Exception {
        Node node = EmbeddedNode.start(
                Files.createTempDirectory(directory, "node-"),
                "--enable-debug-command",
                "yes",
                "--repl-diskless-sync-delay",
                "0");
        open.add(node);
        return node.port();
    }

    private RespConnection client(int port) {
        RespConnection client = RespConnection.to(port);
        open.add(client);
        return client;
    }

    private static void follow(List<RespConnection> replicas, int port) {
        for (RespConnection replica : replicas) {
            replica.call("REPLICAOF", "127.0.0.1", Integer.toString(port));
        }
        for (RespConnection replica : replicas) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() ->
                            replica.call("INFO", "replication").contains("master_link_status:up"));
        }
    }

    @AfterAll
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void shouldLeaveReplicasWithWhatThePrimaryHas() {
        for (int i = 0; i < PROGRAMS; i++) {
            long seed = SEED + i;
            Program program = comparable(Program.of(seed, LINES, CommandGroups.chosen()));
            Optional<String> difference = differenceAfter(program);
            assertThat(difference.map(text -> new DifferingProgram(program, text)
                            .shortest(this::differenceAfter)
                            .report(seed)))
                    .isEmpty();
        }
    }

    /** A replica's own configuration decides when a HyperLogLog becomes dense, so none is changed here. */
    private static Program comparable(Program program) {
        return StreamDifferentialTest.without(
                StreamDifferentialTest.withoutDamage(program),
                line -> line.words().contains("hll-sparse-max-bytes"));
    }

    private Optional<String> differenceAfter(Program program) {
        return differenceAfter(program, ours, oursFollowing)
                .map(text -> "following slotmesh: " + text)
                .or(() -> differenceAfter(program, theirs, theirsFollowing)
                        .map(text -> "following redis: " + text));
    }

    private static Optional<String> differenceAfter(
            Program program, RespConnection primary, List<RespConnection> replicas) {
        primary.call("RESET");
        primary.call("FLUSHALL");
        primary.call("HELLO", Integer.toString(program.protocol()));
        for (Line line : program.lines()) {
            primary.call(line.toArray());
        }
        primary.call("RESET");
        String replicaCount = Integer.toString(replicas.size());
        String reached = primary.call("WAIT", replicaCount, PATIENCE_MS);
        if (!reached.equals(":" + replicaCount + "\r\n")) {
            return Optional.of("replicas that have it all: " + reached);
        }
        String expected = image(primary);
        for (RespConnection replica : replicas) {
            String found = image(replica);
            if (!found.equals(expected)) {
                return Optional.of("\nprimary " + expected + "\nreplica "
                        + (replicas.indexOf(replica) + 1) + " " + found);
            }
        }
        return Optional.empty();
    }

    /** The digest of all, and what it does not cover. */
    private static String image(RespConnection server) {
        StringBuilder image = new StringBuilder(server.call("DEBUG", "DIGEST"));
        for (int database = 0; database < DATABASES; database++) {
            server.call("SELECT", Integer.toString(database));
            for (String key : keys(server)) {
                image.append(database).append(' ').append(Line.quoted(key)).append(' ');
                image.append(Line.quoted(server.call("DEBUG", "DIGEST-VALUE", key)));
                String deadline = server.call("PEXPIRETIME", key);
                image.append(deadline);
                if (server.call("TYPE", key).equals("+stream\r\n")) {
                    image.append(Line.quoted(server.call("XINFO", "GROUPS", key)));
                }
                image.append('\n');
            }
        }
        server.call("SELECT", "0");
        return image.toString();
    }

    private static TreeSet<String> keys(RespConnection server) {
        Reply.Array keys = (Reply.Array) ReplyBytes.decode(server.call("KEYS", "*"));
        return keys.elements().stream()
                .map(key -> new String(((Reply.Bulk) key).bytes(), StandardCharsets.ISO_8859_1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Commands that no redis-server 7.0 knows: a node follows a node. */
    @Test
    void shouldLeaveAReplicaWithTheDeadlinesOfFields() {
        Words words = new Words(new SplittableRandom(SEED));
        RespConnection replica = oursFollowing.get(0);
        ours.call("FLUSHALL");
        for (int i = 0; i < FIELD_LINES; i++) {
            ours.call(fieldLine(words).toArray());
        }
        assertThat(ours.call("WAIT", "1", PATIENCE_MS)).isNotEqualTo(":0\r\n");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(fields(replica)).as("seed %d", SEED).isEqualTo(fields(ours)));
        assertThat(fields(ours)).contains(":1");

        ours.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(lengths(replica)).as("seed %d", SEED).isEqualTo(lengths(ours)));
        ours.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    }

    private static Line fieldLine(Words words) {
        String hash = words.pick(HASHES);
        String field = words.pick(FIELDS);
        String other = words.pick(FIELDS);
        String ms = words.pick("1", "100000", "200000", "300000");
        String condition = words.pick("NX", "XX", "GT", "LT");
        return switch (words.below(12)) {
            case 0 -> Line.of("HPEXPIRE", hash, ms, "FIELDS", "2", field, other);
            case 1 -> Line.of("HPEXPIRE", hash, ms, condition, "FIELDS", "1", field);
            case 2 -> Line.of("HEXPIRE", hash, words.pick("0", "1000"), "FIELDS", "1", field);
            case 3 -> Line.of("HPERSIST", hash, "FIELDS", "2", field, other);
            case 4 -> Line.of("HGETEX", hash, "PX", ms, "FIELDS", "2", field, other);
            case 5 -> Line.of("HGETEX", hash, "PERSIST", "FIELDS", "1", field);
            case 6 -> Line.of("HSETEX", hash, "PX", ms, "FIELDS", "2", field, "1", other, "2.5");
            case 7 ->
                Line.of(
                        "HSETEX",
                        hash,
                        words.pick("FNX", "FXX"),
                        "KEEPTTL",
                        "FIELDS",
                        "1",
                        field,
                        ms);
            case 8 -> Line.of("HGETDEL", hash, "FIELDS", "1", field);
            case 9 -> Line.of("HINCRBYFLOAT", hash, field, "0.5");
            case 10 -> Line.of("HSETEX", hash, "PXAT", "1", "FIELDS", "1", field, "0");
            default -> Line.of("HSET", hash, field, ms);
        };
    }

    private static String fields(RespConnection server) {
        StringBuilder all = new StringBuilder();
        for (String hash : HASHES) {
            for (String field : FIELDS) {
                String state = server.call("HGET", hash, field)
                        + server.call("HPEXPIRETIME", hash, "FIELDS", "1", field);
                all.append(hash).append(field).append(' ').append(state.replace("\r\n", " "));
                all.append('\n');
            }
        }
        return all.toString();
    }

    private static String lengths(RespConnection server) {
        StringBuilder all = new StringBuilder();
        for (String hash : HASHES) {
            all.append(server.call("HLEN", hash));
        }
        return all.toString();
    }
}
