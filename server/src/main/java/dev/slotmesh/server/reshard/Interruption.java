package dev.slotmesh.server.reshard;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The operator's wish to stop (Ctrl-C). Asked once, a tool ends in good order; asked again, at once. Thread safe: signals arrive
 * on a thread of their own.
 */
public final class Interruption {
    private final AtomicInteger asked = new AtomicInteger();

    private volatile boolean isUnderWay;

    /** Asks to stop; returns whether that is the first time. */
    public boolean ask() {
        return asked.incrementAndGet() == 1;
    }

    /** Whether slots are being moved; before, and after, the process may end at any moment. */
    public boolean isUnderWay() {
        return isUnderWay;
    }

    /** Moving begins or is over. */
    void underWay(boolean begins) {
        isUnderWay = begins;
    }

    /** Whether to stop in good order. */
    boolean isAsked() {
        return asked.get() > 0;
    }

    /** Whether to stop at once. */
    boolean isInsisted() {
        return asked.get() > 1;
    }
}
