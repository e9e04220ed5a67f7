package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ServerGone;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;

/**
 * Random programs of 50 lines of all groups, each on empty servers: the replies of a node and of redis-server 7.0 agree, and
 * what is left agrees after each server's DUMP was RESTOREd in the other. A program that fails is made as short as it goes.
 *
 * <p>{@code -Dslotmesh.differential.programs=N} runs N programs instead of 300, {@code -Dslotmesh.differential.seed=S} adds S
 * to their seeds, {@code -Dslotmesh.differential.failures=F} goes on until F have failed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProgramDifferentialTest {
    private static final int PROGRAMS = Integer.getInteger("slotmesh.differential.programs", 300);
    private static final long SEED = Long.getLong("slotmesh.differential.seed", 0);
    private static final int FAILURES = Integer.getInteger("slotmesh.differential.failures", 1);
    private static final int LINES = 50;

    @AutoClose
    private RedisOracle redis;

    @AutoClose
    private Node node;

    @BeforeAll
    void start() throws Exception {
        redis = RedisOracle.start("--enable-debug-command", "yes");
        Assumptions.assumeTrue(redis.isAtLeast(7, 0), "redis-server 7.0 is compared with");
        node = EmbeddedNode.start("--enable-debug-command", "yes");
    }

    @Test
    void shouldLeaveWhatRedisLeaves(TestReporter reporter) {
        StringBuilder failures = new StringBuilder();
        int failed = 0;
        long startNanos = System.nanoTime();
        int ran = 0;
        List<CommandGroup> groups = CommandGroups.chosen();
        ServerPair servers = connect();
        try {
            for (int i = 0; i < PROGRAMS && failed < FAILURES; i++) {
                ran++;
                long seed = SEED + i;
                Program program = Program.of(seed, LINES, groups);
                Optional<String> difference = new ProgramRun(servers).differenceIn(program);
                if (difference.isPresent()) {
                    failed++;
                    // Replies may be left unread: every further run has connections of its own.
                    servers.close();
                    failures.append(new DifferingProgram(program, difference.get())
                            .shortest(this::run)
                            .report(seed));
                    servers = connect();
                }
            }
        } finally {
            servers.close();
        }
        long perSecond = ran * 1_000_000_000L / (System.nanoTime() - startNanos);
        reporter.publishEntry("programs", ran + ", " + perSecond + " a second");
        assertThat(failures.toString()).as("programs that differ").isEmpty();
    }

    private ServerPair connect() {
        ServerPair servers = new ServerPair(RespConnection.to(node.port()), connectToRedis());
        // Keys whose time has passed then go when they are met, at the same command on both sides.
        servers.send(List.of(Line.of("DEBUG", "SET-ACTIVE-EXPIRE", "0")));
        return servers;
    }

    /** There are lines that crash it; the report then says that it does not answer. */
    private RespConnection connectToRedis() {
        try {
            RespConnection client = redis.connect();
            client.call("PING");
            return client;
        } catch (UncheckedIOException | ServerGone crashed) {
            redis.kill();
            redis.restart();
            return redis.connect();
        }
    }

    private Optional<String> run(Program program) {
        try (ServerPair servers = connect()) {
            return new ProgramRun(servers).differenceIn(program);
        }
    }
}
