package dev.slotmesh.server.reshard;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The operator's wish to stop (Ctrl-C). Asked once, a tool ends in good order; asked again, at once. Thread safe: signals arrive
 * on a thread of their own.
 */
public final class Interruption {
    private final AtomicInteger asked = new AtomicInteger();

    /** Asks to stop. */
    public void ask() {
        asked.incrementAndGet();
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
