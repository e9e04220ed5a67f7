package dev.slotmesh.gossip.simulator;

import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of a client connection: TCP, so what is sent waits while the network is cut, and keeps its order. */
final class Pipe {
    private static final long HOP_US = 300;
    private static final long RETRY_US = 20_000;

    private final SimulatedNode from;
    private final SimulatedNode to;
    private final int toLife;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private boolean closed;
    private boolean pumping;

    Pipe(SimulatedNode from, SimulatedNode to) {
        this.from = from;
        this.to = to;
        this.toLife = to.lives();
    }

    /** The receiver does this when it has read all before. */
    void send(Runnable message) {
        queue.add(message);
        pumpAfter(HOP_US);
    }

    private void pumpAfter(long delayUs) {
        if (!pumping) {
            pumping = true;
            to.simulation().after(delayUs, this::pump);
        }
    }

    /** The receiver reads no more. */
    void close() {
        closed = true;
    }

    private void pump() {
        pumping = false;
        if (closed || to.lives() != toLife || !to.hostUp()) {
            queue.clear();
        } else if (!to.simulation().network().connects(from, to)) {
            pumpAfter(RETRY_US);
        } else {
            Runnable message = queue.remove();
            to.whenAwake(() -> {
                if (!closed && to.lives() == toLife) {
                    message.run();
                }
            });
            if (!queue.isEmpty()) {
                pumpAfter(HOP_US / 10);
            }
        }
    }
}
