package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the operating system says of a node that is written to far beyond {@code maxmemory}. The JVM's own base is what is resident
 * after as many writes to a few keys; its heap is touched from the start, so that it does not grow later.
 */
@Timeout(120)
final class MemoryBoundTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long MEBIBYTE = 1024 * 1024;
    private static final int LIMIT_MEBIBYTES = 60;
    private static final int PIPELINE = 100;
    private static final long SEED = 20261123;

    @TempDir
    private Path directory;

    private final int port = RedisOracle.freePort();
    private Process node;

    @BeforeEach
    void start() throws IOException {
        List<String> command = new ArrayList<>();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Collections.addAll(command, java, "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");
        Collections.addAll(command, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        Collections.addAll(command, "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED");
        Collections.addAll(command, "--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED");
        Collections.addAll(command, "--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED");
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
        Collections.addAll(command, Slotmesh.class.getName(), "--port", "" + port);
        Collections.addAll(command, "--bind", "127.0.0.1", "--dir", directory.toString());
        Collections.addAll(command, "--save", "", "--io-threads", "1");
        Collections.addAll(command, "--maxmemory", LIMIT_MEBIBYTES + "mb");
        Collections.addAll(command, "--maxmemory-policy", "allkeys-lru");
        node = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        Awaitility.await().atMost(PATIENCE).until(this::answers);
    }

    @AfterEach
    void stop() throws InterruptedException {
        node.destroyForcibly().waitFor();
    }

    @Test
    void shouldStayWithinATenthOfTheLimitUnderAStormOfWrites() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        try (RespConnection client = RespConnection.to(port)) {
            write(client, 200_000, 1000, random);
            long base = residentBytes();

            write(client, 600_000, 10_000_000, random);

            double grown = (double) (residentBytes() - base) / MEBIBYTE;
            assertThat(client.call("INFO", "stats")).doesNotContain("evicted_keys:0\r\n");
            assertThat(grown)
                    .as("MiB, seed " + SEED)
                    .isBetween(0.8 * LIMIT_MEBIBYTES, 1.1 * LIMIT_MEBIBYTES);
        }
    }

    private static void write(
            RespConnection client, int requests, int keys, SplittableRandom random) {
        String value = "v".repeat(200);
        for (int sent = 0; sent < requests; sent += PIPELINE) {
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            for (int i = 0; i < PIPELINE; i++) {
                String key = "key:" + random.nextInt(keys);
                int length = 150 + random.nextInt(50);
                batch.writeBytes(("*3\r\n$3\r\nSET\r\n$" + key.length() + "\r\n" + key + "\r\n$"
                                + length + "\r\n" + value.substring(0, length) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            client.send(batch.toByteArray());
            for (int i = 0; i < PIPELINE; i++) {
                assertThat(client.readReplyText()).isEqualTo("+OK\r\n");
            }
        }
    }

    private boolean answers() throws IOException {
        if (!node.isAlive()) {
            throw new AssertionError(
                    "the node ended: " + Files.readString(directory.resolve("output")));
        }
        try (RespConnection client = RespConnection.to(port)) {
            return client.call("PING").equals("+PONG\r\n");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + node.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new AssertionError("no VmRSS of the node");
    }
}
