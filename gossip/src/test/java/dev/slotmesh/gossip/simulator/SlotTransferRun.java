package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * A cluster of five primaries, the first two of them with a replica, with keys, clients that write, and migrations of slots from the
 * first to the second. A scenario says what goes wrong at which step.
 */
final class SlotTransferRun {
    static final int PRIMARIES = 5;
    static final int NODES = 7;

    private static final SlotSet MOVING = SlotSet.ofRange(0, 99);
    /** Slots that are looked at: two that move, one that stays with the source, one of the target's own. */
    private static final int[] PROBES = {0, 99, 2_000, 4_000};

    private static final NodeSettings SETTINGS = NodeSettings.withNodeTimeoutMs(1_000);
    private static final long WRITE_US = 12_000;
    private static final long SETTLE_MS = 9_000;
    private static final long LOOK_MS = 400;
    private static final long AGAIN_MS = 6_000;

    private final Simulation simulation;
    private final SplittableRandom random;
    private final boolean waitsForReplicas;
    private final List<NodeKeys> keys = new ArrayList<>();
    private final OneServerPerSlot servers = new OneServerPerSlot(this);
    private final BitSet[] acknowledged = new BitSet[PROBES.length];

    private BiConsumer<SlotCourier, TransferStep> faults = (courier, step) -> {};
    private SlotCourier courier;
    /** What is being carried out when nodes.conf is saved, or null. */
    private TransferStep saving;

    private int writes;
    private int migrations;

    SlotTransferRun(long seed, boolean waitsForReplicas) {
        this.waitsForReplicas = waitsForReplicas;
        simulation = new Simulation(seed);
        random = simulation.random().split();
        List.of(
                        new EpochsNeverFall(),
                        new OneOwnerPerSlotAndEpoch(),
                        new NoSecondVote(),
                        servers,
                        new OutlooksConverge())
                .forEach(simulation::watch);
        for (int i = 0; i < NODES; i++) {
            SimulatedNode node = simulation.add(NodeKind.SLOTMESH, SETTINGS);
            NodeKeys its = new NodeKeys(node, this, PROBES);
            node.keys(its);
            keys.add(its);
        }
        for (int i = 0; i < PROBES.length; i++) {
            acknowledged[i] = new BitSet();
        }
    }

    Simulation simulation() {
        return simulation;
    }

    SimulatedNode node(int number) {
        return simulation.node(number);
    }

    NodeKeys keys(SimulatedNode node) {
        return keys.get(node.number());
    }

    List<NodeKeys> keys() {
        return Collections.unmodifiableList(keys);
    }

    int[] probes() {
        return PROBES;
    }

    boolean waitsForReplicas() {
        return waitsForReplicas;
    }

    int migrations() {
        return migrations;
    }

    /** What goes wrong from now on. */
    void faults(BiConsumer<SlotCourier, TransferStep> newFaults) {
        faults = newFaults;
    }

    /** Forms the cluster, and lets clients write. */
    void start() {
        simulation.network().conditions(Conditions.of(Latency.between(100, 1_500)));
        Clusters.start(simulation, PRIMARIES);
        simulation.after(2_600_000, this::write);
        simulation.runFor(3_000);
        Violation.unless(node(0).outlook().stateOk(), "the cluster does not form");
    }

    private void write() {
        int probe = random.nextInt(PROBES.length);
        int first = random.nextInt(NODES);
        for (int i = 0; i < NODES; i++) {
            NodeKeys its = keys.get((first + i) % NODES);
            if (its.serves(PROBES[probe])) {
                its.write(probe, writes++);
                break;
            }
        }
        simulation.after(WRITE_US, this::write);
    }

    /** A write is done in the eyes of its client. */
    void acknowledge(int probe, int write) {
        acknowledged[probe].set(write);
    }

    /** Starts to move the slots; false when the source refuses. */
    boolean migrate(SimulatedNode from, SimulatedNode to) {
        String name = String.format("%040x", ++migrations);
        SlotCourier next = new SlotCourier(this, name, MOVING, from, to);
        courier = next;
        return next.begin();
    }

    /** Whether the last migration has both its sessions behind it. */
    boolean isOver() {
        return courier == null || courier.isOver();
    }

    void reached(SlotCourier of, TransferStep step) {
        simulation.journal().note(simulation.elapsedUs(), null, "reaches", null, step);
        faults.accept(of, step);
    }

    void saving(SlotCourier of, TransferStep step) {
        saving = of == courier ? step : saving;
    }

    void saved(SimulatedNode node) {
        boolean ours = saving != null
                && courier != null
                && (node == courier.source.node() || node == courier.target.node());
        if (ours) {
            TransferStep step = saving;
            saving = null;
            reached(courier, step);
        }
    }

    boolean isStopped(SimulatedNode node, int slot) {
        return courier != null && courier.stops(node, slot);
    }

    void written(SimulatedNode node, int slot, int probe, int write) {
        if (courier != null) {
            courier.written(node, slot, probe, write);
        }
    }

    void viewPublished(SimulatedNode node, ClusterView view) {
        if (courier != null) {
            courier.viewPublished(node, view);
        }
    }

    void processStarted(SimulatedNode node) {
        simulation.changed(node);
    }

    void processEnded(SimulatedNode node, boolean reset) {
        if (courier != null) {
            courier.processEnded(node, reset);
        }
        simulation.changed(node);
    }

    /** Mends everything, waits, and looks whether all is as it has to be; then the slots move once more, undisturbed. */
    void settle() {
        faults = (of, step) -> {};
        simulation.network().heal();
        for (SimulatedNode node : simulation.nodes()) {
            if (!node.running()) {
                node.start();
            }
            node.resume();
        }
        checkWithin(SETTLE_MS);
        SimulatedNode from = owner();
        SimulatedNode to = other(from);
        if (to != null) {
            Violation.unless(migrate(from, to), "%s refuses to export again", from.name());
            simulation.runUntil(() -> owner() == to && isOver(), AGAIN_MS);
            Violation.unless(owner() == to, "the slots do not move to %s again", to.name());
            checkWithin(AGAIN_MS);
        }
    }

    /** All is as it has to be at the latest then, and has been a little before as well. */
    private void checkWithin(long limitMs) {
        int good = 0;
        for (long passedMs = 0; passedMs < limitMs && good < 2; passedMs += LOOK_MS) {
            simulation.runFor(LOOK_MS);
            good = isSettled() ? good + 1 : 0;
        }
        check();
    }

    private boolean isSettled() {
        try {
            check();
            return true;
        } catch (Violation notYet) {
            return false;
        }
    }

    private void check() {
        simulation.checkSettled();
        for (SimulatedNode node : simulation.nodes()) {
            ClusterView view = keys(node).view();
            Violation.unless(view.stateOk(), "%s does not serve", node.name());
            Violation.unless(
                    view.exports().isEmpty() && view.imports().isEmpty(),
                    "%s still moves slots: %s %s",
                    node.name(),
                    view.exports(),
                    view.imports());
        }
        for (int i = 0; i < PROBES.length; i++) {
            checkProbe(i);
        }
    }

    private void checkProbe(int probe) {
        ClusterView view = keys.get(0).view();
        Violation.unless(view.owner(PROBES[probe]) != null, "slot %d is unowned", PROBES[probe]);
        NodeId ownerId = view.owner(PROBES[probe]).id();
        for (SimulatedNode node : simulation.nodes()) {
            ClusterView its = keys(node).view();
            boolean inShard =
                    its.myId().equals(ownerId) || its.myself().primaryId().equals(ownerId);
            BitSet held = keys(node).held(probe);
            if (!inShard) {
                Violation.unless(
                        held.isEmpty(),
                        "%s holds %d writes of slot %d of another shard",
                        node.name(),
                        held.cardinality(),
                        PROBES[probe]);
            } else if (its.myId().equals(ownerId)) {
                BitSet lost = (BitSet) acknowledged[probe].clone();
                lost.andNot(held);
                boolean promised = waitsForReplicas || servers.elections() == 0;
                Violation.unless(
                        lost.isEmpty() || !promised,
                        "%s lost writes %s of slot %d",
                        node.name(),
                        lost,
                        PROBES[probe]);
            }
        }
    }

    /** Who owns the moving slots, as the first node sees it. */
    SimulatedNode owner() {
        NodeId id = keys.get(0).view().owner(PROBES[0]) == null
                ? null
                : keys.get(0).view().owner(PROBES[0]).id();
        for (SimulatedNode node : simulation.nodes()) {
            if (node.id().equals(id)) {
                return node;
            }
        }
        return null;
    }

    /** A primary of the pairs with replicas that does not own the moving slots; any other primary else. */
    private SimulatedNode other(SimulatedNode owner) {
        for (int number : new int[] {1, 6, 0, 5, 2, 3, 4}) {
            SimulatedNode node = node(number);
            boolean replicated = !keys(node).view().replicasOf(node.id()).isEmpty();
            boolean fits = node != owner
                    && keys(node).view().myself().isPrimary()
                    && (replicated || !waitsForReplicas);
            if (fits) {
                return node;
            }
        }
        return null;
    }

    int acknowledgedWrites() {
        int sum = 0;
        for (BitSet set : acknowledged) {
            sum += set.cardinality();
        }
        return sum;
    }
}
