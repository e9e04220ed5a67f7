package dev.slotmesh.server.transport;

import io.netty.channel.EventLoop;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Events of the bus sockets waiting to become inputs of the gossip machine. A callback of Netty may run inside an effect of the
 * machine (closing a socket reports the close at once), so it only leaves a note here; the notes are read in a later task
 * of the same thread. Confined to the bus thread.
 */
final class BusInbox {
    private final Deque<Runnable> events = new ArrayDeque<>();
    private final EventLoop bus;
    private final Runnable turnEnded;
    private boolean scheduled;

    BusInbox(EventLoop bus, Runnable turnEnded) {
        this.bus = bus;
        this.turnEnded = turnEnded;
    }

    void add(Runnable event) {
        events.add(event);
        if (!scheduled) {
            scheduled = true;
            bus.execute(this::drain);
        }
    }

    private void drain() {
        scheduled = false;
        try {
            for (int waiting = events.size(); waiting > 0; waiting--) {
                events.remove().run();
            }
        } finally {
            turnEnded.run();
            if (!events.isEmpty() && !scheduled) {
                scheduled = true;
                bus.execute(this::drain);
            }
        }
    }
}
