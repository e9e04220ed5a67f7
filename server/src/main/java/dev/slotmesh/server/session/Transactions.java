package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;

import java.util.Set;
import java.util.TreeSet;

/**
 * MULTI, EXEC, DISCARD, WATCH and UNWATCH: the queues of clients and their execution.
 *
 * <p><b>Locks.</b> EXEC holds, from before it asks whether a watched key was changed to after its last command, the locks of
 * the queued keys' slot and of all watched keys' slots, taken ascending; so nobody comes between, and nobody who has seen
 * a watched key change finds the transaction executed later. A queue with a command that takes other locks itself
 * (FLUSHALL, KEYS, CLIENT UNBLOCK) takes all there are. Without a lock per slot it is the one lock each time.
 *
 * <p><b>Commands that answer later.</b> Those that ask the cluster bus touch no keys and wait for another thread, which must
 * not be done under a lock. The transaction then stands still, without locks, until the answer has come: between such a
 * command and the next one others may come.
 */
public final class Transactions {
    private static final ErrorReply NESTED = new ErrorReply("ERR MULTI calls can not be nested");
    private static final ErrorReply EXEC_ALONE = new ErrorReply("ERR EXEC without MULTI");
    private static final ErrorReply DISCARD_ALONE = new ErrorReply("ERR DISCARD without MULTI");
    private static final ErrorReply WATCH_INSIDE =
            new ErrorReply("ERR WATCH inside MULTI is not allowed");
    private static final ErrorReply ABORTED =
            new ErrorReply("EXECABORT Transaction discarded because of previous errors.");
    private static final String CROSS_SLOT =
            "CROSSSLOT Keys in request don't hash to the same slot";
    private static final String TRY_AGAIN =
            "TRYAGAIN Multiple keys request during rehashing of slot";
    /** Carried out at once inside MULTI; every other command is queued. */
    private static final Set<String> IMMEDIATE =
            Set.of("multi", "exec", "discard", "watch", "quit", "reset");

    private final Dispatcher dispatcher;
    private final Execution execution;
    private final Interests interests;
    private final SlotLocks locks;
    private final Router router;

    Transactions(Dispatcher dispatcher, Execution execution, Interests interests, Router router) {
        this.dispatcher = dispatcher;
        this.execution = execution;
        this.interests = interests;
        this.locks = dispatcher.keyspace().locks();
        this.router = router;
    }

    /** Whether a command of a client that is inside MULTI is queued. */
    static boolean isQueued(CommandSpec spec) {
        return !IMMEDIATE.contains(spec.name());
    }

    /** What a refusal of EXEC itself says; the transaction is over. */
    ErrorReply aborted(Session session, ErrorReply refusal) {
        end(session);
        String text = refusal.text();
        return new ErrorReply("EXECABORT Transaction discarded because of: "
                + (text.startsWith("ERR ") ? text.substring("ERR ".length()) : text));
    }

    /** MULTI. */
    public void multi(Call call) {
        if (call.session().transaction() != null) {
            throw NESTED;
        }
        Transaction begun = new Transaction();
        begun.noteRequest(call.request(), -1);
        call.session().transaction(begun);
        call.reply().ok();
    }

    /** DISCARD. */
    public void discard(Call call) {
        if (call.session().transaction() == null) {
            throw DISCARD_ALONE;
        }
        end(call.session());
        call.reply().ok();
    }

    /** WATCH; the locks of its keys are held. */
    public void watch(Call call) {
        Session session = call.session();
        if (session.transaction() != null) {
            throw WATCH_INSIDE;
        }
        for (int i = 0; i < call.keyCount(); i++) {
            watch(call, call.keyArgument(i));
        }
        call.reply().ok();
    }

    private void watch(Call call, int argument) {
        Watches watches = call.session().watchesToAdd();
        Slot slot = call.slot(argument);
        // Meets the key if its time has passed, so that this is no change afterwards.
        boolean absent = slot.peek(call.span(argument), call.nowMs()) == Slot.ABSENT;
        KeyInterest interest = interests.of(
                slot.number(), new KeyName(slot.database().number(), call.bytes(argument)));
        if (!watches.has(interest)) {
            Watch watch = new Watch(watches, interest, absent);
            watches.add(watch);
            interest.add(watch);
        }
    }

    /** UNWATCH. */
    public void unwatch(Call call) {
        unwatch(call.session());
        call.reply().ok();
    }

    /** Takes back what the session watches; holds no slot lock, or all that are concerned. */
    void unwatch(Session session) {
        Watches watches = session.watches();
        if (watches == null) {
            return;
        }
        for (Watch watch : watches.all()) {
            KeyInterest interest = watch.interest();
            locks.lock(interest.slot());
            try {
                interest.remove(watch);
                interests.tidy(interest);
            } finally {
                locks.unlock(interest.slot());
            }
        }
        session.forgetWatches();
    }

    /** Drops what a session has queued and takes back what it watches: DISCARD, RESET, the end of the connection. */
    public void end(Session session) {
        Transaction transaction = session.transaction();
        if (transaction != null) {
            session.transaction(null);
            transaction.release();
            session.pushes().transactionOver();
        }
        unwatch(session);
    }

    /**
     * Queues a command, unless it belongs elsewhere.
     *
     * @param call the command with its keys found
     * @param slot of its keys, -1 when it has none
     * @return the error line when it belongs elsewhere, else null
     */
    String queue(Call call, int slot) {
        Session session = call.session();
        Transaction transaction = session.transaction();
        boolean asks = slot >= 0 && (session.slotImport() != null || isRouted(session));
        String refusal = asks ? refusal(call, slot) : null;
        if (refusal != null) {
            transaction.abort();
            return refusal;
        }
        boolean inVain = transaction.isAborted()
                || session.watches() != null && session.watches().isBroken();
        if (!inVain) {
            transaction.noteRequest(call.request(), slot);
            transaction.add(
                    call.request()
                            .copyTo(session.connection()
                                    .allocate(Math.max(1, call.request().totalBytes()))),
                    call.spec());
            session.noteQueue();
        }
        call.reply().simpleString("QUEUED");
        return null;
    }

    private boolean isRouted(Session session) {
        return router != null && !session.isObeyed();
    }

    private String refusal(Call call, int slot) {
        locks.lock(slot);
        Recorder recorder = call.session().worker().recorder();
        recorder.begin();
        try {
            return execution.refusal(call, slot);
        } finally {
            recorder.end(call.session());
            locks.unlock(slot);
        }
    }

    /** EXEC. */
    public void exec(Call call) {
        Session session = call.session();
        Transaction transaction = session.transaction();
        if (transaction == null) {
            throw EXEC_ALONE;
        }
        int[] slots = slots(session, transaction);
        lock(slots);
        session.worker().recorder().begin();
        boolean over = true;
        try {
            dispatcher.requireGoingOn();
            String refusal = isRouted(session) || session.slotImport() != null
                    ? refusal(session, transaction)
                    : null;
            if (refusal != null) {
                throw new ErrorReply(refusal);
            }
            if (transaction.isAborted()) {
                throw ABORTED;
            }
            if (dispatcher.slotStop().isActive() && isHeld(session, transaction)) {
                over = false;
                throw PutOff.NOW;
            }
            over = start(session, transaction);
        } finally {
            settle(session);
            session.applied();
            unlock(slots);
            if (over) {
                end(session);
            }
        }
    }

    /** Tells others of what was changed, and serves who waited for it; the locks are still held. */
    private void settle(Session session) {
        Recorder recorder = session.worker().recorder();
        recorder.endUnit();
        execution.serveReady(session.worker());
        recorder.end(session);
    }

    /** Begins the reply and executes what can be executed; true when that was all. */
    private boolean start(Session session, Transaction transaction) {
        ClientState.ReplyMode mode = session.state().replyMode();
        boolean replies = mode == ClientState.ReplyMode.ON;
        boolean broken = isBroken(session);
        transaction.begin(mode == ClientState.ReplyMode.SKIP_NEXT);
        if (broken && replies) {
            session.reply().nullArray();
        } else if (replies) {
            session.reply().array(transaction.size());
        }
        unwatch(session);
        if (broken || runOn(session, transaction)) {
            ReplyRules.transactionAnswered(session, transaction.isUnanswered());
            return true;
        }
        return false;
    }

    /** Executes queued commands up to the end, or one that answers later; their locks are held. True at the end. */
    private boolean runOn(Session session, Transaction transaction) {
        long startNanos = session.worker().lapStart();
        while (transaction.hasNext() && !session.isSuspended()) {
            Transaction.Queued queued = transaction.next();
            execution.executeQueued(session, queued.request(), queued.spec());
        }
        session.worker().lapFrom(startNanos);
        return !transaction.hasNext() && !session.isSuspended();
    }

    /** Goes on with a transaction that stood still for an answer, which has been written. */
    void goOn(Session session) {
        Transaction transaction = session.transaction();
        int[] slots = slots(session, transaction);
        lock(slots);
        session.worker().recorder().begin();
        boolean over;
        try {
            over = runOn(session, transaction);
        } finally {
            settle(session);
            unlock(slots);
        }
        if (over) {
            ReplyRules.transactionAnswered(session, transaction.isUnanswered());
            session.out().completed();
            end(session);
        }
    }

    /** Whether a watched key was changed or has gone since; the locks of all are held. */
    private boolean isBroken(Session session) {
        Watches watches = session.watches();
        if (watches == null) {
            return false;
        }
        for (Watch watch : watches.all()) {
            // A key that has come meanwhile counts as changed by those commands only that say so: a
            // BITFIELD of which
            // every step failed has made one and, as in Redis, changed nothing.
            if (!watches.isBroken()
                    && !watch.absent()
                    && isAbsent(watch, session.worker().nowMs())) {
                watches.breakUp();
            }
        }
        return watches.isBroken();
    }

    private boolean isAbsent(Watch watch, long nowMs) {
        KeyName key = watch.interest().key();
        Database database = dispatcher.keyspace().database(key.database());
        try (NativeBuffer name = new NativeBuffer(Math.max(1, key.bytes().length))) {
            ByteSpan span = name.put(key.bytes());
            return database.slot(watch.interest().slot()).peek(span, nowMs) == Slot.ABSENT;
        }
    }

    /** Decides over the queue as a whole as the router does over a command; the keys' locks are held. */
    private String refusal(Session session, Transaction transaction) {
        Call call = session.worker().queuedCall();
        int slot = -1;
        boolean served = false;
        String refusal = null;
        for (Transaction.Queued queued : transaction.queue()) {
            int own = execution.find(call, session, queued.request(), queued.spec());
            if (own < 0) {
                continue;
            }
            if (slot >= 0 && own != slot) {
                return CROSS_SLOT;
            }
            slot = own;
            String ofOne = execution.refusal(call, own);
            served |= ofOne == null;
            refusal = refusal == null ? ofOne : refusal;
        }
        boolean partly = served && refusal != null && refusal.startsWith("ASK ");
        return partly ? TRY_AGAIN : refusal;
    }

    /** Whether a queued command has to wait; the keys' locks are held. */
    private boolean isHeld(Session session, Transaction transaction) {
        Call call = session.worker().queuedCall();
        for (Transaction.Queued queued : transaction.queue()) {
            int slot = execution.find(call, session, queued.request(), queued.spec());
            if (slot >= 0 && dispatcher.slotStop().holds(slot, queued.spec())) {
                return !session.isObeyed();
            }
        }
        return false;
    }

    /** The slots to lock, ascending: of the watched keys and of the queued commands' first keys. Null is all. */
    int[] slots(Session session, Transaction transaction) {
        if (locks.shared()) {
            return new int[] {0};
        }
        Set<Integer> slots = new TreeSet<>();
        if (session.watches() != null) {
            session.watches().all().forEach(watch -> slots.add(watch.interest().slot()));
        }
        Call call = session.worker().queuedCall();
        for (Transaction.Queued queued : transaction.queue()) {
            int slot = execution.find(call, session, queued.request(), queued.spec());
            if (slot >= 0) {
                slots.add(slot);
            } else if (!queued.spec().has(CommandFlags.FAST)) {
                return null;
            }
        }
        return slots.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Takes the locks of these slots, of all when null. */
    void lock(int[] slots) {
        if (slots == null) {
            locks.lockWorld();
        } else {
            locks.lockAll(slots, slots.length);
        }
    }

    /** Gives back what {@link #lock} took. */
    void unlock(int[] slots) {
        if (slots == null) {
            locks.unlockWorld();
        } else {
            locks.unlockAll(slots, slots.length);
        }
    }
}
