package dev.slotmesh.server.migration;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.ImportView;
import dev.slotmesh.keyspace.Keyspace;

/** Has the keyspace keep those slots apart that are on their way to this node's shard. */
final class ApartMarks {
    private ApartMarks() {}

    /** As the view tells; the world lock is held. */
    static void set(Keyspace keyspace, ClusterView view) {
        SlotSet apart = new SlotSet();
        for (ImportView each : view.imports()) {
            apart.addAll(each.slots());
        }
        for (int slot = 0; slot < SlotSet.SLOT_COUNT; slot++) {
            if (keyspace.apart(slot) != apart.get(slot)) {
                keyspace.apart(slot, apart.get(slot));
            }
        }
    }
}
