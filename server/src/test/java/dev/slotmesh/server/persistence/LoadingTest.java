package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.StartFailure;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients and operators see of a load: while it goes on, and when the file is wrong. */
@Timeout(120)
final class LoadingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int KEYS = 2000;
    private static final String LOADING = "-LOADING Redis is loading the dataset in memory\r\n";

    @TempDir
    private Path directory;

    private final int port = RedisOracle.freePort();
    private Path file;

    @BeforeEach
    void save() throws Exception {
        file = directory.resolve("dump.rdb");
        try (Node node = start();
                RespConnection client = RespConnection.to(node.port())) {
            client.call("DEBUG", "POPULATE", "" + KEYS);
            client.call("SET", "due", "v", "PX", "1");
            client.call("SET", "timed", "v", "EX", "1000000");
            assertThat(client.call("SAVE")).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void shouldAnswerLoadingAndTellHowFarItIs() throws Exception {
        CompletableFuture<Node> starting =
                CompletableFuture.supplyAsync(() -> startUnchecked("--key-load-delay", "10000"));
        try (RespConnection client = connect()) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> field(client, "loading_loaded_bytes") > 0);

            assertThat(client.call("PING")).isEqualTo(LOADING);
            assertThat(client.call("GET", "key:1")).isEqualTo(LOADING);
            assertThat(client.call("SAVE")).startsWith("-LOADING");
            assertThat(field(client, "loading")).isOne();
            assertThat(field(client, "loading_total_bytes")).isEqualTo(Files.size(file));
            assertThat(field(client, "loading_rdb_used_mem")).isPositive();
            assertThat(client.call("CONFIG", "SET", "key-load-delay", "0")).isEqualTo("+OK\r\n");

            Node node = starting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(client.call("DBSIZE")).isEqualTo(":" + (KEYS + 1) + "\r\n");
            assertThat(client.call("INFO", "persistence"))
                    .contains(
                            "\r\nloading:0\r\n",
                            "rdb_last_load_keys_expired:1\r\n",
                            "rdb_last_load_keys_loaded:" + (KEYS + 1) + "\r\n")
                    .doesNotContain("loading_");
            node.close();
        }
        assertThat(Files.readString(directory.resolve("node.log")))
                .contains(
                        "Loading RDB produced by version 7.0.15",
                        "Done loading RDB, keys loaded: " + (KEYS + 1) + ", keys expired: 1.",
                        "DB loaded from disk: ");
    }

    @Test
    void shouldRefuseADamagedFileAndSayWhere() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 0x40;
        Files.write(file, damaged);

        assertThatThrownBy(this::start)
                .isInstanceOf(StartFailure.class)
                .hasMessageMatching("Fatal error loading the DB from .*dump.rdb: at offset"
                        + " \\d+ of the file: .+\\. Exiting\\.");

        Files.write(file, Arrays.copyOf(whole, whole.length - 100));
        assertThatThrownBy(this::start)
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("at offset ")
                .hasMessageContaining("the end inside");
        assertThat(Files.size(file)).isEqualTo(whole.length - 100);
    }

    @Test
    void shouldLeaveEverythingAsItIsWhenAReloadCannotBeMerged() throws Exception {
        try (Node node = start();
                RespConnection client = RespConnection.to(port)) {
            assertThat(client.call("SET", "new", "v")).isEqualTo("+OK\r\n");
            String digest = client.call("DEBUG", "DIGEST");

            String refused = "-ERR Error trying to load the RDB dump\r\n";
            assertThat(client.call("DEBUG", "RELOAD", "NOSAVE", "NOFLUSH")).isEqualTo(refused);
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
            assertThat(client.call("DEBUG", "RELOAD", "nosave", "noflush", "merge"))
                    .isEqualTo("+OK\r\n");
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
            assertThat(client.call("DEBUG", "RELOAD", "NOSAVE")).isEqualTo("+OK\r\n");
            assertThat(client.call("EXISTS", "new")).isEqualTo(":0\r\n");
            assertThat(client.call("DEBUG", "RELOAD", "OTHER"))
                    .isEqualTo("-ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE"
                            + " options.\r\n");
            Files.delete(file);
            assertThat(client.call("DEBUG", "RELOAD", "NOSAVE")).isEqualTo(refused);
            assertThat(node.keyspace().database(0).keyCount()).isZero();
        }
    }

    private static long field(RespConnection client, String name) {
        return client.call("INFO", "persistence")
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    private RespConnection connect() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .ignoreException(UncheckedIOException.class)
                .until(() -> RespConnection.to(port), connection -> true);
    }

    private Node startUnchecked(String... directives) {
        try {
            return start(directives);
        } catch (StartFailure failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Node start(String... directives) throws StartFailure {
        List<String> arguments = new ArrayList<>(List.of("--port", "" + port));
        arguments.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--logfile", "node.log"));
        arguments.addAll(List.of("--dir", directory.toString(), "--enable-debug-command", "yes"));
        arguments.addAll(Arrays.asList(directives));
        return Node.start(Configuration.of(arguments.toArray(String[]::new)), new NodeLog(""));
    }
}
