package dev.slotmesh.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.server.oracle.RedisOracle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeLogTest {
    private static final String TIME =
            "\\d\\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \\d{4}"
                    + " \\d\\d:\\d\\d:\\d\\d\\.\\d{3}";

    @TempDir
    Path directory;

    private Path file;
    private NodeLog log;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("node.log");
        log = new NodeLog("");
        log.destination(Optional.of(file));
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void shouldWriteTheSameShapeOfLineAsRedis() {
        try (RedisOracle redis = RedisOracle.start()) {
            Pattern shape = Pattern.compile("\\d+:[CMSX] " + TIME + " [.\\-*#] .+");
            assertThat(redis.log().lines().filter(line -> line.contains("Ready to accept")))
                    .hasSize(1)
                    .allMatch(line -> shape.matcher(line).matches());
        }
        log.role(NodeLog.PRIMARY);

        log.notice("Ready to accept connections");

        assertThat(lines()).hasSize(1);
        assertThat(lines().get(0))
                .matches(ProcessHandle.current().pid() + ":M " + TIME
                        + " \\* Ready to accept connections");
    }

    @Test
    void shouldMarkLevelsAndShowThoseFromItsOwnOn() throws IOException {
        for (LogLevel level : LogLevel.values()) {
            log.level(level);
            log.debug("to " + level);
            log.verbose("to " + level);
            log.notice("to " + level);
            log.warning("to " + level);
        }

        assertThat(lines().stream().map(line -> line.replaceFirst(".*\\.\\d{3} ", "")))
                .containsExactly(
                        ". to DEBUG",
                        "- to DEBUG",
                        "* to DEBUG",
                        "# to DEBUG",
                        "- to VERBOSE",
                        "* to VERBOSE",
                        "# to VERBOSE",
                        "* to NOTICE",
                        "# to NOTICE",
                        "# to WARNING");
    }

    @Test
    void shouldTellNodesOfOneProcessApart() throws IOException {
        try (NodeLog other = new NodeLog("7003")) {
            other.destination(Optional.of(file));
            other.role(NodeLog.REPLICA);
            other.notice("hello");
        }

        assertThat(lines().get(0)).startsWith(ProcessHandle.current().pid() + "/7003:S ");
    }

    @ParameterizedTest
    @CsvSource({"1022, 1022", "1023, 1023", "1024, 1023", "5000, 1023"})
    void shouldCutLongMessages(int given, int kept) {
        log.notice("x".repeat(given));

        assertThat(lines().get(0)).endsWith(" * " + "x".repeat(kept));
    }

    @Test
    void shouldNotCutInsideACharacter() {
        log.notice("x".repeat(1022) + "\u00e9");

        assertThat(lines().get(0)).endsWith(" * " + "x".repeat(1022));
    }

    @Test
    void shouldWriteRawTextWholeAndWithoutHead() throws IOException {
        String banner = "banner ".repeat(500) + "\n";

        log.raw(LogLevel.NOTICE, banner);
        log.raw(LogLevel.DEBUG, "unseen");

        assertThat(file).content().isEqualTo(banner);
    }

    @Test
    void shouldAppendToAFileAndFollowItsRotation() throws IOException {
        Files.writeString(file, "before\n");
        log.notice("one");
        Path moved = directory.resolve("node.log.1");
        Files.move(file, moved);
        LogSink sink = new LogSink();
        sink.open(Optional.of(moved));

        sink.write("two\n".getBytes(StandardCharsets.UTF_8), 5000);
        Files.move(moved, file);
        sink.write("three\n".getBytes(StandardCharsets.UTF_8), 5999);
        sink.write("four\n".getBytes(StandardCharsets.UTF_8), 6000);
        sink.close();

        assertThat(lines()).hasSize(4);
        assertThat(lines().get(0)).isEqualTo("before");
        assertThat(lines().subList(2, 4)).containsExactly("two", "three");
        assertThat(moved).content().isEqualTo("four\n");
    }

    @Test
    void shouldStayWhereItIsWhenTheNewFileCannotBeOpened() {
        assertThatThrownBy(() -> log.destination(Optional.of(directory.resolve("none/node.log"))))
                .isInstanceOf(IOException.class);

        log.notice("still here");

        assertThat(lines()).hasSize(1);
    }

    @Test
    void shouldCountLinesThatAFullDiskRefuses() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(full));
        log.destination(Optional.of(full));

        log.notice("lost");
        log.warning("lost too");

        assertThat(log.lostLines()).isEqualTo(2);
    }

    @Test
    void shouldKeepLinesOfAllThreadsWhole() throws Exception {
        int threads = 4;
        int each = 500;
        CountDownLatch done = new CountDownLatch(threads);
        for (int thread = 0; thread < threads; thread++) {
            String message = String.valueOf((char) ('a' + thread)).repeat(200);
            new Thread(() -> {
                        for (int i = 0; i < each; i++) {
                            log.notice(message);
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();

        assertThat(lines())
                .hasSize(threads * each)
                .allMatch(line -> line.matches(".* \\* ([a-d])\\1{199}"));
    }

    @Test
    void shouldTellCauses() {
        log.warning("cannot save", new IOException("outer", new IllegalStateException("inner")));

        assertThat(lines().get(0))
                .contains("# cannot save: java.io.IOException: outer, caused by"
                        + " java.lang.IllegalStateException: inner at ");
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, 0, 01 Jan 1970 00:00:00.000",
        "UTC, 1795407476968, 23 Nov 2026 04:17:56.968",
        "UTC, 1709208000007, 29 Feb 2024 12:00:00.007",
        "America/New_York, 1795407476968, 22 Nov 2026 23:17:56.968",
        "Asia/Kolkata, 1751302800000, 30 Jun 2025 22:30:00.000",
        "UTC, -1, 31 Dec 1969 23:59:59.999",
    })
    void shouldPrintLocalTime(String zone, long nowMs, String expected) {
        LogClock clock = new LogClock(ZoneId.of(zone));

        assertThat(print(clock, nowMs)).isEqualTo(expected);
        assertThat(print(clock, nowMs + 1_000_000)).isNotEqualTo(expected);
        assertThat(print(clock, nowMs)).isEqualTo(expected);
    }

    private static String print(LogClock clock, long nowMs) {
        StringBuilder text = new StringBuilder();
        clock.append(text, nowMs);
        return text.toString();
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
