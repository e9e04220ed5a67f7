package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;

import java.util.Deque;

/** One end of a simulated TCP connection. */
final class Socket {
    final SimulatedNode owner;
    /** Whether the owner asked for the connection; otherwise it was accepted. */
    final boolean outbound;

    /** The machine's own handle for it; null until the machine has heard of it. */
    Object attachment;

    /** The other end; null while the connection is being established. */
    Socket peer;

    boolean open = true;
    /** No packet towards this end arrives before: the order of the connection. */
    long arrivedUntilUs;
    /** When the last byte this end has queued is on its way: the limit of the bandwidth. */
    long sentUntilUs;
    /** Messages to the other end that TCP has yet to get through, in order; null until the first one. */
    Deque<BusMessage> unsent;

    /** Neighbours in the owner's list of open sockets. */
    Socket previous;

    Socket next;

    Socket(SimulatedNode owner, boolean outbound) {
        this.owner = owner;
        this.outbound = outbound;
    }
}
