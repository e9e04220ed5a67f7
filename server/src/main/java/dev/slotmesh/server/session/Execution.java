package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.resp.Request;
import dev.slotmesh.resp.RequestDecoder;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.command.CommandTable;

import io.netty.buffer.ByteBuf;

import java.util.function.Consumer;

/**
 * From decoded requests to executed commands: finds each, checks arity and authentication, takes the lock of its keys'
 * slot, asks the router, runs the handler, keeps the counters.
 *
 * <p>One per node, used by all event loops at once: everything that belongs to a request is in the session or its {@link
 * Worker}.
 *
 * <p>Locks: all keys of a command are in one slot in cluster mode, and all slots share one lock otherwise, so one lock per
 * command is enough; a {@link Batch} takes those of several commands together. Ownership is checked under the lock, so
 * that no write slips past a hand-over.
 */
final class Execution {
    private static final ErrorReply BUSY = new ErrorReply(
            "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.");
    private static final ErrorReply HANDED_OVER =
            new ErrorReply("TRYAGAIN The slot is being handed over to another node");
    private static final ErrorReply NOT_IN_TRANSACTION =
            new ErrorReply("ERR Command not allowed inside a transaction");
    static final String INTERNAL_ERROR = "ERR internal error, see the server's log";
    /** What {@link #run(Session)} answers when everything was executed. */
    static final int NONE_PUT_OFF = -1;

    /** A batch's locks are given back, and its replies sent, when they have grown to about this many bytes. */
    private static final int LOCKED_OUTPUT_BYTES = 256 * 1024;

    private final Dispatcher dispatcher;
    private final CommandTable<CommandHandler> table;
    private final SlotLocks locks;
    private final Router router;
    private final SessionEvents events;
    /** EXEC, or null when it is not bound. */
    private final CommandSpec exec;
    /** By command index: the argument that is its only key, 0 if it has none, -1 to search. */
    private final int[] onlyKey;

    Execution(Dispatcher dispatcher, Router router, SessionEvents events) {
        this.dispatcher = dispatcher;
        this.table = dispatcher.table();
        this.locks = dispatcher.keyspace().locks();
        this.router = router;
        this.events = events;
        this.exec = table.find("exec");
        this.onlyKey = new int[table.size()];
        for (int i = 0; i < onlyKey.length; i++) {
            onlyKey[i] = onlyKeyOf(table.at(i));
        }
    }

    private static int onlyKeyOf(CommandSpec spec) {
        if (spec.onlyKey() > 0) {
            return spec.onlyKey();
        }
        // Shard channels are no keys, but belong to slots and are routed as keys are.
        return spec.hasKeys() || !spec.keySpecs().isEmpty() || spec.has(CommandFlags.MOVABLE_KEYS)
                ? -1
                : 0;
    }

    /**
     * Decodes requests into the worker's batch: until it is full, a request is not plain, or the input ends.
     *
     * @return REQUEST when decoding may go on once the batch is executed, else why it may not
     */
    RequestDecoder.Outcome decode(Session session, RequestDecoder decoder, ByteBuf input) {
        Batch batch = session.worker().batch();
        batch.clear(input.readerIndex());
        boolean alone = session.inTransaction()
                || session.pushes().isListeningOnly()
                || !session.isPrimary() && mayBePutOff(session);
        while (batch.size() < Batch.MOST) {
            Request request = batch.next();
            int from = input.readerIndex();
            RequestDecoder.Outcome outcome = decoder.decode(input, request);
            if (outcome != RequestDecoder.Outcome.REQUEST) {
                return outcome;
            }
            if (session.isPrimary() && StreamForm.isInline(input, from)) {
                input.readerIndex(from);
                return RequestDecoder.Outcome.ERROR;
            }
            CommandSpec spec = table.find(request);
            if (alone || StreamForm.isInline(input, from) || !isPlain(session, spec, request)) {
                batch.add(spec);
                return outcome;
            }
            batch.addPlain(spec, onlyKey[spec.index()]);
        }
        return RequestDecoder.Outcome.REQUEST;
    }

    private boolean mayBePutOff(Session session) {
        return dispatcher.putsOff()
                || !session.state().authenticated() && dispatcher.isAuthenticationRequired();
    }

    /** Whether a request is of one key, will not wait and will not be refused for its form. */
    private boolean isPlain(Session session, CommandSpec spec, Request request) {
        return spec != null
                && onlyKey[spec.index()] > 0
                && !spec.has(CommandFlags.BLOCKING)
                && spec.acceptsArgumentCount(request.argumentCount())
                && table.handler(spec) != null
                && (session.isPrimary() || events.refusal(session, spec) == null);
    }

    /** Whether a command of a stream that is obeyed is of one key and will not wait. */
    boolean isPlainApplied(CommandSpec spec, Request request) {
        return onlyKey[spec.index()] > 0
                && !spec.has(CommandFlags.BLOCKING)
                && spec.acceptsArgumentCount(request.argumentCount());
    }

    /** The argument that is the only key of a plain command. */
    int onlyKey(CommandSpec spec) {
        return onlyKey[spec.index()];
    }

    /** Reads the keys of the worker's batch ahead, whose locks are held. */
    void readAhead(Session session) {
        session.worker()
                .batch()
                .readAhead(dispatcher.keyspace().database(session.state().database()), onlyKey);
    }

    /**
     * Executes the worker's batch. A pause that began after it was decoded puts off its last request only; one of slots, any.
     *
     * @return the request that is put off and must be tried again later, as those behind it, or {@link #NONE_PUT_OFF}
     */
    int run(Session session) {
        Batch batch = session.worker().batch();
        int last = batch.size() - 1;
        int done = batch.plain() > 1 ? runLocked(session, batch) : 0;
        for (int i = done; i < last && !session.isClosing(); i++) {
            session.flushLargeOutput();
            Request request = batch.request(i);
            session.applying(batch.start(i), batch.end(i));
            CommandSpec spec = batch.spec(i);
            if (!runNow(session, request, spec, refusal(session, request, spec))) {
                return i;
            }
        }
        if (done > last || session.isClosing()) {
            return NONE_PUT_OFF;
        }
        session.flushLargeOutput();
        session.applying(batch.start(last), batch.end(last));
        return run(session, batch.request(last), batch.spec(last)) ? NONE_PUT_OFF : last;
    }

    /** Executes plain requests under all their locks; returns how many, which may be fewer than there are. */
    private int runLocked(Session session, Batch batch) {
        if (!batch.lock(locks, dispatcher.limits().busyReplyMs())) {
            return 0;
        }
        int done = 0;
        Throwable mistake = null;
        Recorder recorder = session.worker().recorder();
        recorder.begin();
        try {
            if (session.isRevoked()) {
                return batch.plain();
            }
            readAhead(session);
            while (done < batch.plain()
                    && mistake == null
                    && session.outputBytes() < LOCKED_OUTPUT_BYTES) {
                CommandSpec spec = batch.spec(done);
                mistake = execute(session, batch.request(done), spec, batch.slot(done));
                done += mistake == PutOff.NOW ? 0 : 1;
            }
            if (done > 0 && session.isPrimary()) {
                session.applied(batch.start(0), batch.end(done - 1));
            }
        } finally {
            recorder.end(session);
            batch.unlock(locks);
        }
        report(session, batch, done, mistake);
        return done;
    }

    private void report(Session session, Batch batch, int done, Throwable mistake) {
        if (mistake != null && mistake != PutOff.NOW) {
            events.internalError(session, batch.spec(done - 1), mistake);
        }
    }

    /**
     * Executes one request.
     *
     * @return false when it is put off
     */
    boolean run(Session session, Request request, CommandSpec spec) {
        ErrorReply refusal = refusal(session, request, spec);
        if (refusal == null
                && dispatcher.pause().kind() != Pause.Kind.NONE
                && !session.isPrimary()
                && isPaused(session, spec)) {
            return false;
        }
        return runNow(session, request, spec, refusal);
    }

    /** Returns false when it is put off. */
    private boolean runNow(Session session, Request request, CommandSpec spec, ErrorReply refusal) {
        if (refusal == null) {
            boolean queued = session.inTransaction() && Transactions.isQueued(spec);
            Throwable mistake =
                    queued ? queue(session, request, spec) : execute(session, request, spec, -1);
            if (mistake == PutOff.NOW) {
                return false;
            }
            settle(session);
            if (mistake != null) {
                events.internalError(session, spec, mistake);
            }
            return true;
        }
        ReplyEncoder reply = session.reply();
        int start = reply.buffer().writerIndex();
        reply.error(inTransaction(session, spec, refusal).text());
        if (spec != null) {
            session.worker().statistics().rejected(spec.index());
        }
        ReplyRules.finish(session, start);
        settle(session);
        return true;
    }

    /** Tells what was executed of the primary's stream without having been told under the lock of a key. */
    void settle(Session session) {
        if (session.hasUnapplied()) {
            locks.lock(0);
            try {
                if (!session.isRevoked()) {
                    session.applied();
                }
            } finally {
                locks.unlock(0);
            }
        }
    }

    /** A refusal spoils a transaction; one of EXEC ends it and says so. */
    private ErrorReply inTransaction(Session session, CommandSpec spec, ErrorReply refusal) {
        if (spec != null && spec == exec) {
            return dispatcher.transactions().aborted(session, refusal);
        }
        if (session.inTransaction()) {
            session.transaction().abort();
        }
        return refusal;
    }

    private ErrorReply refusal(Session session, Request request, CommandSpec spec) {
        if (spec == null || table.handler(spec) == null) {
            return UnknownCommand.error(table, request);
        }
        if (!spec.acceptsArgumentCount(request.argumentCount())) {
            return new ErrorReply(
                    "ERR wrong number of arguments for '" + spec.name() + "' command");
        }
        if (session.isPrimary()) {
            return null;
        }
        if (!session.state().authenticated()
                && dispatcher.isAuthenticationRequired()
                && !spec.has(CommandFlags.NO_AUTH)) {
            return new ErrorReply("NOAUTH Authentication required.");
        }
        if (session.inTransaction() && spec.has(CommandFlags.NO_MULTI)) {
            return NOT_IN_TRANSACTION;
        }
        if (session.pushes().isListeningOnly() && !SubscriberRules.allow(spec)) {
            return SubscriberRules.refusal(spec);
        }
        return events.refusal(session, spec);
    }

    private boolean isPaused(Session session, CommandSpec spec) {
        Pause pause = dispatcher.pause();
        if (pause.expire(session.worker().nowMs())) {
            dispatcher.resumePaused();
            return false;
        }
        // CLIENT itself is never put off, or nobody could end the pause.
        if (session.isReplica() || spec.name().startsWith("client|")) {
            return false;
        }
        long writing = CommandFlags.WRITE | CommandFlags.MAY_REPLICATE;
        return pause.kind() == Pause.Kind.ALL
                || spec.has(writing)
                || spec == exec && session.hasQueued(writing);
    }

    /**
     * Runs a command and counts it.
     *
     * @param lockedSlot the slot of its only key when its lock is held already, else -1
     * @return the handler's mistake, to be reported once no lock is held, {@link PutOff#NOW} when nothing was done because it
     *     has to wait, or null
     */
    Throwable execute(Session session, Request request, CommandSpec spec, int lockedSlot) {
        Worker worker = session.worker();
        ReplyEncoder reply = session.reply();
        int start = reply.buffer().writerIndex();
        session.state().lastCommand(spec.name());
        Call call = worker.call();
        call.begin(session, request, spec);
        boolean wasAsking = session.state().asking();
        WithheldReplies withheld = session.out().withheld();
        if (withheld != null) {
            withheld.commandBegins();
        }
        SlotCounters counters = worker.slotCounters();
        if (counters != null) {
            counters.begin(session);
        }
        boolean ran = true;
        boolean answered = false;
        Throwable mistake = null;
        worker.executing(session);
        try {
            ran = lockedSlot < 0 ? locate(call, spec) : serve(call, spec, lockedSlot);
            answered = spec == exec;
        } catch (PutOff later) {
            worker.executing(null);
            return later;
        } catch (ErrorReply error) {
            ReplyRules.fail(session, spec, start, error.text());
        } catch (RuntimeException | AssertionError error) {
            ReplyRules.fail(session, spec, start, INTERNAL_ERROR);
            mistake = error;
        }
        worker.executing(null);
        if ((wasAsking || spec == exec) && !session.inTransaction()) {
            session.state().asking(false);
        }
        long took = worker.lapNanos();
        if (ran) {
            worker.statistics().called(spec.index(), took);
        } else {
            worker.statistics().rejected(spec.index());
        }
        if (!answered && !session.isSuspended()) {
            ReplyRules.finish(session, start);
        } else if (session.isPrimary() || session.slotImport() != null) {
            session.output().writerIndex(start);
        }
        if (counters != null && ran) {
            counters.end(call, spec == exec, took, start);
        }
        if (withheld != null) {
            withheld.commandDone(start, spec != exec || !session.isSuspended());
        }
        return mistake;
    }

    /** Queues a command of a transaction, for all of which one ASKING before MULTI is enough; returns a mistake of ours, or null. */
    Throwable queue(Session session, Request request, CommandSpec spec) {
        int start = session.reply().buffer().writerIndex();
        session.state().lastCommand(spec.name());
        Call call = session.worker().call();
        Throwable mistake = null;
        try {
            int slot = find(call, session, request, spec);
            String refusal = dispatcher.transactions().queue(call, slot);
            if (refusal != null) {
                session.reply().error(refusal);
                session.worker().statistics().rejected(spec.index());
            }
        } catch (RuntimeException | AssertionError error) {
            session.transaction().abort();
            session.reply().buffer().writerIndex(start);
            session.reply().error(INTERNAL_ERROR);
            mistake = error;
        }
        ReplyRules.finish(session, start);
        return mistake;
    }

    /** Executes a command of a transaction whose locks EXEC holds; its mistakes are told at once. */
    void executeQueued(Session session, Request request, CommandSpec spec) {
        Worker worker = session.worker();
        int start = session.reply().buffer().writerIndex();
        Call call = worker.queuedCall();
        try {
            int slot = find(call, session, request, spec);
            if (slot >= 0) {
                if (dispatcher.slotStop().holds(slot, spec) && !session.isObeyed()) {
                    // Only behind a command that had EXEC stand still without its locks.
                    throw HANDED_OVER;
                }
                freeze(call, spec);
            }
            handle(call, spec);
        } catch (ErrorReply error) {
            ReplyRules.fail(session, spec, start, error.text());
        } catch (RuntimeException | AssertionError error) {
            ReplyRules.fail(session, spec, start, INTERNAL_ERROR);
            worker.mistake(session, spec, error);
        }
        long took = worker.lapNanos();
        worker.statistics().called(spec.index(), took);
        if (worker.slotCounters() != null) {
            worker.slotCounters().queuedEnds(call, took);
        }
        if (!session.isSuspended()) {
            ReplyRules.finishQueued(session, start);
        }
    }

    /**
     * Prepares a call and finds its keys.
     *
     * @return the slot of the first, -1 when there is none
     */
    int find(Call call, Session session, Request request, CommandSpec spec) {
        call.begin(session, request, spec);
        int only = onlyKey[spec.index()];
        if (only == 0 || only < 0 && call.searchKeys() == 0) {
            return -1;
        }
        if (only > 0) {
            call.key(only);
        }
        int slot = HashSlot.of(call.span(call.keyArgument(0)));
        call.located(call.keyArgument(0), slot);
        return slot;
    }

    /** Serves the clients that wait for what was changed by this loop's command, whose locks are still held. */
    void serveReady(Worker worker) {
        if (worker.changes().hasReady()) {
            dispatcher.waits().serve(worker);
        }
    }

    /** Finds the command's keys, if it has any, and serves it under their lock. Whether it ran here. */
    private boolean locate(Call call, CommandSpec spec) {
        int only = onlyKey[spec.index()];
        if (only == 0 || only < 0 && call.searchKeys() == 0) {
            return runKeyless(call, spec);
        }
        if (only > 0) {
            call.key(only);
        }
        int firstKey = call.keyArgument(0);
        int slot = HashSlot.of(call.span(firstKey));
        call.located(firstKey, slot);
        if (call.session().isObeyed()) {
            locks.lock(slot);
        } else if (!locks.tryLock(slot)
                && !locks.tryLock(slot, dispatcher.limits().busyReplyMs())) {
            throw BUSY;
        }
        Recorder recorder = call.session().worker().recorder();
        recorder.begin();
        try {
            return route(call, spec, slot);
        } finally {
            recorder.end(call.session());
            locks.unlock(slot);
        }
    }

    /** The primary's commands are executed under some lock each, so that none comes after a change of the role. */
    private boolean runKeyless(Call call, CommandSpec spec) {
        Session session = call.session();
        if (session.slotImport() != null) {
            String refusal = session.slotImport().refusal(spec);
            if (refusal != null) {
                throw new ErrorReply(refusal);
            }
        }
        if (!session.isPrimary()) {
            run(call, spec);
            return true;
        }
        locks.lock(0);
        try {
            if (!session.isRevoked()) {
                run(call, spec);
                session.applied();
            }
        } finally {
            locks.unlock(0);
        }
        return true;
    }

    private boolean serve(Call call, CommandSpec spec, int slot) {
        int key = onlyKey[spec.index()];
        call.key(key);
        call.located(key, slot);
        return route(call, spec, slot);
    }

    /** Runs the handler unless the command belongs elsewhere; the slot's lock is held. Whether it ran here. */
    private boolean route(Call call, CommandSpec spec, int slot) {
        String refusal = refusal(call, slot);
        if (refusal != null) {
            call.reply().error(refusal);
            return false;
        }
        if (dispatcher.slotStop().holds(slot, spec) && !call.session().isObeyed()) {
            throw PutOff.NOW;
        }
        dispatcher.requireGoingOn();
        freeze(call, spec);
        run(call, spec);
        call.session().applied();
        return true;
    }

    /** Why a command on a slot, whose lock is held, is not executed for its client here; null if it is. */
    String refusal(Call call, int slot) {
        Session session = call.session();
        if (session.slotImport() != null) {
            return session.slotImport().refusal(call, slot);
        }
        return router == null || session.isObeyed() ? null : router.refusal(call, slot);
    }

    /** Tells a snapshot under way, if any, which keys a command may change; their lock is held. */
    private void freeze(Call call, CommandSpec spec) {
        if (dispatcher.keyspace().isCut()
                && spec.has(CommandFlags.WRITE | CommandFlags.MAY_REPLICATE)) {
            call.freezeKeys();
        }
    }

    private void run(Call call, CommandSpec spec) {
        Session session = call.session();
        Worker worker = session.worker();
        try {
            handle(call, spec);
        } finally {
            worker.recorder().endUnit();
            serveReady(worker);
        }
    }

    private void handle(Call call, CommandSpec spec) {
        Recorder recorder = call.session().worker().recorder();
        if (recorder.isOn()) {
            recorder.run(call, spec, table.handler(spec));
        } else {
            table.handler(spec).run(call);
        }
    }

    /** Writes the reply of a command that had been suspended. */
    void lateReply(Session session, Consumer<ReplyEncoder> answer) {
        session.worker().refreshClock();
        ReplyEncoder reply = session.reply();
        int start = reply.buffer().writerIndex();
        answer.accept(reply);
        if (session.inTransaction() && session.transaction().isRunning()) {
            ReplyRules.finishQueued(session, start);
        } else {
            ReplyRules.finish(session, start);
        }
        if (session.worker().slotCounters() != null) {
            session.worker().slotCounters().endLate(session, start);
        }
    }
}
