package dev.slotmesh.gossip;

import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One seeded run: a cluster forms in a bad network, is tormented, heals, and is judged by the invariants. */
final class Chaos {
    private static final int STEPS = 60;
    private static final long HEALING_MS = 60_000;

    final SimulatedNetwork network;

    private final SplittableRandom random;
    private final Invariant.MeetEndsInMembershipOrReason meets =
            new Invariant.MeetEndsInMembershipOrReason();
    private final List<Invariant> invariants = List.of(
            new Invariant.EpochsNeverFall(),
            new Invariant.OneOwnerPerSlotAndEpoch(),
            meets,
            new Invariant.ViewsConverge());
    private final List<ClusterView> lastViews = new ArrayList<>();

    Chaos(long seed, int size) {
        network = new SimulatedNetwork(seed);
        random = network.random.split();
        for (int i = 0; i < size; i++) {
            network.add(i).start();
            lastViews.add(null);
        }
        network.afterEvent = this::checkChangedViews;
    }

    void run() {
        network.maxDelayMs = 50;
        network.lossRate = 0.05;
        network.duplicationRate = 0.05;
        shareSlots();
        for (int i = 1; i < network.nodes.size(); i++) {
            meets.meet(network.nodes.get(i), network.nodes.get(random.nextInt(i)));
        }
        for (int step = 0; step < STEPS; step++) {
            torment();
            network.runFor(random.nextInt(2_000));
        }
        heal();
        network.runFor(HEALING_MS);
        invariants.forEach(invariant -> invariant.settled(network));
    }

    private void shareSlots() {
        int size = network.nodes.size();
        for (int i = 0; i < size; i++) {
            int first = SlotSet.SLOT_COUNT * i / size;
            network.nodes.get(i).addSlots(first, SlotSet.SLOT_COUNT * (i + 1) / size - 1);
        }
    }

    private void torment() {
        SimulatedNode victim = network.nodes.get(random.nextInt(network.nodes.size()));
        switch (random.nextInt(8)) {
            case 0 -> {
                if (victim.running) {
                    victim.kill();
                }
            }
            case 1 -> {
                if (!victim.running) {
                    victim.start();
                }
            }
            case 2 -> victim.pause();
            case 3 -> victim.resume();
            case 4 -> network.partition(node -> node.number % 2 == victim.number % 2);
            case 5 -> network.heal();
            case 6 -> network.maxDelayMs = 1 + random.nextInt(400);
            default -> {
                SimulatedNode other = network.nodes.get(random.nextInt(network.nodes.size()));
                if (victim.running && other.running) {
                    meets.meet(victim, other);
                }
            }
        }
    }

    /**
     * Everything works again, and the operator meets those again that did not get together: whose MEET was told to have
     * failed, or who were restarted before it ended.
     */
    private void heal() {
        network.heal();
        network.lossRate = 0;
        network.duplicationRate = 0;
        network.maxDelayMs = 5;
        for (SimulatedNode node : network.nodes) {
            if (!node.running) {
                node.start();
            }
            node.resume();
        }
        // Handshakes of the bad time end, one way or the other.
        network.runFor(2 * network.nodes.get(0).settings.nodeTimeoutMs());
        for (int i = 1; i < network.nodes.size(); i++) {
            SimulatedNode node = network.nodes.get(i);
            SimulatedNode first = network.nodes.get(0);
            if (!node.lists(first) || !first.lists(node)) {
                meets.meet(node, first);
            }
        }
    }

    private void checkChangedViews() {
        for (int i = 0; i < network.nodes.size(); i++) {
            SimulatedNode node = network.nodes.get(i);
            if (node.view != lastViews.get(i)) {
                lastViews.set(i, node.view);
                invariants.forEach(invariant -> invariant.viewChanged(network, node));
            }
        }
    }
}
