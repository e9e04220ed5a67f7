package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the operating system says of a node that is written to far beyond {@code maxmemory}, also when the sizes of values change.
 * The JVM's own base is what is resident, without what the arena then has, after writes of all sizes far beyond a small limit, so
 * that the code that makes room is there too; its heap is touched from the start, and one compiler is enough.
 */
@Timeout(120)
final class MemoryBoundTest {
    private static final long MEBIBYTE = 1024 * 1024;
    private static final int LIMIT_MEBIBYTES = 100;
    private static final int WARM_UP_MEBIBYTES = 5;
    private static final int PIPELINE = 100;
    private static final long SEED = 20261123;

    @TempDir
    private Path directory;

    @AutoClose
    private NodeProcess node;

    @BeforeEach
    void start() {
        node = NodeProcess.start(
                List.of(
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1"),
                directory,
                "--io-threads",
                "1",
                "--maxmemory-policy",
                "allkeys-lru");
    }

    @Test
    void shouldStayWithinATenthOfTheLimitWhileSizesChange() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        try (RespConnection client = node.connect()) {
            limit(client, WARM_UP_MEBIBYTES);
            for (int size : new int[] {180, 500, 3000, 20}) {
                write(client, 50_000, 10_000_000, size, random);
            }
            client.call("FLUSHALL");
            long base = residentBytes() - arenaBytes(client);
            limit(client, LIMIT_MEBIBYTES);

            int[][] storms = {{180, 700_000}, {500, 150_000}, {3000, 40_000}, {20, 500_000}};
            for (int[] storm : storms) {
                for (int part = 0; part < 5; part++) {
                    write(client, storm[1] / 5, 10_000_000, storm[0], random);
                    double grown = (double) (residentBytes() - base) / MEBIBYTE;

                    assertThat(grown)
                            .as("MiB, values of %d bytes, part %d, seed %d", storm[0], part, SEED)
                            .isLessThan(1.1 * LIMIT_MEBIBYTES);
                }
            }
            assertThat(residentBytes() - base)
                    .as("bytes, seed " + SEED)
                    .isGreaterThan(LIMIT_MEBIBYTES * MEBIBYTE * 9 / 10);
            assertThat(client.call("INFO", "stats"))
                    .doesNotContain("evicted_keys:0\r\n", "active_defrag_hits:0\r\n");
        }
    }

    private static void limit(RespConnection client, int mebibytes) {
        assertThat(client.call("CONFIG", "SET", "maxmemory", mebibytes + "mb"))
                .isEqualTo("+OK\r\n");
    }

    /** Values of {@code size} bytes or up to a sixth less. */
    private static void write(
            RespConnection client, int requests, int keys, int size, SplittableRandom random) {
        String value = "v".repeat(size);
        for (int sent = 0; sent < requests; sent += PIPELINE) {
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            for (int i = 0; i < PIPELINE; i++) {
                String key = "key:" + random.nextInt(keys);
                int length = size - random.nextInt(size / 6);
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

    private static long arenaBytes(RespConnection client) {
        Matcher matcher =
                Pattern.compile("allocator_resident:(\\d+)").matcher(client.call("INFO", "memory"));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
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
