package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * Learns of every change a command makes to a key, under the lock of the key's slot: the one seam for watched keys, waiting
 * clients, keyspace notifications and the count of changes. Confined to one event loop.
 */
public final class Changes {
    private long changeCount;
    private long eventCount;

    Changes() {}

    /** A key was made, changed or deleted. */
    public void changed(Slot slot, ByteSpan key, KeyEvent event) {
        changeCount++;
        event(slot, key, event);
    }

    /** Something is to be told of a key besides its change: a second event of one command. */
    public void event(Slot slot, ByteSpan key, KeyEvent event) {
        eventCount++;
    }

    /** Events since this loop began, those of changes included. */
    public long eventCount() {
        return eventCount;
    }

    /** Changes since this loop began. */
    public long changeCount() {
        return changeCount;
    }
}
