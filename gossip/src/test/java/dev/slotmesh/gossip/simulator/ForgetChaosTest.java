package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One FORGET, at one Slotmesh node, of a node that joined a moment ago and does not want to go, in a bad network with stock nodes
 * that are not told and gossip about it all the time.
 */
class ForgetChaosTest {
    private static final NodeSettings SETTINGS = NodeSettings.withNodeTimeoutMs(2_000);
    private static final List<NodeKind> KINDS = List.of(
            NodeKind.SLOTMESH,
            NodeKind.STOCK,
            NodeKind.SLOTMESH,
            NodeKind.SLOTMESH,
            NodeKind.STOCK,
            NodeKind.SLOTMESH);

    static LongStream seeds() {
        return SeededRuns.seeds(6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepUnwillingNodeAway(long seed) {
        NodeKind guest = seed % 3 == 0 ? NodeKind.STOCK : NodeKind.SLOTMESH;
        SeededRuns.runTwice(seed, each -> new Torment(each, guest));
    }

    private static final class Torment implements SeededRuns.Scenario {
        private static final long TORMENT_MS = 25_000;
        private static final long TOLD_MS = 45_000;
        /** Times are told in seconds and rounded down by each who tells them on. */
        private static final long AWAY_MS = 54_000;

        private final Simulation simulation;
        private final SplittableRandom random;
        private final SimulatedNode guest;

        Torment(long seed, NodeKind guestKind) {
            simulation = new Simulation(seed);
            random = simulation.random().split();
            KINDS.forEach(kind -> simulation.add(kind, SETTINGS));
            guest = simulation.add(guestKind, SETTINGS);
        }

        @Override
        public Simulation simulation() {
            return simulation;
        }

        @Override
        public void run() {
            List<SimulatedNode> members = simulation.nodes().subList(0, KINDS.size());
            members.forEach(SimulatedNode::start);
            guest.start();
            for (SimulatedNode member : members.subList(1, members.size())) {
                member.meet(members.get(0));
            }
            simulation.runFor(10_000);
            SimulatedNode host = members.get(random.nextInt(members.size()));
            SimulatedNode told = members.get(2 + random.nextInt(2));
            host.meet(guest);
            Violation.unless(
                    simulation.runUntil(() -> told.lists(guest), 60_000) >= 0,
                    "the guest never joined");
            Network network = simulation.network();
            network.conditions(new Conditions(Latency.between(0, 50_000), 0.02, 0.05, 0.02, 0));
            simulation.runFor(random.nextInt(3_000));

            long toldMs = simulation.elapsedMs();
            told.forget(guest.id());
            StaysAway invariant = new StaysAway(guest.id(), toldMs + AWAY_MS);
            simulation.watch(invariant);
            while (simulation.elapsedMs() < toldMs + TORMENT_MS) {
                torment(members.get(random.nextInt(members.size())), network);
                simulation.runFor(random.nextInt(1_500));
            }
            network.heal();
            network.conditions(Conditions.RACK);
            for (SimulatedNode node : simulation.nodes()) {
                if (!node.running()) {
                    node.start();
                }
                node.resume();
            }
            simulation.runFor(toldMs + TOLD_MS - simulation.elapsedMs());
            for (SimulatedNode member : members) {
                boolean lists = member.outlook().find(guest.id()) != null;
                Violation.unless(
                        member.kind() == NodeKind.STOCK || !lists,
                        "%s still lists the guest %s",
                        member.name(),
                        guest.id());
            }
            simulation.runFor(toldMs + AWAY_MS - simulation.elapsedMs());
        }

        private void torment(SimulatedNode victim, Network network) {
            switch (random.nextInt(10)) {
                case 0 -> {
                    if (victim.running()) {
                        victim.kill();
                    }
                }
                case 1 -> {
                    if (victim.running()) {
                        victim.loseHost(random.nextBoolean());
                    }
                }
                case 2, 3 -> {
                    if (!victim.running()) {
                        victim.start();
                    }
                }
                case 4 -> victim.pause();
                case 5, 6 -> victim.resume();
                case 7 -> network.cut((from, to) -> from == victim && to.number() % 2 == 0);
                case 8 -> network.heal();
                default -> {
                    if (guest.running()) {
                        guest.kill();
                    }
                    guest.start();
                }
            }
        }
    }

    /** A Slotmesh node that has forgotten a node, asked or told, does not list it again while its time lasts. */
    private static final class StaysAway implements Invariant {
        private final NodeId id;
        private final long untilMs;
        private final Set<SimulatedNode> forgetful = new HashSet<>();

        StaysAway(NodeId id, long untilMs) {
            this.id = id;
            this.untilMs = untilMs;
        }

        @Override
        public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
            if (node.kind() == NodeKind.STOCK || node.id().equals(id)) {
                return;
            }
            boolean lists = node.outlook().find(id) != null;
            boolean leaves = before != null && before.find(id) != null && !lists;
            if (leaves) {
                forgetful.add(node);
            }
            Violation.unless(
                    !lists || !forgetful.contains(node) || simulation.elapsedMs() >= untilMs,
                    "%s, told to forget %s, lists it again",
                    node.name(),
                    id);
        }
    }
}
