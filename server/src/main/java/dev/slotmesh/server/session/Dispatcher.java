package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.resp.Request;
import dev.slotmesh.resp.RequestLimits;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.command.CommandTable;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * From a decoded request to an executed command: finds it, checks arity and authentication, takes the lock of its keys'
 * slot, asks the router, runs the handler, keeps the counters.
 *
 * <p>One per node, used by all event loops at once. Nothing here is guarded by a lock: the table and the collaborators
 * are final, settings are volatile, everything that belongs to a request is in the session or its {@link Worker}.
 *
 * <p>Locks: all keys of a command are in one slot in cluster mode, and all slots share one lock otherwise, so one lock
 * per command is enough. Ownership is checked under it, so that no write slips past a hand-over.
 */
public final class Dispatcher {
    private static final ErrorReply BUSY = new ErrorReply(
            "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.");

    private final CommandTable<CommandHandler> table;
    private final Keyspace keyspace;
    private final SlotLocks locks;
    private final Router router;
    private final Clients clients = new Clients();
    private final Pause pause = new Pause();
    private final SessionEvents events;
    private final ConcurrentMap<Thread, Worker> workers = new ConcurrentHashMap<>();
    /** By command index: the argument that is its only key, 0 if it has none, -1 to search. */
    private final int[] onlyKey;

    private volatile SessionLimits limits;
    private volatile boolean authenticationRequired;
    private volatile WorkerStatistics.StatisticsSum statisticsBase;

    /** @param router null when cluster mode is off */
    public Dispatcher(
            CommandTable<CommandHandler> table,
            Keyspace keyspace,
            Router router,
            SessionLimits limits,
            SessionEvents events) {
        this.table = table;
        this.keyspace = keyspace;
        this.locks = keyspace.locks();
        this.router = router;
        this.limits = limits;
        this.events = events;
        this.onlyKey = new int[table.size()];
        for (int i = 0; i < onlyKey.length; i++) {
            onlyKey[i] = onlyKeyOf(table.at(i));
        }
        this.statisticsBase = new WorkerStatistics.StatisticsSum(table.size());
    }

    private static int onlyKeyOf(CommandSpec spec) {
        if (!spec.hasKeys()) {
            // Shard channels are no keys, but belong to slots and are routed as keys are.
            return spec.keySpecs().isEmpty() ? 0 : -1;
        }
        boolean plain = spec.firstKey() > 0
                && spec.firstKey() == spec.lastKey()
                && !spec.has(CommandFlags.MOVABLE_KEYS);
        return plain ? spec.firstKey() : -1;
    }

    /** Makes the session of a new connection; called on the connection's event loop. */
    public Session admit(Connection connection) {
        Worker worker = workers.computeIfAbsent(
                Thread.currentThread(), thread -> new Worker(this, table.size()));
        boolean open = !authenticationRequired;
        ClientState state = new ClientState(worker.refreshClock(), open);
        Session session =
                new Session(clients.nextId(), connection, worker, requestLimits(open), state);
        clients.add(session);
        return session;
    }

    /** The decoder's limits for an authenticated client or one that is not yet. */
    public RequestLimits requestLimits(boolean authenticated) {
        return authenticated
                ? RequestLimits.DEFAULT.withMaxBulkBytes(limits.maxBulkBytes())
                : RequestLimits.UNAUTHENTICATED;
    }

    /**
     * Executes one request of a session.
     *
     * @return false when the command is put off and must be tried again later
     */
    boolean dispatch(Session session) {
        Request request = session.request();
        ReplyEncoder reply = session.reply();
        ByteBuf output = session.output();
        int start = output.writerIndex();
        CommandSpec spec = table.find(request);
        ErrorReply refusal = refusal(session, request, spec);
        if (refusal == null && pause.kind() != Pause.Kind.NONE && isPaused(session, spec)) {
            return false;
        }
        Worker worker = session.worker();
        if (refusal != null) {
            reply.error(refusal.text());
            if (spec != null) {
                worker.statistics().rejected(spec.index());
            }
        } else {
            session.state().lastCommand(spec.name());
            execute(session, spec, start);
        }
        if (!session.isSuspended()) {
            finish(session, output, start);
        }
        return true;
    }

    private ErrorReply refusal(Session session, Request request, CommandSpec spec) {
        if (spec == null || table.handler(spec) == null) {
            return UnknownCommand.error(table, request);
        }
        if (!spec.acceptsArgumentCount(request.argumentCount())) {
            return new ErrorReply(
                    "ERR wrong number of arguments for '" + spec.name() + "' command");
        }
        if (!session.state().authenticated()
                && authenticationRequired
                && !spec.has(CommandFlags.NO_AUTH)) {
            return new ErrorReply("NOAUTH Authentication required.");
        }
        return events.refusal(session, spec);
    }

    private boolean isPaused(Session session, CommandSpec spec) {
        if (pause.expire(session.worker().nowMs())) {
            resumePaused();
            return false;
        }
        // CLIENT itself is never put off, or nobody could end the pause.
        if (spec.name().startsWith("client|")) {
            return false;
        }
        return pause.kind() == Pause.Kind.ALL
                || spec.has(CommandFlags.WRITE | CommandFlags.MAY_REPLICATE);
    }

    private void execute(Session session, CommandSpec spec, int start) {
        Worker worker = session.worker();
        Call call = worker.call();
        call.begin(session, spec);
        boolean wasAsking = session.state().asking();
        boolean ran = true;
        try {
            ran = run(call, spec);
        } catch (ErrorReply error) {
            fail(session, spec, start, error.text());
        } catch (RuntimeException | AssertionError error) {
            fail(session, spec, start, "ERR internal error, see the server's log");
            events.internalError(session, spec, error);
        }
        if (wasAsking) {
            session.state().asking(false);
        }
        long took = worker.lapNanos();
        if (ran) {
            worker.statistics().called(spec.index(), took);
        } else {
            worker.statistics().rejected(spec.index());
        }
    }

    private boolean run(Call call, CommandSpec spec) {
        int only = onlyKey[spec.index()];
        if (only > 0) {
            call.key(only);
            return executeWithKeys(call, spec);
        }
        if (only < 0 && call.searchKeys() > 0) {
            return executeWithKeys(call, spec);
        }
        table.handler(spec).run(call);
        return true;
    }

    /** Replaces what the command has written so far by an error. */
    private static void fail(Session session, CommandSpec spec, int start, String text) {
        session.reply().buffer().writerIndex(start);
        session.reply().error(text);
        session.worker().statistics().failed(spec.index());
    }

    /** Whether the handler ran; a command sent elsewhere did not. */
    private boolean executeWithKeys(Call call, CommandSpec spec) {
        int firstKey = call.keyArgument(0);
        int slot = HashSlot.of(call.span(firstKey));
        call.located(firstKey, slot);
        if (!locks.tryLock(slot) && !locks.tryLock(slot, limits.busyReplyMs())) {
            throw BUSY;
        }
        try {
            String refusal = router == null ? null : router.refusal(call, slot);
            if (refusal != null) {
                call.reply().error(refusal);
                return false;
            }
            table.handler(spec).run(call);
            return true;
        } finally {
            locks.unlock(slot);
        }
    }

    /** Counts an error reply and applies CLIENT REPLY to what was written since {@code start}. */
    private void finish(Session session, ByteBuf output, int start) {
        if (output.writerIndex() > start && output.getByte(start) == '-') {
            session.worker().statistics().error(errorCode(output, start + 1));
        }
        ClientState state = session.state();
        if (state.replyMode() != ClientState.ReplyMode.ON) {
            dropReply(state, output, start);
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

    private static String errorCode(ByteBuf output, int from) {
        int end = from;
        while (end < output.writerIndex() && output.getByte(end) > ' ') {
            end++;
        }
        return output.toString(from, end - from, StandardCharsets.ISO_8859_1);
    }

    /** Writes the reply of a command that had been suspended. */
    void lateReply(Session session, Consumer<ReplyEncoder> answer) {
        session.worker().refreshClock();
        ReplyEncoder reply = session.reply();
        ByteBuf output = session.output();
        int start = output.writerIndex();
        answer.accept(reply);
        finish(session, output, start);
    }

    /** Lets the clients that a pause had put off try again. */
    public void resumePaused() {
        for (Session session : clients.all()) {
            if (session.isPostponed()) {
                session.retry();
            }
        }
    }

    void protocolError(Session session, String error) {
        events.protocolError(session, error);
    }

    void queryBufferExceeded(Session session) {
        events.queryBufferExceeded(session);
    }

    long queryBufferLimit() {
        return limits.queryBufferBytes();
    }

    /** Whether a client with this many unsent bytes must be dropped. */
    boolean outputLimitExceeded(Session session, long pendingBytes) {
        if (!limits.output()
                .exceeded(session.state(), pendingBytes, session.worker().nowMs())) {
            return false;
        }
        events.outputBufferExceeded(session, pendingBytes);
        return true;
    }

    /** Replaces the limits; sessions see them from their next command on, their decoders from the next connection. */
    public void limits(SessionLimits newLimits) {
        limits = newLimits;
    }

    public SessionLimits limits() {
        return limits;
    }

    /** Whether clients must authenticate (a password is set). Clients already connected stay as they are. */
    public void authenticationRequired(boolean required) {
        authenticationRequired = required;
    }

    public CommandTable<CommandHandler> table() {
        return table;
    }

    public Keyspace keyspace() {
        return keyspace;
    }

    public Clients clients() {
        return clients;
    }

    public Pause pause() {
        return pause;
    }

    public boolean clusterEnabled() {
        return router != null;
    }

    /** The counters of all loops since the start or the last reset. */
    public WorkerStatistics.StatisticsSum statistics() {
        return sum().since(statisticsBase);
    }

    /** CONFIG RESETSTAT for the counters of commands, errors, hits and network. */
    public void resetStatistics() {
        statisticsBase = sum();
    }

    private WorkerStatistics.StatisticsSum sum() {
        WorkerStatistics.StatisticsSum sum = new WorkerStatistics.StatisticsSum(table.size());
        List.copyOf(workers.values()).forEach(worker -> worker.statistics().addTo(sum));
        return sum;
    }
}
