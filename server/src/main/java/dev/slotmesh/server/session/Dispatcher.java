package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Removal;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.RequestLimits;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.propagation.CommandLog;
import dev.slotmesh.server.propagation.DeletionForms;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all sessions of a node share: the command table, the keyspace, limits, the clients themselves and their counters.
 * How a command is executed is in {@link Execution}.
 *
 * <p>Used by all event loops at once. Nothing here is guarded by a lock: the collaborators are final, settings are
 * volatile, counters belong to the {@link Worker} of one loop each.
 */
public final class Dispatcher {
    private static final ErrorReply ENDING = new ErrorReply("ERR The server is shutting down");

    private final CommandTable<CommandHandler> table;
    private final Keyspace keyspace;
    private final boolean clusterEnabled;
    /** Null when cluster mode is off. */
    private final Router router;

    private final Execution execution;
    private final Interests interests = new Interests();
    private final KeyNotifications notifications;
    private final Waits waits;
    private final Transactions transactions;
    private final CommandLog commandLog;
    private final SlotLoads slotLoads = new SlotLoads();
    private final Clients clients = new Clients();
    private final Pause pause = new Pause();
    private final SlotStop slotStop;
    /** Changes made by threads that run no commands. */
    private final LongAdder changesAside = new LongAdder();

    private final SessionEvents events;
    private final ConcurrentMap<Thread, Worker> workers = new ConcurrentHashMap<>();

    /** What the last review saw; belongs to its thread. */
    private boolean wasReplica;

    private volatile SessionLimits limits;
    /** Null when replies may go whenever they are there. */
    private volatile ReplyGate replyGate;

    private volatile boolean authenticationRequired;
    private volatile boolean ending;
    private volatile AckWrites ackWrites = AckWrites.OFF;
    private volatile Runnable whenFlushing = () -> {};
    private volatile Confirmations confirmations = Confirmations.NONE;
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
        this.notifications = new KeyNotifications(keyspace);
        this.slotStop = new SlotStop(keyspace.locks());
        this.commandLog = new CommandLog(keyspace.locks());
        this.clusterEnabled = router != null;
        this.limits = limits;
        this.events = events;
        this.statisticsBase = new WorkerStatistics.StatisticsSum(table.size());
        this.router = router;
        this.waits = new Waits(this, interests);
        this.execution = new Execution(this, router, events);
        this.transactions = new Transactions(this, execution, interests, router);
    }

    /** Makes the session of a new connection; called on the connection's event loop. */
    public Session admit(Connection connection) {
        Worker worker = worker();
        boolean open = !authenticationRequired;
        ClientState state = new ClientState(worker.refreshClock(), open);
        Session session =
                new Session(clients.nextId(), connection, worker, requestLimits(open), state, null);
        clients.add(session);
        // Now, or a change meanwhile would be missed.
        session.out().ackWrites(ackWrites, false);
        return session;
    }

    /** Makes the session that applies a primary's commands; called on the connection's event loop. */
    public Session admitPrimary(Connection connection, PrimaryStream stream) {
        Worker worker = worker();
        ClientState state = new ClientState(worker.refreshClock(), true);
        Session session = new Session(
                clients.nextId(), connection, worker, RequestLimits.DEFAULT, state, stream);
        clients.add(session);
        return session;
    }

    /** All keys have been exchanged for others: every transaction that watches any fails. Holds no slot lock. */
    public void breakWatches() {
        for (Session session : clients.all()) {
            session.breakWatches();
        }
    }

    /** The node has become a replica: every wait for keys ends with an error and its connection. Holds no slot lock. */
    public void endWaits() {
        waits.endAll();
    }

    /**
     * Makes what executes a stream of commands that is obeyed, for the present thread. It is no client: nobody sees it in CLIENT
     * LIST.
     */
    public Applier applier(Applier.Listener listener) {
        Worker worker = worker();
        ClientState state = ClientState.ofStream(worker.refreshClock());
        Session session = new Session(
                clients.nextId(), new SilentConnection(), worker, requestLimits(true), state, null);
        return new Applier(this, session, listener);
    }

    private Worker worker() {
        return workers.computeIfAbsent(
                Thread.currentThread(), thread -> new Worker(this, table.size()));
    }

    /** The decoder's limits for an authenticated client or one that is not yet. */
    public RequestLimits requestLimits(boolean authenticated) {
        return authenticated
                ? RequestLimits.DEFAULT.withMaxBulkBytes(limits.maxBulkBytes())
                : RequestLimits.UNAUTHENTICATED;
    }

    /** Lets the clients that a pause had put off try again. */
    public void resumePaused() {
        for (Session session : clients.all()) {
            if (session.isPostponed()) {
                session.retry();
            }
        }
    }

    /** Called under the world lock when a client is about to empty a database. Before the node serves. */
    public void whenFlushing(Runnable action) {
        whenFlushing = action;
    }

    void flushing() {
        whenFlushing.run();
    }

    /** Who knows which writes replicas have. Before the node serves. */
    public void confirmations(Confirmations source) {
        confirmations = source;
    }

    Confirmations confirmations() {
        return confirmations;
    }

    /** Which writes are answered when replicas have them, for all clients that have not said otherwise. Any thread. */
    public void ackWrites(AckWrites terms) {
        ackWrites = terms;
        for (Session session : clients.all()) {
            session.connection().execute(() -> session.out().ackWrites(terms, false));
        }
    }

    public AckWrites ackWrites() {
        return ackWrites;
    }

    Interests interests() {
        return interests;
    }

    Waits waits() {
        return waits;
    }

    /** Which keyspace events are published, and where. */
    public KeyNotifications notifications() {
        return notifications;
    }

    /** Where changes are handed to replicas and to the append-only file. */
    public CommandLog commandLog() {
        return commandLog;
    }

    /** MULTI and its kin. */
    public Transactions transactions() {
        return transactions;
    }

    /** Clients that wait for keys. */
    public int waitingCount() {
        return waits.count();
    }

    /** Clients that wait for keys for a limited time. */
    public int timedWaitCount() {
        return waits.timedCount();
    }

    /** Keys that clients wait for or watch. */
    public int keysOfInterest() {
        return interests.count();
    }

    /**
     * Ends a client's wait for keys. Any thread that holds no slot lock, or all.
     *
     * @param withError whether the client gets the error UNBLOCKED, else what it gets when its time is up
     * @return false when it did not wait
     */
    public boolean unblock(Session session, boolean withError) {
        return waits.unblock(session, withError ? Waits.UNBLOCKED : null)
                || session.unblock(withError);
    }

    /**
     * Ends the waits for keys of slots that this node does not serve any more, and all, with their connections, when it has
     * become a replica. For one thread, which holds no slot lock.
     */
    public void reviewWaits() {
        if (router == null) {
            return;
        }
        boolean replica = router.isReplica();
        if (replica && !wasReplica) {
            waits.endAll();
        }
        wasReplica = replica;
        if (waits.count() > 0) {
            waits.review(router);
        }
    }

    /** Notes from now on whether a key is changed; the lock of its slot is held. */
    public ChangeWatch watch(Slot slot, byte[] key) {
        return new ChangeWatch(interests, slot, new KeyName(slot.database().number(), key));
    }

    /** Deletes a key as DEL does, on any thread that holds the lock of its slot. */
    public void delete(Slot slot, long entry) {
        keyLost(slot, entry, KeyEvent.DEL);
        goneElsewhere(slot, entry);
    }

    /**
     * Deletes a key of a slot that another node has now, on any thread that holds the lock of its slot. Replicas and the
     * append-only file are told, watches are broken; listeners are not told, as the key lives on over there.
     */
    public void drop(Slot slot, long entry) {
        if (!interests.none()) {
            waits.lost(slot, slot.key(entry, new ByteSpan()));
        }
        goneElsewhere(slot, entry);
    }

    private void goneElsewhere(Slot slot, long entry) {
        if (commandLog.isActive()) {
            tell(slot, entry, DeletionForms.ofMoved());
        }
        changesAside.increment();
        slot.removeEntry(entry);
    }

    /** A key is about to go without a command having asked for it; the lock of its slot is held, on any thread. */
    public void removing(Slot slot, long entry, Removal cause) {
        keyLost(slot, entry, cause == Removal.EVICTED ? KeyEvent.EVICTED : KeyEvent.EXPIRED);
        if (commandLog.isActive()) {
            DeletionForms forms = commandLog.deletionForms();
            tell(slot, entry, cause == Removal.EVICTED ? forms.evicted() : forms.expired());
        }
    }

    /** A field of a hash is about to go because its time has passed; the lock of its slot is held, on any thread. */
    public void fieldExpiring(Slot slot, long entry, ByteSpan field) {
        if (commandLog.isActive()) {
            int database = slot.database().number();
            ByteSpan key = slot.key(entry, new ByteSpan());
            Worker worker = workers.get(Thread.currentThread());
            if (worker == null) {
                byte[] name = DeletionForms.ofField();
                commandLog.appendAlone(database, name, key.toByteArray(), field.toByteArray());
            } else {
                worker.propagation().fieldRemoved(database, key, field);
            }
        }
    }

    private void tell(Slot slot, long entry, byte[] deletion) {
        int database = slot.database().number();
        ByteSpan key = slot.key(entry, new ByteSpan());
        Worker worker = workers.get(Thread.currentThread());
        if (worker == null) {
            commandLog.appendAlone(database, deletion, key.toByteArray());
        } else {
            worker.propagation().removed(database, deletion, key);
        }
    }

    /**
     * A key goes without a command having asked for it: its time has passed, or room was needed. To be told under the lock
     * of its slot, before it goes.
     */
    public void keyLost(Slot slot, long entry, KeyEvent event) {
        if (!interests.none() || !notifications.silent()) {
            ByteSpan key = slot.key(entry, new ByteSpan());
            waits.lost(slot, key);
            notifications.event(slot, key, event);
        }
    }

    /** Tells of a key that was not there before; the lock of its slot is held. */
    public void keyCreated(Slot slot, long entry) {
        notifications.event(slot, slot.key(entry, new ByteSpan()), KeyEvent.NEW);
    }

    /** Changes to keys since the start: INFO rdb_changes_since_last_save. */
    public long changeCount() {
        long count = changesAside.sum();
        for (Worker worker : workers.values()) {
            count += worker.changes().changeCount();
        }
        return count;
    }

    /** No command on keys is executed any more: the node has saved what it holds. The world lock is held. */
    public void end() {
        ending = true;
    }

    /** Answers whoever would execute a command on keys after {@link #end}, under its lock. */
    void requireGoingOn() {
        if (ending) {
            throw ENDING;
        }
    }

    void internalError(Session session, CommandSpec spec, Throwable cause) {
        events.internalError(session, spec, cause);
    }

    void primaryCommandFailed(Session session, String command, String error) {
        events.primaryCommandFailed(session, command, error);
    }

    void protocolError(Session session, String error) {
        events.protocolError(session, error);
        if (session.isPrimary()) {
            session.primary().broken();
        }
    }

    void queryBufferExceeded(Session session) {
        events.queryBufferExceeded(session);
    }

    long queryBufferLimit() {
        return limits.queryBufferBytes();
    }

    /** Whether a client with this many unsent bytes must be dropped. */
    boolean outputLimitExceeded(Session session, long pendingBytes) {
        SessionLimits.Output limit = limits.outputs().of(session);
        if (!limit.exceeded(session.state(), pendingBytes, session.worker().nowMs())) {
            return false;
        }
        events.outputBufferExceeded(session, pendingBytes);
        return true;
    }

    /** Sets what every reply has to pass before it is sent, or null for nothing. Any thread. */
    public void replyGate(ReplyGate gateOrNull) {
        replyGate = gateOrNull;
    }

    /** Whether replies have to pass a gate. */
    boolean isGated() {
        return replyGate != null;
    }

    /** Whether the replies there are may be sent; no slot lock is held. */
    boolean passReplies() {
        ReplyGate gate = replyGate;
        return gate == null || gate.pass();
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

    boolean isAuthenticationRequired() {
        return authenticationRequired;
    }

    Execution execution() {
        return execution;
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

    /** What is put off while slots are handed over. */
    public SlotStop slotStop() {
        return slotStop;
    }

    /** Whether commands of any kind are put off. */
    boolean putsOff() {
        return pause.kind() != Pause.Kind.NONE || slotStop.isActive();
    }

    public boolean clusterEnabled() {
        return clusterEnabled;
    }

    /** The counters of all loops since the start or the last reset. */
    public WorkerStatistics.StatisticsSum statistics() {
        return sum().since(statisticsBase);
    }

    /** What commands cost each slot. */
    public SlotLoads slotLoads() {
        return slotLoads;
    }

    /** CONFIG RESETSTAT for the counters of commands, errors, hits, network and slots. */
    public void resetStatistics() {
        slotLoads.reset();
        statisticsBase = sum();
    }

    private WorkerStatistics.StatisticsSum sum() {
        WorkerStatistics.StatisticsSum sum = new WorkerStatistics.StatisticsSum(table.size());
        List.copyOf(workers.values()).forEach(worker -> worker.statistics().addTo(sum));
        return sum;
    }
}
