package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine in a simulated network with loss, delay, duplication, partitions, pauses and restarts. */
class GossipSimulationTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldKeepInvariantsInBadNetwork(long seed) {
        assertThat(run(seed)).as("seed %d, run twice", seed).isEqualTo(run(seed));
    }

    private static String run(long seed) {
        Chaos chaos = new Chaos(seed, 6);
        try {
            chaos.run();
        } catch (AssertionError | RuntimeException e) {
            fail(
                    "seed " + seed + " at " + (chaos.network.nowMs - SimulatedNetwork.START_MS)
                            + " ms: " + e.getMessage(),
                    e);
        }
        return chaos.network.messages + " messages, "
                + Long.toHexString(chaos.network.history.getValue());
    }
}
