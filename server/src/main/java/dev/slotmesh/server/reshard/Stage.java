package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.List;

/**
 * A plan with the way in which each of its moves is done.
 *
 * @param title of its table
 * @param wholeSlots the moves that hand over whole slots; the others go key by key
 */
record Stage(String title, Plan plan, List<Move> wholeSlots) {
    private static final String WHOLE = "whole slots";
    private static final String BY_KEYS = "key by key";

    /** Key by key, all of it. */
    static Stage byKeys(String title, Plan plan) {
        return new Stage(title, plan, List.of());
    }

    /** Whole slots wherever both ends know how. */
    static Stage best(String title, Plan plan, ClusterMap map, Cluster cluster)
            throws ReshardFailure {
        List<Move> whole = new ArrayList<>();
        for (Move move : plan.moves()) {
            if (SlotMover.canMove(move, map, cluster)) {
                whole.add(move);
            }
        }
        return new Stage(title, plan, whole);
    }

    List<Move> keyByKey() {
        return plan.moves().stream().filter(move -> !wholeSlots.contains(move)).toList();
    }

    /** In words, for each move. */
    List<String> ways() {
        return plan.moves().stream()
                .map(move -> wholeSlots.contains(move) ? WHOLE : BY_KEYS)
                .toList();
    }
}
