package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.config.KeyspaceEvents;

/** Which keyspace events a node publishes, and where. Thread safe. */
public final class KeyNotifications {
    private volatile int asked;
    private volatile KeyEventSink sink = (database, key, event, onKeyspace, onKeyevent) -> {};

    private final Keyspace keyspace;

    KeyNotifications(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /** Publishes these classes from now on. @param bits of {@link KeyspaceEvents} */
    public void ask(int bits) {
        boolean published = (bits & (KeyspaceEvents.KEYSPACE | KeyspaceEvents.KEYEVENT)) != 0;
        asked = published ? bits : 0;
    }

    /** Publishes here from now on. */
    public void sink(KeyEventSink publisher) {
        sink = publisher;
    }

    /** Whether nothing at all is published. */
    boolean silent() {
        return asked == 0;
    }

    /** Whether this class is published. @param bit of {@link KeyspaceEvents} */
    public boolean isAsked(int bit) {
        return (asked & bit) != 0;
    }

    /** Publishes an event of a key, if its class is asked for and the key is no other node's. The lock of the slot is held. */
    void event(Slot slot, ByteSpan key, KeyEvent event) {
        int bits = asked;
        if ((bits & event.bit()) != 0 && !keyspace.apart(slot.number())) {
            sink.event(
                    slot.database().number(),
                    key,
                    event,
                    (bits & KeyspaceEvents.KEYSPACE) != 0,
                    (bits & KeyspaceEvents.KEYEVENT) != 0);
        }
    }
}
