package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.StartFailure;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ToolRun;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by either server and loaded by the other: same keys, values, encodings, deadlines, digests. */
@Timeout(120)
final class RdbInteropTest {
    private static final String FILE = "dump.rdb";
    private static final String LIBRARY =
            "#!lua name=kept\nredis.register_function('f', function() return 7 end)";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldLoadWhatRedisWrote(String compressing) throws Exception {
        try (RedisOracle redis = redis("--rdbcompression", compressing);
                RespConnection theirs = redis.connect()) {
            EveryEncoding.fill(theirs);
            assertThat(theirs.call("SAVE")).isEqualTo("+OK\r\n");
            Files.copy(redis.directory().resolve(FILE), directory.resolve(FILE));
            forgetHowStringsWereMade(theirs);

            try (Node node = node();
                    RespConnection ours = RespConnection.to(node.port())) {
                assertSame(ours, theirs);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldWriteWhatRedisLoads(String compressing) throws Exception {
        try (Node node = node("--rdbcompression", compressing);
                RespConnection ours = RespConnection.to(node.port());
                RedisOracle redis = redis()) {
            EveryEncoding.fill(ours);
            assertThat(ours.call("SAVE")).isEqualTo("+OK\r\n");
            redis.kill();
            Files.copy(directory.resolve(FILE), redis.directory().resolve(FILE));

            redis.restart();
            forgetHowStringsWereMade(ours);

            try (RespConnection theirs = redis.connect()) {
                assertSame(ours, theirs);
            }
            assertThat(ToolRun.ofRedis(
                                    "redis-check-rdb", directory.resolve(FILE).toString())
                            .output())
                    .contains("RDB looks OK!");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-6-forms.rdb", "redis-10-forms.rdb"})
    void shouldLoadOlderFormsAsRedisDoes(String name) throws Exception {
        try (RedisOracle redis = redis()) {
            redis.kill();
            for (Path target : List.of(directory, redis.directory())) {
                try (InputStream file = getClass().getResourceAsStream(name)) {
                    Files.copy(file, target.resolve(FILE));
                }
            }
            redis.restart();

            try (Node node = node();
                    RespConnection ours = RespConnection.to(node.port());
                    RespConnection theirs = redis.connect()) {
                assertSame(ours, theirs);
            }
        }
    }

    @Test
    void shouldKeepLibrariesOfFunctions() throws Exception {
        try (RedisOracle redis = redis();
                RespConnection before = redis.connect()) {
            Assumptions.assumeTrue(redis.isAtLeast(7, 0));
            before.call("FUNCTION", "LOAD", LIBRARY);
            String listed = before.call("FUNCTION", "LIST", "WITHCODE");
            before.call("SAVE");
            Files.copy(redis.directory().resolve(FILE), directory.resolve(FILE));
            redis.kill();

            try (Node node = node();
                    RespConnection ours = RespConnection.to(node.port())) {
                assertThat(ours.call("FLUSHALL")).isEqualTo("+OK\r\n");
                assertThat(ours.call("DEBUG", "RELOAD")).isEqualTo("+OK\r\n");
                assertThat(ours.call("SAVE")).isEqualTo("+OK\r\n");
            }
            Files.delete(redis.directory().resolve(FILE));
            Files.copy(directory.resolve(FILE), redis.directory().resolve(FILE));
            redis.restart();

            try (RespConnection after = redis.connect()) {
                assertThat(after.call("FUNCTION", "LIST", "WITHCODE")).isEqualTo(listed);
                assertThat(after.call("FCALL", "f", "0")).isEqualTo(":7\r\n");
            }
        }
    }

    /** APPEND leaves a string in an encoding that a file does not tell. */
    private static void forgetHowStringsWereMade(RespConnection server) {
        assertThat(server.call("DEBUG", "RELOAD", "NOSAVE")).isEqualTo("+OK\r\n");
    }

    private static void assertSame(RespConnection ours, RespConnection theirs) {
        assertThat(Contents.differences(Contents.of(ours), Contents.of(theirs))).isEmpty();
        assertThat(ours.call("DEBUG", "DIGEST")).isEqualTo(theirs.call("DEBUG", "DIGEST"));
    }

    private static RedisOracle redis(String... directives) {
        List<String> arguments = arguments(directives);
        RedisOracle redis = RedisOracle.start(arguments.toArray(String[]::new));
        if (!redis.isAtLeast(7, 0)) {
            redis.close();
            Assumptions.abort("files of version 10 need a redis-server of 7.0 or later");
        }
        return redis;
    }

    private Node node(String... directives) throws StartFailure {
        List<String> arguments = arguments(directives);
        Collections.addAll(arguments, "--logfile", "node.log");
        return EmbeddedNode.start(directory, arguments.toArray(String[]::new));
    }

    private static List<String> arguments(String... directives) {
        List<String> arguments = new ArrayList<>(List.of(EveryEncoding.DIRECTIVES));
        Collections.addAll(arguments, "--enable-debug-command", "yes");
        Collections.addAll(arguments, directives);
        return arguments;
    }
}
