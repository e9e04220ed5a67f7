package dev.slotmesh.server.migration;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.ImportView;
import dev.slotmesh.keyspace.Keyspace;

import java.util.function.IntPredicate;

/** Has the keyspace keep those slots apart whose keys are here and not of this node's shard. */
final class ApartMarks {
    private ApartMarks() {}

    /**
     * As the view tells; the world lock is held.
     *
     * @param ofShard whether a slot is this node's, or its primary's, by the same view
     */
    static void set(Keyspace keyspace, ClusterView view, IntPredicate ofShard) {
        SlotSet listed = new SlotSet();
        for (ImportView each : view.imports()) {
            listed.addAll(each.slots());
        }
        set(keyspace, listed, ofShard);
    }

    /** Marks what is listed and not the shard's: a listed slot may have come to it in another way, and its keys with it. */
    static void set(Keyspace keyspace, SlotSet listed, IntPredicate ofShard) {
        for (int slot = 0; slot < SlotSet.SLOT_COUNT; slot++) {
            boolean apart = listed.get(slot) && !ofShard.test(slot);
            if (keyspace.apart(slot) != apart) {
                keyspace.apart(slot, apart);
            }
        }
    }
}
