package dev.slotmesh.server.session;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The clients that wait for one key, in order of arrival, and those that watch it. Guarded by the lock of the key's slot. */
final class KeyInterest {
    private final KeyName key;
    private final int slot;
    private final Set<WaitingClient> waiting = new LinkedHashSet<>();
    private final Set<Watch> watches = new LinkedHashSet<>();
    private int mindingLoss;
    private boolean ready;

    KeyInterest(KeyName key, int slot) {
        this.key = key;
        this.slot = slot;
    }

    KeyName key() {
        return key;
    }

    /** 0..16383. */
    int slot() {
        return slot;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && watches.isEmpty();
    }

    boolean isWaitedFor() {
        return !waiting.isEmpty();
    }

    /** Whether some client's wait ends when the key goes. */
    boolean isLossMinded() {
        return mindingLoss > 0;
    }

    void add(WaitingClient client) {
        waiting.add(client);
        mindingLoss += client.whenGone() == null ? 0 : 1;
    }

    void remove(WaitingClient client) {
        if (waiting.remove(client)) {
            removed(client);
        }
    }

    /** Tells of a client that was taken out through {@link #waiting}. */
    void removed(WaitingClient client) {
        mindingLoss -= client.whenGone() == null ? 0 : 1;
    }

    /** The waiting clients, first come first. */
    Iterator<WaitingClient> waiting() {
        return waiting.iterator();
    }

    void add(Watch watch) {
        watches.add(watch);
    }

    void remove(Watch watch) {
        watches.remove(watch);
    }

    Set<Watch> watches() {
        return watches;
    }

    /** Notes that the key was changed; true unless that is noted already. */
    boolean makeReady() {
        boolean first = !ready;
        ready = true;
        return first;
    }

    void served() {
        ready = false;
    }
}
