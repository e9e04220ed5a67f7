package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lines of all groups from several clients of a node without sockets, in rounds: no reply and no line of the log tells
 * of a mistake of the server, and after FLUSHALL no block of memory, waiting client or watched key is left.
 *
 * <p>{@code -Dslotmesh.leak.commands=N} runs about N lines instead of 20,000, {@code -Dslotmesh.leak.seed=S} begins with that
 * seed, {@code -Dslotmesh.leak.round=R} looks for leaks after every R lines.
 */
@Timeout(3600)
final class LeakTest {
    private static final long COMMANDS = Long.getLong("slotmesh.leak.commands", 20_000);
    private static final long FIRST_SEED = Long.getLong("slotmesh.leak.seed", 1);
    private static final int LINES_A_ROUND = Integer.getInteger("slotmesh.leak.round", 4000);

    @TempDir
    private Path directory;

    @AutoClose
    private Node node;

    @BeforeEach
    void start() throws Exception {
        node = EmbeddedNode.start(
                directory,
                "--logfile",
                directory.resolve("log").toString(),
                "--enable-debug-command",
                "yes");
    }

    @Test
    void shouldLeaveNothingAfterPrograms(TestReporter reporter) throws Exception {
        long lines = 0;
        long seed = FIRST_SEED;
        long mostUsedBytes = 0;
        while (lines < COMMANDS) {
            try (Crowd crowd = new Crowd(node, new Words(new SplittableRandom(seed)))) {
                lines += crowd.play(LINES_A_ROUND);
                mostUsedBytes = Math.max(mostUsedBytes, crowd.leave());
            } catch (Exception | AssertionError mistake) {
                throw new AssertionError("seed " + seed + ": " + mistake.getMessage(), mistake);
            }
            assertThat(Files.readString(directory.resolve("log")))
                    .as("log after seed %d", seed)
                    .doesNotContain("mistake");
            seed++;
        }
        assertThat(mostUsedBytes).as("bytes in use before a round's end").isPositive();
        reporter.publishEntry("lines", lines + " of seeds " + FIRST_SEED + " to " + (seed - 1));
        reporter.publishEntry("blocks moved", "" + node.keyspace().compaction().movedCount());
    }
}
