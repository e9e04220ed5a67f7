package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Slot;

/** Whether one key is changed, for whoever has to let go of its lock meanwhile: a WATCH without a client. */
public final class ChangeWatch {
    private final Interests interests;
    private final Watches watches = new Watches();
    private final Watch watch;

    ChangeWatch(Interests interests, Slot slot, KeyName key) {
        this.interests = interests;
        this.watch = new Watch(watches, interests.of(slot.number(), key), false);
        watch.interest().add(watch);
    }

    /** Whether a command has changed the key since; the lock of its slot is held. */
    public boolean isBroken() {
        return watches.isBroken();
    }

    /** Has to be called in the end; the lock of the key's slot is held. */
    public void end() {
        watch.interest().remove(watch);
        interests.tidy(watch.interest());
    }
}
