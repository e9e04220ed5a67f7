package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * Where keyspace notifications go: to the publisher, or a test's list. It gets those that notify-keyspace-events asks for.
 *
 * <p>Called under the lock of the key's slot, on any thread, in the order in which the events of one key happen: it only
 * takes note, and sends later.
 */
@FunctionalInterface
public interface KeyEventSink {

    /**
     * Notes an event.
     *
     * @param database number of the key's database
     * @param key the key; valid during the call
     * @param onKeyspace whether it is for the channel {@code __keyspace@<database>__:<key>}
     * @param onKeyevent whether it is for the channel {@code __keyevent@<database>__:<event>}
     */
    void event(int database, ByteSpan key, KeyEvent event, boolean onKeyspace, boolean onKeyevent);
}
