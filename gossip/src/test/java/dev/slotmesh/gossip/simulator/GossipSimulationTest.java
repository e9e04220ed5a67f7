package dev.slotmesh.gossip.simulator;

import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The machine in a bad network, on hosts that stop, crash and come back. */
class GossipSimulationTest {
    private static final NodeSettings SETTINGS = NodeSettings.withNodeTimeoutMs(5_000);

    private static final List<NodeKind> MIXED = List.of(
            NodeKind.SLOTMESH,
            NodeKind.STOCK,
            NodeKind.STOCK,
            NodeKind.SLOTMESH,
            NodeKind.SLOTMESH,
            NodeKind.STOCK);

    static LongStream seeds() {
        return SeededRuns.seeds(12);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepInvariantsInBadNetwork(long seed) {
        SeededRuns.runTwice(
                seed, each -> new Chaos(each, Collections.nCopies(6, NodeKind.SLOTMESH), SETTINGS));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepInvariantsBesideStockNodes(long seed) {
        SeededRuns.runTwice(seed, each -> new Chaos(each, MIXED, SETTINGS));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepInvariantsWithReplicas(long seed) {
        List<NodeKind> kinds = Collections.nCopies(7, NodeKind.SLOTMESH);
        SeededRuns.runTwice(seed, each -> new Chaos(each, kinds, SETTINGS, 3));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepInvariantsWithReplicasOfBothKinds(long seed) {
        SeededRuns.runTwice(seed, each -> new Chaos(each, MIXED, SETTINGS, 3));
    }
}
