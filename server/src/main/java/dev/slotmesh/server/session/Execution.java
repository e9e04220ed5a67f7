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
    private static final ErrorReply NOT_IN_TRANSACTION =
            new ErrorReply("ERR Command not allowed inside a transaction");
    static final String INTERNAL_ERROR = "ERR internal error, see the server's log";
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
            if (alone || !isPlain(session, spec, request)) {
                batch.add(spec);
                return outcome;
            }
            batch.addPlain(spec, onlyKey[spec.index()]);
        }
        return RequestDecoder.Outcome.REQUEST;
    }

    private boolean mayBePutOff(Session session) {
        return dispatcher.pause().kind() != Pause.Kind.NONE
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
     * Executes the worker's batch. A pause that began after it was decoded puts off its last request only.
     *
     * @return false when the last request is put off and must be tried again later
     */
    boolean run(Session session) {
        Batch batch = session.worker().batch();
        int last = batch.size() - 1;
        int done = batch.plain() > 1 ? runLocked(session, batch) : 0;
        for (int i = done; i < last && !session.isClosing(); i++) {
            session.flushLargeOutput();
            Request request = batch.request(i);
            session.applying(batch.start(i), batch.end(i));
            runNow(session, request, batch.spec(i), refusal(session, request, batch.spec(i)));
        }
        if (done > last || session.isClosing()) {
            return true;
        }
        session.flushLargeOutput();
        session.applying(batch.start(last), batch.end(last));
        return run(session, batch.request(last), batch.spec(last));
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
                done++;
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
        if (mistake != null) {
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
        runNow(session, request, spec, refusal);
        return true;
    }

    private void runNow(Session session, Request request, CommandSpec spec, ErrorReply refusal) {
        if (refusal == null) {
            boolean queued = session.inTransaction() && Transactions.isQueued(spec);
            Throwable mistake =
                    queued ? queue(session, request, spec) : execute(session, request, spec, -1);
            settle(session);
            if (mistake != null) {
                events.internalError(session, spec, mistake);
            }
            return;
        }
        ReplyEncoder reply = session.reply();
        int start = reply.buffer().writerIndex();
        reply.error(inTransaction(session, spec, refusal).text());
        if (spec != null) {
            session.worker().statistics().rejected(spec.index());
        }
        finish(session, start);
        settle(session);
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
     * @return the handler's mistake, to be reported once no lock is held, or null
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
        boolean ran = true;
        boolean answered = false;
        Throwable mistake = null;
        worker.executing(session);
        try {
            ran = lockedSlot < 0 ? locate(call, spec) : serve(call, spec, lockedSlot);
            answered = spec == exec;
        } catch (ErrorReply error) {
            fail(session, spec, start, error.text());
        } catch (RuntimeException | AssertionError error) {
            fail(session, spec, start, INTERNAL_ERROR);
            mistake = error;
        }
        worker.executing(null);
        if (wasAsking) {
            session.state().asking(false);
        }
        long took = worker.lapNanos();
        if (ran) {
            worker.statistics().called(spec.index(), took);
        } else {
            worker.statistics().rejected(spec.index());
        }
        if (!answered && !session.isSuspended()) {
            finish(session, start);
        } else if (session.isPrimary()) {
            session.output().writerIndex(start);
        }
        if (withheld != null) {
            withheld.commandDone(start, spec != exec || !session.isSuspended());
        }
        return mistake;
    }

    /** Queues a command of a transaction; returns a mistake of ours, or null. */
    Throwable queue(Session session, Request request, CommandSpec spec) {
        int start = session.reply().buffer().writerIndex();
        session.state().lastCommand(spec.name());
        Call call = session.worker().call();
        boolean wasAsking = session.state().asking();
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
        if (wasAsking) {
            session.state().asking(false);
        }
        finish(session, start);
        return mistake;
    }

    /** Executes a command of a transaction whose locks EXEC holds; its mistakes are told at once. */
    void executeQueued(Session session, Request request, CommandSpec spec) {
        Worker worker = session.worker();
        int start = session.reply().buffer().writerIndex();
        Call call = worker.queuedCall();
        try {
            if (find(call, session, request, spec) >= 0) {
                freeze(call, spec);
            }
            handle(call, spec);
        } catch (ErrorReply error) {
            fail(session, spec, start, error.text());
        } catch (RuntimeException | AssertionError error) {
            fail(session, spec, start, INTERNAL_ERROR);
            worker.mistake(session, spec, error);
        }
        worker.statistics().called(spec.index(), worker.lapNanos());
        if (!session.isSuspended()) {
            finishQueued(session, start);
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
        boolean obeys = router == null || call.session().isObeyed();
        String refusal = obeys ? null : router.refusal(call, slot);
        if (refusal != null) {
            call.reply().error(refusal);
            return false;
        }
        dispatcher.requireGoingOn();
        freeze(call, spec);
        run(call, spec);
        call.session().applied();
        return true;
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

    /** Replaces what the command has written so far by an error. */
    private static void fail(Session session, CommandSpec spec, int start, String text) {
        session.reply().buffer().writerIndex(start);
        session.reply().error(text);
        session.worker().statistics().failed(spec.index());
    }

    /** Writes the reply of a command that had been suspended. */
    void lateReply(Session session, Consumer<ReplyEncoder> answer) {
        session.worker().refreshClock();
        ReplyEncoder reply = session.reply();
        int start = reply.buffer().writerIndex();
        answer.accept(reply);
        if (session.inTransaction() && session.transaction().isRunning()) {
            finishQueued(session, start);
        } else {
            finish(session, start);
        }
    }

    /** As {@link #finish} for one reply of many: CLIENT REPLY SKIP is for EXEC as a whole. */
    private static void finishQueued(Session session, int start) {
        session.worker().statistics().reply(session.output(), start);
        if (session.isPrimary()) {
            session.dropReply(start);
        }
        boolean unanswered = session.transaction().isUnanswered()
                || session.state().replyMode() == ClientState.ReplyMode.OFF;
        if (unanswered) {
            session.output().writerIndex(Math.max(start, session.out().kept()));
        }
    }

    /** EXEC has been answered: a SKIP that held for it is spent, one that was set by it is for the next command. */
    static void transactionAnswered(Session session, boolean unanswered) {
        ClientState state = session.state();
        if (unanswered && state.replyMode() == ClientState.ReplyMode.SKIP_NEXT) {
            state.replyMode(ClientState.ReplyMode.ON);
        } else if (state.replyMode() == ClientState.ReplyMode.SKIP) {
            state.replyMode(ClientState.ReplyMode.SKIP_NEXT);
        }
    }

    /** Counts an error reply and applies CLIENT REPLY to what was written since {@code start}. */
    private static void finish(Session session, int start) {
        session.worker().statistics().reply(session.output(), start);
        ClientState state = session.state();
        if (session.isPrimary()) {
            session.dropReply(start);
        } else if (state.replyMode() != ClientState.ReplyMode.ON) {
            dropReply(state, session.output(), Math.max(start, session.out().kept()));
        }
    }

    private static void dropReply(ClientState state, ByteBuf output, int start) {
        output.writerIndex(start);
        switch (state.replyMode()) {
            case SKIP -> state.replyMode(ClientState.ReplyMode.SKIP_NEXT);
            case SKIP_NEXT -> state.replyMode(ClientState.ReplyMode.ON);
            default -> {
                // OFF stays until CLIENT REPLY ON.
            }
        }
    }
}
