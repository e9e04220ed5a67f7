package dev.slotmesh.server.cluster;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.command.CommandSpec;

/** A node that replicates nothing, but serves reads. */
final class NoReplication implements ReplicationRole {
    @Override
    public void follow(String ip, int port) {}

    @Override
    public void lead() {}

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public long silenceMs() {
        return 0;
    }

    @Override
    public void pauseWrites(long mostMs) {}

    @Override
    public boolean writesArePaused() {
        return true;
    }

    @Override
    public void resumeWrites() {}

    @Override
    public void drop(Slot slot, long entry) {
        slot.removeEntry(entry);
    }

    @Override
    public String readRefusal(CommandSpec command) {
        return null;
    }
}
