package dev.slotmesh.server.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class RedisOracleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void shouldAnswerByteForByteInBothProtocols() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
            assertThat(client.call("SET", "k", "a\r\nb\u00ff")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "k")).isEqualTo("$5\r\na\r\nb\u00ff\r\n");
            assertThat(client.call("GET", "missing")).isEqualTo("$-1\r\n");
            assertThat(client.call("MGET", "k", "missing"))
                    .isEqualTo("*2\r\n$5\r\na\r\nb\u00ff\r\n$-1\r\n");

            assertThat(client.call("HELLO", "3")).startsWith("%7\r\n$6\r\nserver\r\n");

            assertThat(client.call("GET", "missing")).isEqualTo("_\r\n");
            assertThat(client.call("CONFIG", "GET", "hz"))
                    .isEqualTo("%1\r\n$2\r\nhz\r\n$2\r\n10\r\n");
            assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void shouldSendPipelinesAndRawBytes() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            client.send("PING\r\n*1\r\n$4\r\nPI".getBytes(StandardCharsets.US_ASCII));
            client.send("NG\r\n".getBytes(StandardCharsets.US_ASCII));
            client.sendCommand("ECHO", "x");

            assertThat(client.readReplyText()).isEqualTo("+PONG\r\n");
            assertThat(client.readReplyText()).isEqualTo("+PONG\r\n");
            assertThat(client.readReplyText()).isEqualTo("$1\r\nx\r\n");
        }
    }

    @Test
    void shouldNoticeThatTheServerClosedTheConnection() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            client.call("QUIT");

            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void shouldComeBackAfterKillOnTheSamePortWithItsFiles() {
        try (RedisOracle redis =
                RedisOracle.start("--appendonly", "yes", "--appendfsync", "always")) {
            try (RespConnection client = redis.connect()) {
                client.call("SET", "k", "v");
            }

            redis.kill();
            assertThat(redis.isAlive()).isFalse();
            redis.restart();

            try (RespConnection client = redis.connect()) {
                assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
            }
        }
    }

    @Test
    void shouldLeaveNothingBehind() {
        RedisOracle redis = RedisOracle.start("--cluster-enabled", "yes");
        Path directory = redis.directory();
        assertThat(directory.resolve("nodes.conf")).exists();

        redis.close();

        assertThat(redis.isAlive()).isFalse();
        assertThat(Files.exists(directory)).isFalse();
    }

    @Test
    void shouldFailWithTheLogWhenTheServerRefusesItsArguments() {
        Assumptions.assumeTrue(RedisOracle.available());

        assertThatThrownBy(() -> RedisOracle.start("--no-such-directive", "x"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("FATAL CONFIG FILE ERROR");
    }

    @Test
    void shouldTellHowAServerEndedThatRefusesAConnection() {
        try (RedisOracle redis = RedisOracle.start()) {
            ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();
            Awaitility.await().atMost(PATIENCE).until(() -> !redis.isAlive());

            assertThatThrownBy(() -> RespConnection.to(redis.port()))
                    .isInstanceOf(ServerGone.class)
                    .hasMessageContaining("port " + redis.port())
                    .hasMessageContaining("has ended by itself with code 137")
                    .hasMessageContaining("Ready to accept connections");
        }
    }

    @Test
    void shouldTakeARefusalAsOneAfterAnEndThatWasAskedFor() {
        try (RedisOracle redis = RedisOracle.start()) {
            try (RespConnection client = redis.connect()) {
                client.sendCommand("SHUTDOWN");
            }
            Awaitility.await().atMost(PATIENCE).until(() -> !redis.isAlive());
            assertThatThrownBy(redis::connect)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("with code 0");

            redis.restart();
            redis.kill();

            assertThatThrownBy(redis::connect)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("was ended by the test");
        }
    }

    @Test
    void shouldGiveNoPortOfClients() {
        assertThat(FreePorts.ports("32768\t60999\n")).startsWith(10_000).endsWith(19_999);
        assertThat(FreePorts.ports("15000 30000")).startsWith(30_001).endsWith(40_000);
        assertThat(FreePorts.ports("1024 65535")).hasSize(10_000);
        assertThat(FreePorts.next()).isNotEqualTo(FreePorts.next());
    }

    @Test
    void shouldUnpackAnEmbeddedBinaryThatRuns() throws Exception {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64"));

        Optional<Path> binary = RedisBinary.unpack("/redis-server-6.2.6-v5-linux-amd64");

        assertThat(binary).isPresent();
        Process version = new ProcessBuilder(binary.get().toString(), "--version")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("Redis server v=6.2");
        assertThat(version.waitFor()).isZero();
    }
}
