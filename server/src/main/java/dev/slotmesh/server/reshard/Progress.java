package dev.slotmesh.server.reshard;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How far the moving is: a bar on a terminal, a line every few seconds elsewhere. For one thread. */
final class Progress {
    private static final long BAR_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Terminal terminal;
    private final Figures figures;
    private final Plan plan;
    private final LongSupplier nanoTime;
    private final long totalKeys;
    private final long startNanos;
    private long shownNanos;
    private int slots;
    private long keys;
    private long bytes;

    /** @param figures of all slots, as they were before */
    Progress(Terminal terminal, Plan plan, Figures figures, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.plan = plan;
        this.figures = figures;
        this.nanoTime = nanoTime;
        this.totalKeys = Figures.sum(figures.keys(), plan.slots());
        this.startNanos = nanoTime.getAsLong();
        this.shownNanos = startNanos;
    }

    /** How many keys a slot had. */
    long keysIn(int slot) {
        return figures.keys()[slot];
    }

    void keysMoved(long count) {
        keys += count;
    }

    void slotMoved(int slot) {
        slots++;
        figures.bytes().ifPresent(all -> bytes += all[slot]);
    }

    int slotsMoved() {
        return slots;
    }

    long keysMoved() {
        return keys;
    }

    /** Shows it, unless that was done a moment ago. */
    void show() {
        long now = nanoTime.getAsLong();
        if (now - shownNanos < (terminal.isInteractive() ? BAR_NANOS : LINE_NANOS)) {
            return;
        }
        shownNanos = now;
        if (terminal.isInteractive()) {
            terminal.status(state().bar());
        } else {
            terminal.line(state().line());
        }
    }

    ProgressState state() {
        return new ProgressState(
                new ProgressState.Amount(slots, plan.slotCount()),
                new ProgressState.Amount(keys, Math.max(keys, totalKeys)),
                figures.bytes().map(all -> bytes),
                nanoTime.getAsLong() - startNanos);
    }
}
