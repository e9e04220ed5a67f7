package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who waits for or watches which key of a node, slot by slot.
 *
 * <p>Everything of a slot is guarded by its lock, in all databases; a slot that nobody is interested in holds no memory.
 * {@code keys} is changed under the lock of the slot that is concerned and read without it: whoever holds a slot's lock
 * sees at least what was done under that lock before, so a count of 0 means that nobody is interested in this slot, and a
 * change to a key costs one look at a field that is seldom written.
 *
 * <p>It is by slot here and not in the {@link Slot}, which goes when its database is flushed or swapped: clients stay.
 */
final class Interests {
    private final Map<KeyName, KeyInterest>[] bySlot = newTable();
    private final AtomicInteger keys = new AtomicInteger();

    @SuppressWarnings("unchecked")
    private static Map<KeyName, KeyInterest>[] newTable() {
        return (Map<KeyName, KeyInterest>[]) new Map<?, ?>[HashSlot.SLOT_COUNT];
    }

    /** Whether nobody is interested in any key of the slots whose locks are held. */
    boolean none() {
        return keys.getPlain() == 0;
    }

    /** Keys that somebody waits for or watches. Any thread; exact when nothing is going on. */
    int count() {
        return keys.get();
    }

    /** What is noted of a key, or null. */
    KeyInterest find(Slot slot, ByteSpan key) {
        Map<KeyName, KeyInterest> ofSlot = bySlot[slot.number()];
        return ofSlot == null
                ? null
                : ofSlot.get(new KeyName(slot.database().number(), key.toByteArray()));
    }

    /** What is noted of a key, from now on at least that somebody wants to. */
    KeyInterest of(int slot, KeyName key) {
        Map<KeyName, KeyInterest> ofSlot = bySlot[slot];
        if (ofSlot == null) {
            ofSlot = new HashMap<>();
            bySlot[slot] = ofSlot;
        }
        KeyInterest found = ofSlot.get(key);
        if (found == null) {
            found = new KeyInterest(key, slot);
            ofSlot.put(key, found);
            keys.incrementAndGet();
        }
        return found;
    }

    /** Forgets a key that nobody is interested in any more. */
    void tidy(KeyInterest interest) {
        if (!interest.isEmpty()) {
            return;
        }
        Map<KeyName, KeyInterest> ofSlot = bySlot[interest.slot()];
        if (ofSlot != null && ofSlot.remove(interest.key(), interest)) {
            keys.decrementAndGet();
            if (ofSlot.isEmpty()) {
                bySlot[interest.slot()] = null;
            }
        }
    }

    /** What is noted of all keys of a slot, a copy. */
    List<KeyInterest> all(int slot) {
        return bySlot[slot] == null ? List.of() : List.copyOf(bySlot[slot].values());
    }
}
