package dev.slotmesh.server.reshard;

import dev.slotmesh.resp.Reply;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Moves slots key by key, as any node of a Redis Cluster can (Cluster spec, Live reconfiguration): the target is told that it
 * imports a slot, the source that it migrates it, the keys are moved by MIGRATE, and then all are told who owns the slot, the
 * target before the others, since from then on nobody else may claim it.
 *
 * <p>Several slots are open at once, so that their commands travel together and the nodes save their tables once for all of them;
 * few enough that clients of each are sent from one node to the other for a moment only.
 */
final class KeyMover implements Mover {
    private static final int MOST_OPEN_SLOTS = 256;
    private static final long MOST_OPEN_KEYS = 5_000;
    /** What a source answers that has lost its last slot and follows the target now: it knows already. */
    private static final String FOLLOWS_ALREADY = "SETSLOT only with masters";

    private final Cluster cluster;
    private final ClusterMap map;
    private final KeySettings settings;
    private final Progress progress;
    private final Interruption interruption;

    KeyMover(
            Cluster cluster,
            ClusterMap map,
            KeySettings settings,
            Progress progress,
            Interruption interruption) {
        this.cluster = cluster;
        this.map = map;
        this.settings = settings;
        this.progress = progress;
        this.interruption = interruption;
    }

    @Override
    public void move(List<Move> moves) throws ReshardFailure {
        for (Move move : moves) {
            move(move);
        }
    }

    private void move(Move move) throws ReshardFailure {
        Member source = map.byId(move.sourceId()).orElseThrow();
        Member target = map.byId(move.targetId()).orElseThrow();
        KeyDrain drain =
                new KeyDrain(cluster.to(source), target, cluster.credentials(), settings, progress);
        BitSet left = (BitSet) move.slots().clone();
        while (!left.isEmpty() && !interruption.isAsked()) {
            BitSet batch = nextBatch(left);
            try {
                open(batch, source, target);
                drain.empty(batch);
                close(batch, source, target);
            } catch (ReshardFailure failure) {
                throw new ReshardFailure(
                        failure.getMessage() + "\nslots " + SlotRuns.text(batch)
                                + " are half-way from " + source + " to " + target
                                + ": run the tool again, which finishes them first, or redis-cli --cluster fix "
                                + cluster.seed(),
                        failure);
            }
            left.andNot(batch);
            batch.stream().forEach(progress::slotMoved);
            progress.show();
        }
    }

    private BitSet nextBatch(BitSet left) {
        BitSet batch = new BitSet(SlotRuns.SLOT_COUNT);
        long keys = 0;
        int slot = left.nextSetBit(0);
        while (slot >= 0 && batch.cardinality() < MOST_OPEN_SLOTS && keys < MOST_OPEN_KEYS) {
            batch.set(slot);
            keys += progress.keysIn(slot);
            slot = left.nextSetBit(slot + 1);
        }
        return batch;
    }

    private void open(BitSet slots, Member source, Member target) throws ReshardFailure {
        tell(List.of(target), slots, "IMPORTING", source.id());
        tell(List.of(source), slots, "MIGRATING", target.id());
    }

    private void close(BitSet slots, Member source, Member target) throws ReshardFailure {
        tell(List.of(target), slots, "NODE", target.id());
        List<Member> others = new ArrayList<>(map.primaries());
        others.remove(target);
        tell(others, slots, "NODE", target.id());
    }

    /** Several nodes do it at the same time. */
    private void tell(List<Member> members, BitSet slots, String state, String id)
            throws ReshardFailure {
        for (Member member : members) {
            NodeConnection node = cluster.to(member);
            slots.stream()
                    .forEach(slot ->
                            node.add("CLUSTER", "SETSLOT", Integer.toString(slot), state, id));
            node.send();
        }
        for (Member member : members) {
            for (Reply reply : cluster.to(member).exchange()) {
                if (reply instanceof Reply.SimpleError error
                        && !(state.equals("NODE") && error.text().contains(FOLLOWS_ALREADY))) {
                    throw new ReshardFailure(member + " answers CLUSTER SETSLOT " + state
                            + " with: " + error.text());
                }
            }
        }
    }
}
