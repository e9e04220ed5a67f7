package dev.slotmesh.server.replication;

import dev.slotmesh.server.session.Confirmations;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Who waits until replicas have acknowledged an offset, and the asking for it.
 *
 * <p>Replicas acknowledge once a second by themselves; whoever waits has them asked at once, by a command in the stream. At most
 * one such question is unanswered at a time: who comes meanwhile is asked for together with all others once the first replica
 * has answered. Many waiting clients thus cost one question per round trip.
 *
 * <p>Guarded by the monitor, below which only the log's is taken; waiters are told outside of it.
 */
final class Acknowledgements implements Confirmations {
    private static final byte[] QUESTION = "*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private static final long NOTHING_ASKED = -1;

    /** Somebody waits. */
    static final class Waiter {
        private final long offset;
        private final int replicas;
        private final Runnable done;

        /** @param done called on any thread, once at most, holding no lock of this room */
        Waiter(long offset, int replicas, Runnable done) {
            this.offset = offset;
            this.replicas = replicas;
            this.done = done;
        }

        long offset() {
            return offset;
        }
    }

    private final Replicas replicas;
    private final List<Waiter> waiting = new ArrayList<>();
    /** What a replica has that has answered the last question; {@link #NOTHING_ASKED} when it is answered. */
    private long asked = NOTHING_ASKED;
    /** The same of the last question, answered or not. */
    private long lastAsked = NOTHING_ASKED;

    private boolean quiet;

    Acknowledgements(Replicas replicas) {
        this.replicas = replicas;
    }

    /** Replicas that follow the log and have everything up to an offset. */
    int count(long offset) {
        int count = 0;
        for (Replica replica : replicas.all()) {
            count += replica.isOnline() && replica.acknowledged() >= offset ? 1 : 0;
        }
        return count;
    }

    @Override
    public int tenure() {
        return replicas.stream().tenure();
    }

    @Override
    public boolean isConfirmed(Written written) {
        return count(spoken(written)) >= written.replicas()
                && replicas.stream().isOwnSince(written.tenure());
    }

    @Override
    public Runnable whenConfirmed(Written written, Runnable action) {
        if (!replicas.stream().isOwnSince(written.tenure())) {
            return () -> {};
        }
        Waiter waiter = new Waiter(spoken(written), written.replicas(), action);
        await(waiter);
        return () -> giveUp(waiter);
    }

    /** A replica that has acknowledged nothing may have yet to load its snapshot: it confirms nothing, not even offset 0. */
    private static long spoken(Written written) {
        return Math.max(1, written.offset());
    }

    /** Clients that wait. */
    synchronized int waitingCount() {
        return waiting.size();
    }

    /** Waits; tells it at once when there is nothing to wait for. */
    void await(Waiter waiter) {
        boolean there;
        synchronized (this) {
            there = count(waiter.offset) >= waiter.replicas;
            if (!there) {
                waiting.add(waiter);
                ask();
            }
        }
        if (there) {
            waiter.done.run();
        }
    }

    /** Ends a wait. False when it had ended before, or is just about to. */
    synchronized boolean giveUp(Waiter waiter) {
        return waiting.remove(waiter);
    }

    /** Asks nothing over the stream for a while, whose offset is to stand still; who waits is asked for afterwards. */
    synchronized void quiet(boolean newQuiet) {
        quiet = newQuiet;
        if (!quiet && !waiting.isEmpty()) {
            askForLatest();
        }
    }

    private void ask() {
        if (asked == NOTHING_ASKED && !quiet) {
            asked = replicas.stream().endOffset();
            lastAsked = asked;
            replicas.stream().append(QUESTION);
        }
    }

    /** A replica has acknowledged an offset. */
    void acknowledged(long offset) {
        List<Waiter> due;
        synchronized (this) {
            if (offset >= asked) {
                asked = NOTHING_ASKED;
            }
            if (waiting.isEmpty()) {
                return;
            }
            due = takeDue();
            if (!waiting.isEmpty()) {
                askForLatest();
            }
        }
        due.forEach(waiter -> waiter.done.run());
    }

    /** Asks again, unless the last question was put after everything that is waited for. */
    private void askForLatest() {
        long latest = 0;
        for (Waiter waiter : waiting) {
            latest = Math.max(latest, waiter.offset);
        }
        if (latest > lastAsked) {
            ask();
        }
    }

    private List<Waiter> takeDue() {
        List<Waiter> due = new ArrayList<>();
        waiting.removeIf(waiter -> count(waiter.offset) >= waiter.replicas && due.add(waiter));
        return due;
    }

    /** A replica has come or gone: who waits is asked for again. */
    synchronized void membersChanged() {
        asked = NOTHING_ASKED;
        if (!waiting.isEmpty()) {
            ask();
        }
    }
}
