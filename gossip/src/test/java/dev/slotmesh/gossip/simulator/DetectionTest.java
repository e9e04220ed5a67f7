package dev.slotmesh.gossip.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.gossip.Notice;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How a cluster of more primaries than can all be told of everything finds out who is gone: collectors, requests to look that are
 * passed on, and the census of a primary that is cut off.
 */
class DetectionTest {
    private static final int PRIMARIES = 20;
    private static final long NODE_TIMEOUT_MS = 5_000;

    private final Simulation simulation = new Simulation(7);

    @Test
    void shouldReplaceProcessesThatEndedWithinASecond() {
        start();
        List<SimulatedNode> victims = simulation.nodes().subList(0, PRIMARIES / 2 - 1);
        ShardWatch shards = new ShardWatch(simulation, victims);

        victims.forEach(SimulatedNode::kill);
        long elapsedMs = simulation.runUntil(shards::allServed, 10_000);

        assertThat(elapsedMs).isBetween(100L, 1_000L);
    }

    /** Silence is noticed by whoever happens to ask; the others are told to look. */
    @Test
    void shouldReplaceSilentPrimaryInTime() {
        start();
        SimulatedNode victim = simulation.node(3);
        ShardWatch shards = new ShardWatch(simulation, List.of(victim));

        victim.pause();
        long elapsedMs = simulation.runUntil(shards::allServed, 10_000);

        assertThat(elapsedMs).isBetween(NODE_TIMEOUT_MS * 11 / 20, NODE_TIMEOUT_MS * 3 / 4 + 1_000);
    }

    @Test
    void shouldStopServingWhenCutOffFromTheOthers() {
        start();
        SimulatedNode victim = simulation.node(3);

        simulation.network().cut((from, to) -> from == victim || to == victim);
        long elapsedMs = simulation.runUntil(() -> !victim.outlook().stateOk(), 10_000);

        assertThat(elapsedMs).isBetween(NODE_TIMEOUT_MS * 7 / 20, NODE_TIMEOUT_MS * 3 / 4);
    }

    @Test
    void shouldStopServingOnTheSmallerSideOfACut() {
        start();
        int few = PRIMARIES / 2 - 1;
        List<SimulatedNode> minority = simulation.nodes().subList(0, few);

        simulation.network().cut((from, to) -> isAmong(few, from) != isAmong(few, to));
        long elapsedMs = simulation.runUntil(
                () -> minority.stream().noneMatch(node -> node.outlook().stateOk()), 10_000);

        assertThat(elapsedMs).isBetween(NODE_TIMEOUT_MS * 7 / 20, NODE_TIMEOUT_MS * 3 / 4);
    }

    @Test
    void shouldAccuseNobodyForPausesOfTwoSeconds() {
        start();
        for (SimulatedNode node : simulation.nodes()) {
            simulation.runFor(700);
            node.pause();
            simulation.after(2_000_000, node::resume);
        }
        simulation.runFor(5_000);

        for (SimulatedNode node : simulation.nodes()) {
            assertThat(node.notices(Notice.PossiblyFailing.class)).isEmpty();
        }
    }

    private void start() {
        for (int i = 0; i < 2 * PRIMARIES; i++) {
            simulation.add(NodeKind.SLOTMESH, NodeSettings.withNodeTimeoutMs(NODE_TIMEOUT_MS));
        }
        Clusters.start(simulation, PRIMARIES);
        simulation.runFor(10_000);
        assertThat(simulation.nodes()).allMatch(node -> node.outlook().stateOk());
    }

    private static boolean isAmong(int first, SimulatedNode node) {
        return node.number() % PRIMARIES < first;
    }
}
