package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedSetUnderway;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.KeyEvent;

/** The end of the commands that store what they gathered under their first key. */
final class ScoredStores {
    private ScoredStores() {}

    /** Stores a sorted set under argument 1, or deletes that key when there are no members; replies with their number. */
    static void store(Call call, SortedSetUnderway gathered, KeyEvent event) {
        long size = gathered.size();
        Slot slot = call.slot(1);
        if (size > 0) {
            gathered.store(call.span(1), call.nowMs());
            call.changed(slot, 1, event);
        } else if (slot.remove(call.span(1), call.nowMs())) {
            call.changed(slot, 1, KeyEvent.DEL);
        }
        call.reply().integer(size);
    }
}
