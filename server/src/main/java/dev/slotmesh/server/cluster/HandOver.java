package dev.slotmesh.server.cluster;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.server.system.DaemonThreads;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Carries the decisions of the gossip machine over to the command path, in their order, on a thread of its own.
 *
 * <p>The bus thread must never wait for a slot, or a long command would silence its heartbeats; so it only leaves steps
 * here. A view is published under the world lock: every command checks ownership inside its slot's lock, so whoever holds a slot
 * when the view changes finishes under the old view, and no command starts under it afterwards. What waits for a view (an
 * operator's reply) is a later step of the same queue.
 *
 * <p>Keys of lost slots are deleted on the same thread. What is soon done is done at once; a large deletion goes on in pieces when
 * nothing else is to do, so that views never wait for it, except for one that brings back a slot whose earlier keys are still
 * there: those go first. A replica's keys are not its own to delete.
 *
 * <p>{@code steps} and {@code ending} are guarded by {@code steps}'s monitor, which is never held while a step runs; {@code lost}
 * and {@code whenCleared} belong to the thread. Who may be late: the command path, by the time the world lock takes. A view that
 * follows directly on another one replaces it; across a deletion it does not.
 */
final class HandOver {
    private static final long CLOSE_WAIT_MS = 3_000;
    /** How long a deletion may take before other steps have their turn. */
    private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Keyspace keyspace;
    private final SlotClearing clearing;
    private final Consumer<ClusterView> publish;
    private final Consumer<Throwable> failed;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Thread thread;
    /** Slots that may have keys from before they were lost. */
    private final SlotSet lost = new SlotSet();

    private final List<Runnable> whenCleared = new ArrayList<>();
    private boolean ending;

    private interface Step {
        void run();
    }

    private record Publication(HandOver to, ClusterView view) implements Step {
        @Override
        public void run() {
            to.settleLost(view);
            SlotLocks locks = to.keyspace.locks();
            locks.lockWorld();
            try {
                to.publish.accept(view);
            } finally {
                locks.unlockWorld();
            }
        }
    }

    /**
     * @param publish makes a view the one commands are routed by; called under the world lock
     * @param failed is told what a step threw; a mistake of ours, after which the next step runs all the same
     */
    HandOver(
            String threadName,
            Keyspace keyspace,
            SlotClearing clearing,
            Consumer<ClusterView> publish,
            Consumer<Throwable> failed) {
        this.keyspace = keyspace;
        this.clearing = clearing;
        this.publish = publish;
        this.failed = failed;
        this.thread = DaemonThreads.named(threadName).newThread(this::work);
    }

    void start() {
        thread.start();
    }

    /** Publishes a view. Any thread. */
    void view(ClusterView view) {
        synchronized (steps) {
            if (steps.peekLast() instanceof Publication) {
                steps.removeLast();
            }
            add(new Publication(this, view));
        }
    }

    /** Runs an action when everything handed over before is in force. Any thread. */
    void then(Runnable action) {
        add(action::run);
    }

    /** Deletes the keys of these slots, which are another node's from the views before on. Any thread. */
    void deleteKeys(SlotSet slots) {
        SlotSet frozen = slots.frozen();
        add(() -> {
            lost.addAll(frozen);
            clearPiece();
        });
    }

    /** Runs an action when the keys of all slots that were lost so far are deleted. Any thread. */
    void whenCleared(Runnable action) {
        add(() -> {
            whenCleared.add(action);
            tellCleared();
        });
    }

    /** Deletes some keys of lost slots. */
    private void clearPiece() {
        long endNanos = System.nanoTime() + PIECE_NANOS;
        boolean over = true;
        try {
            over = clearing.clearLost(lost, () -> System.nanoTime() - endNanos < 0);
        } finally {
            if (over) {
                lost.clearAll();
                tellCleared();
            }
        }
    }

    private void tellCleared() {
        if (lost.isEmpty()) {
            List<Runnable> actions = List.copyOf(whenCleared);
            whenCleared.clear();
            actions.forEach(Runnable::run);
        }
    }

    /** Before a view is in force: what it makes of slots whose keys are not all deleted yet. */
    private void settleLost(ClusterView view) {
        if (lost.isEmpty()) {
            return;
        }
        if (view.myself().isReplica()) {
            lost.clearAll();
        } else {
            SlotSet back = new SlotSet();
            for (int slot = lost.nextSet(0); slot >= 0; slot = lost.nextSet(slot + 1)) {
                if (view.isMine(slot)) {
                    back.set(slot);
                }
            }
            clearing.clearLost(back, () -> true);
            lost.removeAll(back);
        }
        tellCleared();
    }

    /** Deletes all keys at once. Any thread. */
    void deleteAllKeys() {
        add(() -> {
            keyspace.locks().lockWorld();
            try {
                for (int i = 0; i < keyspace.databaseCount(); i++) {
                    keyspace.database(i).flush();
                }
            } finally {
                keyspace.locks().unlockWorld();
            }
        });
    }

    private void add(Step step) {
        synchronized (steps) {
            if (!ending) {
                steps.addLast(step);
                steps.notifyAll();
            }
        }
    }

    private void work() {
        Step step = next();
        while (step != null) {
            try {
                step.run();
            } catch (RuntimeException | Error cause) {
                failed.accept(cause);
            }
            step = next();
        }
    }

    /** The next step, or null at the end. */
    private Step next() {
        synchronized (steps) {
            try {
                while (steps.isEmpty() && lost.isEmpty() && !ending) {
                    steps.wait();
                }
            } catch (InterruptedException nobodyShouldBut) {
                return null;
            }
            return steps.isEmpty() && !lost.isEmpty() ? this::clearPiece : steps.pollFirst();
        }
    }

    /** Carries out what was handed over so far, then ends; waits for it. Returns whether it has ended. */
    boolean end() {
        synchronized (steps) {
            ending = true;
            steps.notifyAll();
        }
        try {
            thread.join(CLOSE_WAIT_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
