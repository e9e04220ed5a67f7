package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A cluster as all its primaries see it: who owns what, what is open, and what stands against moving slots.
 *
 * @param map the seed's
 * @param open slots whose move has begun and not ended, ascending
 * @param problems in words; none in a cluster that is well
 */
record Inspection(ClusterMap map, List<OpenSlot> open, List<String> problems) {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_PROBLEMS = 10;

    /**
     * Looks at the cluster until nothing stands against moving slots, which takes a moment after changes.
     *
     * @param patienceMs after which it is given up
     * @throws ReshardFailure with all problems that are left
     */
    static Inspection ofSound(Cluster cluster, long patienceMs, Interruption interruption)
            throws ReshardFailure {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        while (true) {
            Inspection inspection = of(cluster);
            if (inspection.problems().isEmpty()) {
                return inspection;
            }
            if (deadline - System.nanoTime() <= 0 || interruption.isAsked()) {
                throw new ReshardFailure(inspection.complaint(cluster));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private String complaint(Cluster cluster) {
        StringBuilder text = new StringBuilder("the cluster is not in a state to move slots:");
        problems.stream()
                .limit(MOST_PROBLEMS)
                .forEach(problem -> text.append("\n  ").append(problem));
        if (problems.size() > MOST_PROBLEMS) {
            text.append("\n  and ").append(problems.size() - MOST_PROBLEMS).append(" more");
        }
        return text + "\nredis-cli --cluster fix " + cluster.seed() + " mends most of it.";
    }

    /** Asks every primary once. */
    static Inspection of(Cluster cluster) throws ReshardFailure {
        ClusterMap map = cluster.map();
        List<String> problems = new ArrayList<>();
        Map<Integer, OpenSlot> open = new LinkedHashMap<>();
        for (Member member : map.members()) {
            if (!member.isSound() && !member.slots().isEmpty()) {
                problems.add(member + " is not healthy and owns "
                        + member.slots().cardinality() + " slots");
            }
        }
        addUncovered(map, problems);
        Map<String, BitSet> expected = ownership(map);
        for (Member primary : map.primaries()) {
            ClusterMap view = cluster.map(primary.address());
            if (!ownership(view).equals(expected)) {
                problems.add(primary + " sees other owners of slots than " + cluster.seed());
            }
            String state = cluster.to(primary)
                    .text("CLUSTER", "INFO")
                    .lines()
                    .findFirst()
                    .orElse("");
            if (!state.equals("cluster_state:ok")) {
                problems.add(primary + " says " + state);
            }
            view.self()
                    .migrating()
                    .forEach((slot, target) ->
                            addOpen(open, new OpenSlot(slot, primary.id(), target), map, problems));
            view.self()
                    .importing()
                    .forEach((slot, owner) ->
                            addOpen(open, new OpenSlot(slot, owner, primary.id()), map, problems));
        }
        return new Inspection(
                map,
                open.values().stream().sorted((a, b) -> a.slot() - b.slot()).toList(),
                problems);
    }

    private static void addUncovered(ClusterMap map, List<String> problems) {
        BitSet uncovered = new BitSet(SlotRuns.SLOT_COUNT);
        uncovered.set(0, SlotRuns.SLOT_COUNT);
        map.members().forEach(member -> uncovered.andNot(member.slots()));
        if (!uncovered.isEmpty()) {
            problems.add("nobody owns slots " + SlotRuns.text(uncovered));
        }
    }

    private static Map<String, BitSet> ownership(ClusterMap map) {
        Map<String, BitSet> owned = new LinkedHashMap<>();
        for (Member member : map.members()) {
            if (!member.slots().isEmpty()) {
                owned.put(member.id(), member.slots());
            }
        }
        return owned;
    }

    /** A mark of either side; the other side's may be missing when a tool ended between the two. */
    private static void addOpen(
            Map<Integer, OpenSlot> open, OpenSlot mark, ClusterMap map, List<String> problems) {
        OpenSlot earlier = open.putIfAbsent(mark.slot(), mark);
        Optional<Member> owner = map.owner(mark.slot());
        boolean isOfOwner = owner.isPresent() && owner.get().id().equals(mark.ownerId());
        boolean hasTarget =
                map.primaries().stream().anyMatch(member -> member.id().equals(mark.targetId()));
        if (earlier != null && !earlier.equals(mark) || !isOfOwner || !hasTarget) {
            problems.add("slot " + mark.slot() + " is open in a way that needs a decision");
        }
    }
}
