package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ManualFailover;

import java.util.List;
import java.util.SplittableRandom;

/** One seeded run: a cluster forms in a bad network, is tormented, heals, and is judged by the invariants. */
final class Chaos implements SeededRuns.Scenario {
    private static final int STEPS = 60;
    private static final long HEALING_MS = 60_000;

    private final Simulation simulation;

    private final SplittableRandom random;
    private final MeetEndsInMembershipOrReason meets = new MeetEndsInMembershipOrReason();

    /** How many of the nodes start as primaries of a formed cluster, the others as their replicas; 0 to have them MEET. */
    private final int primaries;

    /** A cluster that is formed by MEETs. */
    Chaos(long seed, List<NodeKind> kinds, NodeSettings settings) {
        this(seed, kinds, settings, 0);
    }

    Chaos(long seed, List<NodeKind> kinds, NodeSettings settings, int primaries) {
        this.primaries = primaries;
        // Sharing what was decoded would hide a receiver that changes it: some seeds do without.
        simulation = new Simulation(seed, seed % 3 == 0);
        random = simulation.random().split();
        List.of(
                        new EpochsNeverFall(),
                        new OneOwnerPerSlotAndEpoch(),
                        new NoSecondVote(),
                        meets,
                        new OutlooksConverge())
                .forEach(simulation::watch);
        kinds.forEach(kind -> simulation.add(kind, settings));
    }

    @Override
    public Simulation simulation() {
        return simulation;
    }

    @Override
    public void run() {
        Network network = simulation.network();
        network.conditions(new Conditions(Latency.between(0, 50_000), 0.05, 0.05, 0.02, 0));
        if (primaries > 0) {
            Clusters.start(simulation, primaries);
            simulation.runFor(10_000);
        } else {
            simulation.nodes().forEach(SimulatedNode::start);
            shareSlots();
            for (int i = 1; i < simulation.nodes().size(); i++) {
                meets.meet(simulation.node(i), simulation.node(random.nextInt(i)));
            }
        }
        for (int step = 0; step < STEPS; step++) {
            torment(network);
            simulation.runFor(random.nextInt(2_000));
        }
        heal(network);
        simulation.runFor(HEALING_MS);
        simulation.checkSettled();
    }

    private void shareSlots() {
        int size = simulation.nodes().size();
        for (SimulatedNode node : simulation.nodes()) {
            int first = SlotSet.SLOT_COUNT * node.number() / size;
            node.addSlots(first, SlotSet.SLOT_COUNT * (node.number() + 1) / size - 1);
        }
    }

    private void torment(Network network) {
        SimulatedNode victim = anyNode();
        switch (random.nextInt(13)) {
            case 0 -> {
                if (victim.running()) {
                    victim.kill();
                }
            }
            case 1, 2 -> {
                if (!victim.running()) {
                    victim.start();
                }
            }
            case 3 -> {
                if (victim.running()) {
                    victim.loseHost(random.nextBoolean());
                }
            }
            case 4 -> victim.pause();
            case 5, 6 -> victim.resume();
            case 7 -> network.cut((a, b) -> (a.number() ^ b.number()) % 2 != 0);
            case 8 -> network.cut((from, to) -> from == victim && to.number() % 3 != 0);
            case 9 -> network.heal();
            case 10 ->
                network.conditions(network.conditions()
                        .withLatency(
                                new Latency(0, 1_000 + random.nextInt(400_000), 0.1, 200_000)));
            case 11 -> {
                if (victim.running()) {
                    victim.failover(
                            random.nextBoolean()
                                    ? ManualFailover.Kind.AGREED
                                    : ManualFailover.Kind.FORCE);
                }
            }
            default -> {
                SimulatedNode other = anyNode();
                if (victim.running() && other.running()) {
                    meets.meet(victim, other);
                }
            }
        }
        SimulatedNode host = anyNode();
        // A stock node whose clock goes back sits out the difference.
        if (random.nextInt(10) == 0 && host.kind() == NodeKind.SLOTMESH) {
            host.setClockAhead(random.nextInt(20_000) - 10_000);
        }
    }

    private SimulatedNode anyNode() {
        return simulation.node(random.nextInt(simulation.nodes().size()));
    }

    /**
     * Everything works again, and the operator meets those again that did not get together: whose MEET was told to have
     * failed, or who were restarted before it ended.
     */
    private void heal(Network network) {
        network.heal();
        network.conditions(Conditions.of(Latency.between(0, 5_000)));
        for (SimulatedNode node : simulation.nodes()) {
            if (!node.running()) {
                node.start();
            }
            node.resume();
        }
        // Handshakes of the bad time end, one way or the other.
        SimulatedNode first = simulation.node(0);
        simulation.runFor(2 * first.settings().nodeTimeoutMs());
        for (SimulatedNode node : simulation.nodes()) {
            if (node != first && (!node.lists(first) || !first.lists(node))) {
                meets.meet(node, first);
            }
        }
    }
}
