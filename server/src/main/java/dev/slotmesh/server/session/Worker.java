package dev.slotmesh.server.session;

import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.propagation.Propagation;

import java.util.ArrayList;
import java.util.List;

/**
 * What the sessions of one event loop share: counters, the clock of the present batch and the {@link Call} that carries
 * one command at a time. Confined to that loop, except the counters' readers.
 */
public final class Worker {
    private final Dispatcher dispatcher;
    private final WorkerStatistics statistics;
    private final Call call;
    private final Call queuedCall;
    private final Changes changes;
    private final Propagation propagation;
    private final Recorder recorder;
    private final List<WaitingClient> served = new ArrayList<>();
    private final List<Mistake> mistakes = new ArrayList<>();
    private final List<Disagreement> disagreements = new ArrayList<>();
    private final Departures departures;
    private final Mailbox mailbox = new Mailbox();
    private final Thread thread = Thread.currentThread();
    private boolean countsSlots;
    /** Null as long as it was never asked for. */
    private SlotCounters slotCounters;
    /** The client whose command is being executed, or null. */
    private Session executing;

    private final Batch batch = new Batch();
    private long nowMs;
    private long lastNanos;

    Worker(Dispatcher dispatcher, int commandCount) {
        this.dispatcher = dispatcher;
        this.statistics = new WorkerStatistics(commandCount);
        this.call = new Call(this);
        this.queuedCall = new Call(this);
        this.changes = new Changes(dispatcher.interests(), dispatcher.notifications());
        this.propagation = new Propagation(dispatcher.commandLog());
        this.recorder = new Recorder(propagation, changes);
        this.departures = new Departures(dispatcher);
    }

    /** What a command threw while locks were held. */
    private record Mistake(Session session, CommandSpec command, Throwable cause) {}

    /** A command of the primary that failed here. */
    private record Disagreement(Session session, String command, String error) {}

    Dispatcher dispatcher() {
        return dispatcher;
    }

    WorkerStatistics statistics() {
        return statistics;
    }

    Call call() {
        return call;
    }

    /** The one for the commands of a transaction, while EXEC has the other. */
    Call queuedCall() {
        return queuedCall;
    }

    /** A waiting client has its reply; it is handed over by {@link #handOver}. */
    void served(WaitingClient client) {
        served.add(client);
    }

    /** A command failed by a mistake of ours; it is told by {@link #handOver}. */
    void mistake(Session session, CommandSpec command, Throwable cause) {
        mistakes.add(new Mistake(session, command, cause));
    }

    /** The primary's last command failed, which it had not there; it is told by {@link #handOver}. */
    void refusedPrimary(Session session, String error) {
        disagreements.add(new Disagreement(session, session.state().lastCommand(), error));
    }

    /** Hands the replies of served clients to their loops and tells of mistakes; no slot lock is held. */
    void handOver() {
        if (!served.isEmpty()) {
            served.forEach(client -> client.handOver(propagation.lastOffset()));
            served.clear();
        }
        if (!mistakes.isEmpty()) {
            mistakes.forEach(mistake -> dispatcher.internalError(
                    mistake.session(), mistake.command(), mistake.cause()));
            mistakes.clear();
        }
        if (!disagreements.isEmpty()) {
            disagreements.forEach(failed -> dispatcher.primaryCommandFailed(
                    failed.session(), failed.command(), failed.error()));
            disagreements.clear();
        }
    }

    Changes changes() {
        return changes;
    }

    /** What this loop's commands tell others of. */
    Propagation propagation() {
        return propagation;
    }

    /** Decides what they tell. */
    Recorder recorder() {
        return recorder;
    }

    /** The way out of this loop's sessions. */
    Departures departures() {
        return departures;
    }

    void executing(Session sessionOrNull) {
        executing = sessionOrNull;
    }

    /** Whether the present thread is the loop's and executes a command of this client. Any thread. */
    boolean isExecutingFor(Session session) {
        return thread == Thread.currentThread() && executing == session;
    }

    /** What this loop's clients are to be sent besides replies. */
    Mailbox mailbox() {
        return mailbox;
    }

    Batch batch() {
        return batch;
    }

    /** Reads the clocks; once per batch of pipelined requests. Returns the wall clock in milliseconds. */
    long refreshClock() {
        nowMs = System.currentTimeMillis();
        lastNanos = System.nanoTime();
        if (dispatcher.slotLoads().isCounted() != countsSlots) {
            countsSlots = !countsSlots;
            if (slotCounters == null) {
                slotCounters = dispatcher.slotLoads().ofLoop();
            }
        }
        return nowMs;
    }

    /** Where what commands cost their slots is counted; null while it is not. */
    SlotCounters slotCounters() {
        return countsSlots ? slotCounters : null;
    }

    /** Wall clock of the present batch, milliseconds since 1970. */
    long nowMs() {
        return nowMs;
    }

    /** The moment from which {@link #lapNanos} would count now. */
    long lapStart() {
        return lastNanos;
    }

    /** Lets {@link #lapNanos} count from an earlier moment. */
    void lapFrom(long startNanos) {
        lastNanos = startNanos;
    }

    /** Nanoseconds since this method or {@link #refreshClock} was last called: one clock reading per command. */
    long lapNanos() {
        long now = System.nanoTime();
        long took = now - lastNanos;
        lastNanos = now;
        return took;
    }
}
