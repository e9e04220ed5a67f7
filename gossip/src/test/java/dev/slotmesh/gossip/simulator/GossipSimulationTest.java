package dev.slotmesh.gossip.simulator;

import java.util.Collections;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The machine in a bad network, on hosts that stop, crash and come back. */
class GossipSimulationTest {
    private static final NodeSettings SETTINGS = NodeSettings.withNodeTimeoutMs(5_000);

    static LongStream seeds() {
        return SeededRuns.seeds(12);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepInvariantsInBadNetwork(long seed) {
        SeededRuns.runTwice(
                seed, each -> new Chaos(each, Collections.nCopies(6, NodeKind.SLOTMESH), SETTINGS));
    }
}
