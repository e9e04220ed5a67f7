package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random commands of every group answered as redis-server 7.0 answers them, byte for byte.
 *
 * <p>{@code -Dslotmesh.differential.commands=N} sends N commands per run instead of 10,000, {@code
 * -Dslotmesh.differential.seed=S} adds S to the seeds, {@code -Dslotmesh.differential.group=SetGroup} sends that group's alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DifferentialTest {
    private static final int COMMANDS =
            Integer.getInteger("slotmesh.differential.commands", 10_000);
    private static final long SEED = Long.getLong("slotmesh.differential.seed", 0);

    @AutoClose
    private RedisOracle redis;

    @AutoClose
    private Node node;

    @BeforeAll
    void start() throws Exception {
        redis = RedisOracle.start("--enable-debug-command", "yes");
        Assumptions.assumeTrue(
                redis.isAtLeast(7, 0), "the replies of redis-server 7.0 are what is compared with");
        node = EmbeddedNode.start("--enable-debug-command", "yes");
    }

    @ParameterizedTest(name = "RESP{0}, seed {1}")
    @CsvSource({"2, 20261", "3, 20262"})
    void shouldAnswerAsRedisDoes(int protocol, long seed) {
        try (RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = redis.connect()) {
            for (RespConnection client : List.of(ours, theirs)) {
                client.call("HELLO", Integer.toString(protocol));
                // Keys whose time has passed then go when they are met, at the same command on both
                // sides.
                assertThat(client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0")).isEqualTo("+OK\r\n");
                assertThat(client.call("FLUSHALL")).isEqualTo("+OK\r\n");
            }

            new Comparison(ours, theirs, seed + SEED, CommandGroups.chosen()).run(COMMANDS);
        }
    }
}
