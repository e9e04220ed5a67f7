package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.ImportView;
import dev.slotmesh.gossip.SlotKeys;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys of one simulated node, of which only a few slots are looked at: per slot the numbers of the writes it holds. They
 * survive the process, as with an append-only file. A replica takes over all its primary has, a little later; a write is
 * acknowledged when a replica has it, or at once where the run does not wait for replicas.
 */
final class NodeKeys implements Keys, SlotKeys {
    private static final long PULL_US = 15_000;
    private static final long HOP_US = 400;
    private static final long DROP_US = 2_000;

    private final SimulatedNode node;
    private final SlotTransferRun run;
    private final int[] slots;
    private BitSet[] held;
    private SimulatedNode primary;
    /** Whether it asks its primary at times. */
    private boolean pulls;
    /** Counts changes, through all lives. */
    private long version;
    /** What a replica is known to have. */
    private long replicated;

    private final List<Pending> pending = new ArrayList<>();
    /** Migrations whose keys are about to be dropped. */
    private final Set<String> dropping = new HashSet<>();

    private record Pending(long version, int probe, int write) {}

    NodeKeys(SimulatedNode node, SlotTransferRun run, int[] slots) {
        this.node = node;
        this.run = run;
        this.slots = slots;
        this.held = empty(slots.length);
    }

    private static BitSet[] empty(int count) {
        BitSet[] sets = new BitSet[count];
        for (int i = 0; i < count; i++) {
            sets[i] = new BitSet();
        }
        return sets;
    }

    SimulatedNode node() {
        return node;
    }

    BitSet held(int probe) {
        return held[probe];
    }

    /** What lies in the probed slots that are in this set; other places are empty. */
    BitSet[] copyOf(SlotSet wanted) {
        BitSet[] copy = empty(slots.length);
        for (int i = 0; i < slots.length; i++) {
            if (wanted.get(slots[i])) {
                copy[i].or(held[i]);
            }
        }
        return copy;
    }

    void take(BitSet[] more) {
        for (int i = 0; i < slots.length; i++) {
            held[i].or(more[i]);
        }
        version++;
    }

    ClusterView view() {
        return ((SlotmeshMachine) node.machine()).view();
    }

    /** Whether a client gets a write to that slot done here at this moment. */
    boolean serves(int slot) {
        if (!node.acceptsWrites()) {
            return false;
        }
        ClusterView view = view();
        return view.isMine(slot) && !view.isWithheld(slot) && !run.isStopped(node, slot);
    }

    /** Carries out a client's write. */
    void write(int probe, int write) {
        held[probe].set(write);
        version++;
        run.written(node, slots[probe], probe, write);
        if (run.waitsForReplicas()) {
            pending.add(new Pending(version, probe, write));
        } else {
            run.acknowledge(probe, write);
        }
    }

    long version() {
        return version;
    }

    /** Whether a replica of this life has all there was at that version. */
    boolean isReplicated(long wanted) {
        return replicated >= wanted;
    }

    /** Whether some replica follows at this moment. */
    boolean hasReplica() {
        for (SimulatedNode other : node.simulation().nodes()) {
            NodeKeys keys = run.keys(other);
            if (other.running()
                    && keys.primary == node
                    && node.simulation().network().connects(node, other)) {
                return true;
            }
        }
        return false;
    }

    private void replicaHas(long reached) {
        replicated = Math.max(replicated, reached);
        pending.removeIf(one -> {
            boolean there = one.version() <= reached;
            if (there) {
                run.acknowledge(one.probe(), one.write());
            }
            return there;
        });
    }

    @Override
    public void started() {
        pending.clear();
        dropping.clear();
        run.processStarted(node);
        ((SlotmeshMachine) node.machine()).gossip().keysLoaded(node.nowMs(), this);
    }

    @Override
    public void ended(boolean reset) {
        primary = null;
        pulls = false;
        pending.clear();
        run.processEnded(node, reset);
    }

    @Override
    public void saved() {
        run.saved(node);
    }

    @Override
    public void follows(SimulatedNode newPrimary) {
        if (primary == null && !pulls) {
            pulls = true;
            int life = node.lives();
            node.simulation().after(PULL_US, () -> pull(life));
        }
        primary = newPrimary;
        pending.clear();
    }

    @Override
    public void promoted() {
        primary = null;
    }

    @Override
    public void deleteSlotKeys(SlotSet lost) {
        for (int i = 0; i < slots.length; i++) {
            if (lost.get(slots[i])) {
                held[i].clear();
            }
        }
        version++;
    }

    @Override
    public void deleteAllKeys() {
        held = empty(slots.length);
        version++;
    }

    @Override
    public void viewPublished(ClusterView view) {
        run.viewPublished(node, view);
        for (ImportView coming : view.imports()) {
            boolean drops = coming.state() == ImportView.State.ABANDONED;
            if (drops && dropping.add(coming.name())) {
                int life = node.lives();
                node.simulation()
                        .after(DROP_US, () -> node.whenAwake(() -> drop(life, coming.name())));
            }
        }
    }

    private void drop(int life, String name) {
        if (life != node.lives()) {
            return;
        }
        dropping.remove(name);
        for (ImportView coming : view().imports()) {
            boolean drops = coming.state() == ImportView.State.ABANDONED;
            if (drops && coming.name().equals(name)) {
                for (int i = 0; i < slots.length; i++) {
                    if (coming.slots().get(slots[i]) && !view().isMine(slots[i])) {
                        held[i].clear();
                    }
                }
                version++;
                ((SlotmeshMachine) node.machine())
                        .gossip()
                        .transfers()
                        .closeImport(node.nowMs(), name);
                return;
            }
        }
    }

    /** A replica asks its primary for all it has, again and again, as long as this life lasts. */
    private void pull(int life) {
        if (life != node.lives() || !node.running() || primary == null) {
            pulls = pulls && life != node.lives();
            return;
        }
        Simulation simulation = node.simulation();
        SimulatedNode from = primary;
        boolean answered = from != null
                && from.running()
                && !from.paused()
                && !node.paused()
                && simulation.network().connects(node, from);
        if (answered) {
            NodeKeys theirs = run.keys(from);
            BitSet[] copy = theirs.copyOf(SlotSet.ofRange(0, SlotSet.SLOT_COUNT - 1));
            long reached = theirs.version;
            int theirLife = from.lives();
            simulation.after(
                    HOP_US,
                    () -> node.whenAwake(() -> {
                        if (life == node.lives() && primary == from) {
                            held = copy;
                            version++;
                            simulation.after(HOP_US, () -> theirs.heard(node, theirLife, reached));
                        }
                    }));
        }
        simulation.after(PULL_US, () -> pull(life));
    }

    private void heard(SimulatedNode replica, int life, long reached) {
        node.whenAwake(() -> {
            if (life == node.lives()
                    && node.simulation().network().connects(node, replica)
                    && primary == null) {
                replicaHas(reached);
            }
        });
    }

    @Override
    public long keysIn(int slot) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] == slot) {
                return held[i].cardinality();
            }
        }
        return 0;
    }

    @Override
    public boolean empty() {
        for (BitSet set : held) {
            if (!set.isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
