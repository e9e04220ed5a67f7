package dev.slotmesh.server.cluster;

import dev.slotmesh.gossip.SlotKeys;
import dev.slotmesh.keyspace.Keyspace;

/** The key counts the gossip machine asks for, read without locks. Any thread. */
final class KeyspaceSlotKeys implements SlotKeys {
    private final Keyspace keyspace;

    KeyspaceSlotKeys(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    @Override
    public long keysIn(int slot) {
        return keyspace.database(0).keyCount(slot);
    }

    @Override
    public boolean empty() {
        for (int i = 0; i < keyspace.databaseCount(); i++) {
            if (keyspace.database(i).storedKeyCount() > 0) {
                return false;
            }
        }
        return true;
    }
}
