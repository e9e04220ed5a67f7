package dev.slotmesh.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LibraryLoggerTest {
    @TempDir
    Path directory;

    private final NodeLog before = NodeLog.ofLibraries();
    private NodeLog log;

    @BeforeEach
    void listen() throws IOException {
        log = new NodeLog("");
        log.destination(Optional.of(directory.resolve("log")));
        NodeLog.useForLibraries(log);
    }

    @AfterEach
    void restore() {
        NodeLog.useForLibraries(before);
        log.close();
    }

    @Test
    void shouldBindSlf4j() {
        assertThat(LoggerFactory.getILoggerFactory()).isInstanceOf(LibraryLoggers.class);
        assertThat(LoggerFactory.getLogger("a.B")).isSameAs(LoggerFactory.getLogger("a.B"));
    }

    @Test
    void shouldBringWarningsWithArgumentsAndCausesIntoTheLog() throws IOException {
        Logger logger = LoggerFactory.getLogger("io.netty.channel.X");

        logger.warn("slow {} of {}", 1, 2);
        logger.error("failed {}", "here", new IllegalStateException("why"));

        assertThat(messages().get(0)).isEqualTo("# io.netty.channel.X: slow 1 of 2");
        assertThat(messages().get(1))
                .startsWith(
                        "# io.netty.channel.X: failed here: java.lang.IllegalStateException: why"
                                + " at ");
    }

    @Test
    void shouldNotHearTalkativeLibrariesBelowWarnings() throws IOException {
        log.level(LogLevel.DEBUG);
        Logger netty = LoggerFactory.getLogger("io.netty.util.X");
        Logger chronicle = LoggerFactory.getLogger("net.openhft.X");
        Logger other = LoggerFactory.getLogger("org.example.X");

        netty.info("a");
        netty.debug("b");
        chronicle.info("c");
        other.trace("d");
        other.info("e");

        assertThat(netty.isDebugEnabled()).isFalse();
        assertThat(chronicle.isInfoEnabled()).isFalse();
        assertThat(messages()).containsExactly(". org.example.X: d", "- org.example.X: e");
    }

    @Test
    void shouldFollowTheLevelOfTheLog() {
        Logger other = LoggerFactory.getLogger("org.example.Y");

        assertThat(other.isInfoEnabled()).isFalse();
        log.level(LogLevel.VERBOSE);
        assertThat(other.isInfoEnabled()).isTrue();
        assertThat(other.isDebugEnabled()).isFalse();
    }

    private List<String> messages() throws IOException {
        return Files.readAllLines(directory.resolve("log")).stream()
                .map(line -> line.replaceFirst(".*?\\.\\d{3} ", ""))
                .toList();
    }
}
