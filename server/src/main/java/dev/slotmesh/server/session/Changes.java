package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Learns of every change a command makes to a key, under the lock of the key's slot: the one seam for watched keys, waiting
 * clients, keyspace notifications and the count of changes. Confined to one event loop.
 */
public final class Changes {
    private final Interests interests;
    private final KeyNotifications notifications;
    /** Keys that clients wait for and that were changed by the command that runs, in order. */
    private final Deque<KeyInterest> ready = new ArrayDeque<>();

    private long changeCount;

    Changes(Interests interests, KeyNotifications notifications) {
        this.interests = interests;
        this.notifications = notifications;
    }

    /** Whether nobody wants to know which key was changed: {@link #count} is then enough. */
    boolean unheeded() {
        return interests.none() && notifications.silent();
    }

    /** Counts a change that is {@link #unheeded}. */
    void count() {
        changeCount++;
    }

    /** Counts several. */
    void count(long changes) {
        changeCount += changes;
    }

    /** A key was made, changed or deleted. */
    public void changed(Slot slot, ByteSpan key, KeyEvent event) {
        count();
        if (!interests.none()) {
            note(slot, key);
        }
        event(slot, key, event);
    }

    /**
     * What belongs to a key was changed in a way that WATCH does not see, as the groups of a stream: only who waits for the key
     * is asked again.
     *
     * @param event null when nothing is told of it
     */
    void changedUnwatched(Slot slot, ByteSpan key, KeyEvent event) {
        count();
        if (!interests.none()) {
            KeyInterest interest = interests.find(slot, key);
            if (interest != null && interest.isWaitedFor()) {
                ready(interest);
            }
        }
        if (event != null) {
            event(slot, key, event);
        }
    }

    /** Something is to be told of a key besides its change: a second event of one command. */
    public void event(Slot slot, ByteSpan key, KeyEvent event) {
        if (!notifications.silent()) {
            notifications.event(slot, key, event);
        }
    }

    /** Changes since this loop began. */
    public long changeCount() {
        return changeCount;
    }

    private void note(Slot slot, ByteSpan key) {
        KeyInterest interest = interests.find(slot, key);
        if (interest == null) {
            return;
        }
        breakWatches(interest, slot, key);
        if (interest.isWaitedFor()) {
            ready(interest);
        }
    }

    /** A key that was absent when it was watched and is absent now was not changed: it was past its time. */
    private void breakWatches(KeyInterest interest, Slot slot, ByteSpan key) {
        for (Watch watch : interest.watches()) {
            if (!watch.absent() || slot.contains(key)) {
                watch.of().breakUp();
            }
        }
    }

    /** Notes that a key is to be served when the command is done; the lock of its slot is held. */
    void ready(KeyInterest interest) {
        if (interest.makeReady()) {
            ready.addLast(interest);
        }
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    KeyInterest nextReady() {
        return ready.pollFirst();
    }
}
