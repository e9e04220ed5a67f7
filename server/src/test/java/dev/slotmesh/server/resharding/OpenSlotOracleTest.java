package dev.slotmesh.server.resharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.cluster.TestNode;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A slot on its way from one node to another, step by step, in a cluster of Slotmesh nodes and in one of real servers: every reply of
 * the source (S), the target (T) and the source's replica (R) compared byte for byte; only ids and ports are made equal first.
 */
@Timeout(180)
final class OpenSlotOracleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAMES = "STR";
    private static final String[] OPTIONS = {
        "--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0"
    };

    @TempDir
    static Path directory;

    private static final List<AutoCloseable> NODES = new ArrayList<>();
    private static Trio ours;
    private static Trio theirs;

    /** Source, target and replica of one kind, each with the connection that all lines go through. */
    private record Trio(List<Integer> ports, List<RespConnection> clients, List<String> ids) {
        static Trio of(List<Integer> ports) {
            List<RespConnection> clients =
                    ports.stream().map(RespConnection::to).toList();
            List<String> ids = clients.stream()
                    .map(client -> client.call("CLUSTER", "MYID").split("\r\n")[1])
                    .toList();
            return new Trio(ports, clients, ids);
        }

        RespConnection client(char name) {
            return clients.get(NAMES.indexOf(name));
        }

        /** The reply to a line like {@code S CLUSTER SETSLOT 1 MIGRATING <T>}. */
        String ask(String line) {
            String text = line.substring(2);
            for (int i = 0; i < NAMES.length(); i++) {
                text = text.replace("<" + NAMES.charAt(i) + ">", ids.get(i))
                        .replace("<port of " + NAMES.charAt(i) + ">", "" + ports.get(i));
            }
            String[] words = text.split(" ");
            for (int i = 0; i < words.length; i++) {
                words[i] = words[i].equals("''") ? "" : words[i];
            }
            String reply = client(line.charAt(0)).call(words);
            for (int i = 0; i < NAMES.length(); i++) {
                reply = reply.replace(ids.get(i), "<" + NAMES.charAt(i) + ">")
                        .replace(":" + ports.get(i), ":<port of " + NAMES.charAt(i) + ">");
            }
            return reply;
        }

        void form() {
            ask("S CLUSTER SET-CONFIG-EPOCH 1");
            ask("T CLUSTER SET-CONFIG-EPOCH 2");
            ask("S CLUSTER ADDSLOTSRANGE 101 16383");
            ask("T CLUSTER ADDSLOTSRANGE 0 100");
            ask("S CLUSTER MEET 127.0.0.1 <port of T>");
            ask("S CLUSTER MEET 127.0.0.1 <port of R>");
            awaitAll("cluster_known_nodes:3", "CLUSTER INFO");
            await().atMost(PATIENCE).until(() -> ask("R CLUSTER REPLICATE <S>").equals("+OK\r\n"));
            awaitAll("slave <S>", "CLUSTER NODES");
            awaitAll("cluster_state:ok", "CLUSTER INFO");
            await().atMost(PATIENCE).until(() -> ask("R ROLE").contains("connected"));
        }

        private void awaitAll(String text, String question) {
            for (char name : NAMES.toCharArray()) {
                await().atMost(PATIENCE).until(() -> ask(name + " " + question).contains(text));
            }
        }

        /** The slots that a node tells as its own, with their marks. */
        String marks(char name) {
            return ask(name + " CLUSTER NODES")
                    .lines()
                    .filter(line -> line.contains("myself"))
                    .map(line -> line.substring(line.indexOf("connected")))
                    .findFirst()
                    .orElseThrow();
        }

        /** Waits until the replica has all that the source has. */
        void awaitReplica() {
            await().atMost(PATIENCE).until(() -> ask("S DBSIZE").equals(ask("R DBSIZE")));
            assertThat(ask("S WAIT 1 20000")).isEqualTo(":1\r\n");
        }
    }

    @BeforeAll
    static void start() {
        List<Integer> ourPorts = new ArrayList<>();
        List<Integer> theirPorts = new ArrayList<>();
        for (char name : NAMES.toCharArray()) {
            TestNode node = TestNode.start(directory.resolve("" + name), OPTIONS);
            NODES.add(node);
            ourPorts.add(node.port());
            RedisOracle redis = RedisOracle.start(OPTIONS);
            NODES.add(redis);
            theirPorts.add(redis.port());
        }
        ours = Trio.of(ourPorts);
        theirs = Trio.of(theirPorts);
        ours.form();
        theirs.form();
    }

    @AfterAll
    static void stop() throws Exception {
        for (Trio trio : new Trio[] {ours, theirs}) {
            if (trio != null) {
                trio.clients().forEach(RespConnection::close);
            }
        }
        for (AutoCloseable node : NODES) {
            node.close();
        }
    }

    private static void compare(String... lines) {
        SoftAssertions differences = new SoftAssertions();
        for (String line : lines) {
            differences.assertThat(ours.ask(line)).as(line).isEqualTo(theirs.ask(line));
        }
        differences.assertAll();
        ours.awaitReplica();
        theirs.awaitReplica();
        for (char name : NAMES.toCharArray()) {
            assertThat(ours.marks(name)).as("marks of %s", name).isEqualTo(theirs.marks(name));
        }
    }

    @Test
    void shouldAnswerAsRedisOnTheWholeWay() {
        fill();
        refuseMarks();
        openAtTheSource();
        openAtTheTarget();
        moveKeys();
        hand();
    }

    private static void fill() {
        compare(
                "S SET {foo}a 1",
                "S SET {foo}b 2",
                "S SET {foo}c 3 EX 100000",
                "S RPUSH {foo}l 3 1 2",
                "S HSET {foo}h f v",
                "S ZADD {foo}z 1 m",
                "S CLUSTER COUNTKEYSINSLOT 12182",
                "T CLUSTER COUNTKEYSINSLOT 12182",
                "R CLUSTER COUNTKEYSINSLOT 12182",
                "R READONLY",
                "R GET {foo}a");
    }

    /** All forms and what they demand. */
    private static void refuseMarks() {
        compare(
                "S CLUSTER SETSLOT 12182",
                "S CLUSTER SETSLOT 12182 MIGRATING",
                "S CLUSTER SETSLOT 12182 IMPORTING",
                "S CLUSTER SETSLOT 12182 NODE",
                "S CLUSTER SETSLOT 12182 STABLE x",
                "S CLUSTER SETSLOT 12182 nosuch <T>",
                "S CLUSTER SETSLOT -1 MIGRATING <T>",
                "S CLUSTER SETSLOT 16384 STABLE",
                "S CLUSTER SETSLOT x STABLE",
                "S CLUSTER SETSLOT 12182 MIGRATING ffffffffffffffffffffffffffffffffffffffff",
                "S CLUSTER SETSLOT 12182 MIGRATING <R>",
                "S CLUSTER SETSLOT 12182 IMPORTING <T>",
                "S CLUSTER SETSLOT 50 MIGRATING <T>",
                "S CLUSTER SETSLOT 50 IMPORTING <R>",
                "S CLUSTER SETSLOT 50 IMPORTING nosuch",
                "S CLUSTER SETSLOT 12182 NODE <R>",
                "S CLUSTER SETSLOT 12182 NODE nosuch",
                "S CLUSTER SETSLOT 12182 NODE <T>",
                "S CLUSTER SETSLOT 12182 NODE <S>",
                "T CLUSTER SETSLOT 12182 MIGRATING <S>",
                "R CLUSTER SETSLOT 12182 MIGRATING <T>",
                "R CLUSTER SETSLOT 12182 NODE <T>",
                "R CLUSTER SETSLOT 12182 STABLE",
                "R CLUSTER SETSLOT x y",
                "S CLUSTER SETSLOT 12182 migrating <S>",
                "S CLUSTER SETSLOT 12182 stable",
                "T ASKING",
                "T GET {foo}a",
                "T RESTORE-ASKING {foo}a 0 x",
                "S MIGRATE 127.0.0.1 <port of T> {foo}a 0 5000",
                "S MIGRATE 127.0.0.1 <port of T> {foo}missing 0 5000",
                "S MIGRATE 127.0.0.1 <port of T> '' 0 5000 KEYS {foo}a bar",
                "S GET {foo}missing");
    }

    private static void openAtTheSource() {
        compare(
                "S CLUSTER SETSLOT 12182 MIGRATING <T>",
                "S CLUSTER SETSLOT 12182 MIGRATING <T>",
                "S GET {foo}a",
                "S GET {foo}missing",
                "S SET {foo}missing 1",
                "S MGET {foo}a {foo}b",
                "S MGET {foo}a {foo}missing",
                "S MGET {foo}missing {foo}none",
                "S MGET {foo}missing {foo}missing",
                "S MGET {foo}a bar",
                "S MSET {foo}a 1 {foo}new 2",
                "S MSETNX {foo}new 1 {foo}newer 2",
                "S DEL {foo}a {foo}missing",
                "S EXISTS {foo}missing {foo}missing",
                "S RENAME {foo}a {foo}new",
                "S RENAME {foo}missing {foo}a",
                "S COPY {foo}a {foo}new",
                "S LMOVE {foo}l {foo}new LEFT RIGHT",
                "S SORT {foo}l",
                "S SORT {foo}l STORE {foo}new",
                "S SINTERSTORE {foo}new {foo}s",
                "S ZUNION 2 {foo}z {foo}missing",
                "S BLPOP {foo}missing 1",
                "S BLPOP {foo}missing {foo}l 1",
                "S XREAD STREAMS {foo}missing 0",
                "S PFCOUNT {foo}missing",
                "S OBJECT ENCODING {foo}missing",
                "S WATCH {foo}missing",
                "S MULTI",
                "S GET {foo}a",
                "S GET {foo}missing",
                "S EXEC",
                "S MULTI",
                "S SET {foo}a 1",
                "S GET {foo}b",
                "S EXEC",
                "S ASKING",
                "S GET {foo}missing",
                "S PING",
                "R GET {foo}a",
                "R GET {foo}missing",
                "R MGET {foo}a {foo}missing",
                "R SET {foo}missing 1",
                "S CLUSTER SETSLOT 12182 STABLE",
                "S GET {foo}missing",
                "S CLUSTER SETSLOT 12182 MIGRATING <T>");
    }

    private static void openAtTheTarget() {
        compare(
                "T GET {foo}a",
                "T CLUSTER SETSLOT 12182 IMPORTING <S>",
                "T GET {foo}a",
                "T ASKING",
                "T GET {foo}a",
                "T GET {foo}a",
                "T ASKING",
                "T MGET {foo}a {foo}b",
                "T ASKING",
                "T MGET {foo}a {foo}a",
                "T ASKING",
                "T SET {foo}new 1",
                "T ASKING",
                "T MGET {foo}new {foo}a",
                "T ASKING",
                "T MSET {foo}new 1 {foo}newer 2",
                "T ASKING",
                "T MGET {foo}new bar",
                "T ASKING",
                "T PING",
                "T GET {foo}new",
                "T ASKING",
                "T MULTI",
                "T GET {foo}new",
                "T EXEC",
                "T MULTI",
                "T ASKING",
                "T GET {foo}new",
                "T EXEC",
                "T DISCARD",
                "T RESTORE-ASKING {foo}bad 0 x",
                "T RESTORE-ASKING {foo}bad",
                "T RESTORE-ASKING bar 0 x",
                "T RESTORE {foo}bad 0 x",
                "T CLUSTER COUNTKEYSINSLOT 12182",
                "T CLUSTER GETKEYSINSLOT 12182 10",
                "T CLUSTER SETSLOT 12182 IMPORTING <T>",
                "T CLUSTER SETSLOT 12182 IMPORTING <S>",
                "S CLUSTER SETSLOT 12182 NODE <T>");
    }

    private static void moveKeys() {
        compare(
                "S MIGRATE 127.0.0.1 <port of T> {foo}a 0 5000",
                "S GET {foo}a",
                "T ASKING",
                "T GET {foo}a",
                "S MIGRATE 127.0.0.1 <port of T> {foo}a 0 5000",
                "S MIGRATE 127.0.0.1 <port of T> bar 0 5000",
                "S MIGRATE 127.0.0.1 <port of T> {foo}b 1 5000",
                "S MIGRATE 127.0.0.1 <port of R> {foo}b 0 5000",
                "S MIGRATE 127.0.0.1 <port of T> '' 0 5000 KEYS {foo}b bar",
                "S MIGRATE 127.0.0.1 <port of T> {foo}b 0 5000 COPY",
                "S GET {foo}b",
                "S MIGRATE 127.0.0.1 <port of T> {foo}b 0 5000",
                "S MIGRATE 127.0.0.1 <port of T> '' 0 5000 KEYS {foo}missing {foo}b {foo}l",
                "S EXISTS {foo}b",
                "S EXISTS {foo}l",
                "S MIGRATE 127.0.0.1 <port of T> {foo}b 0 5000 REPLACE",
                "S CLUSTER SETSLOT 12182 NODE <T>",
                "S MULTI",
                "S MIGRATE 127.0.0.1 <port of T> {foo}c 0 5000",
                "S EXEC",
                "S MIGRATE 127.0.0.1 <port of T> '' 0 5000 KEYS {foo}h {foo}z",
                "S CLUSTER COUNTKEYSINSLOT 12182",
                "R CLUSTER COUNTKEYSINSLOT 12182",
                "S MGET {foo}a {foo}b",
                "T ASKING",
                "T MGET {foo}a {foo}b",
                "T ASKING",
                "T LRANGE {foo}l 0 -1");
    }

    private static void hand() {
        compare(
                "T CLUSTER SETSLOT 12182 NODE <T>",
                "T MGET {foo}a {foo}b {foo}none",
                "T GET {foo}c",
                "T CLUSTER SETSLOT 12182 IMPORTING <S>",
                "S CLUSTER SETSLOT 12182 NODE <T>",
                "S GET {foo}a",
                "S ASKING",
                "S GET {foo}a",
                "S MIGRATE 127.0.0.1 <port of T> {foo}a 0 5000",
                "T ZRANGE {foo}z 0 -1",
                "T SET {foo}none 1",
                "T CLUSTER COUNTKEYSINSLOT 12182");
    }
}
