package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.resp.ReplyEncoder;

import io.netty.buffer.ByteBuf;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The clients of a node that wait for keys: how a wait begins, and each way it can end.
 *
 * <p><b>What is guarded by what.</b> A wait is registered at its keys in {@link Interests}, under the lock of their slots,
 * while its command still holds it; so no change falls between looking and waiting. Whoever wants to end it takes that
 * lock, looks whether it is settled already, settles it and takes it out of all its keys: the command that made a key ready,
 * the timer and the end of the connection (on the client's loop), CLIENT UNBLOCK (on any), the review (on the cron's
 * thread). So exactly one of them decides.
 *
 * <p><b>Serving.</b> A command notes the waited-for keys it changed in its loop's {@link Changes}. When it is done, and before
 * its lock is given back, {@link #serve} asks the waiting clients of each such key, first come first; what they change may
 * make further keys ready. The reply is written into a buffer and handed to the waiting client's loop once no lock is held.
 *
 * <p><b>Who may be late.</b> The client's loop gets the reply some time after it was decided. If the connection ends in
 * between, the reply is lost, as it is when it ends a moment after it was sent.
 */
final class Waits {
    static final ErrorReply UNBLOCKED =
            new ErrorReply("UNBLOCKED client unblocked via CLIENT UNBLOCK");
    static final ErrorReply ROLE_CHANGED = new ErrorReply(
            "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)");
    private static final int FIRST_REPLY_BYTES = 256;

    private final Dispatcher dispatcher;
    private final Keyspace keyspace;
    private final SlotLocks locks;
    private final Interests interests;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger timed = new AtomicInteger();

    Waits(Dispatcher dispatcher, Interests interests) {
        this.dispatcher = dispatcher;
        this.keyspace = dispatcher.keyspace();
        this.locks = keyspace.locks();
        this.interests = interests;
    }

    /** Clients that wait now. */
    int count() {
        return waiting.get();
    }

    /** Those of them whose time is limited. */
    int timedCount() {
        return timed.get();
    }

    /** Lets the client of a command wait; the locks of its keys are held. */
    void begin(Call call, Wait wait, Waiter waiter) {
        Session session = call.session();
        Suspension suspension = session.suspendReading(call.spec().name());
        WaitingClient client = new WaitingClient(session, suspension, wait, waiter, call.spec());
        int database = call.client().database();
        for (int i = 0; i < wait.keyCount(); i++) {
            int slot = HashSlot.of(call.span(wait.firstKey() + i));
            locks.requireHeld(slot);
            client.add(
                    interests.of(slot, new KeyName(database, call.bytes(wait.firstKey() + i))), i);
        }
        client.keys().forEach(key -> key.add(client));
        waiting.incrementAndGet();
        if (wait.timeoutMs() > 0) {
            timed.incrementAndGet();
            client.timer(session.connection().schedule(wait.timeoutMs(), () -> timeOut(client)));
        }
        session.waiting(client);
        suspension.whenAbandoned(() -> abandon(client));
    }

    /** Serves the clients that wait for the keys which this loop's command has changed, and for those that serving changes. */
    void serve(Worker worker) {
        Changes changes = worker.changes();
        for (KeyInterest key = changes.nextReady(); key != null; key = changes.nextReady()) {
            // Held already, unless the command took the world lock itself and has given it back.
            locks.lock(key.slot());
            try (NativeBuffer name = new NativeBuffer(Math.max(1, key.key().bytes().length))) {
                key.served();
                Database database = keyspace.database(key.key().database());
                Slot slot = database.slot(key.slot());
                serve(worker, key, new Serving(worker, slot, name.put(key.key().bytes())));
            } finally {
                locks.unlock(key.slot());
            }
        }
    }

    private void serve(Worker worker, KeyInterest key, Serving serving) {
        Slot slot = serving.slot();
        Iterator<WaitingClient> clients = key.waiting();
        while (clients.hasNext()) {
            long entry = slot.peek(serving.key(), worker.nowMs());
            if (entry == Slot.ABSENT && !key.isLossMinded()) {
                break;
            }
            WaitingClient client = clients.next();
            boolean there = entry != Slot.ABSENT
                    && slot.type(entry) == client.expected().type();
            if (there ? answer(worker, key, client, serving) : lose(client)) {
                clients.remove();
                key.removed(client);
                settle(client);
                worker.served(client);
            }
        }
        interests.tidy(key);
    }

    /** Lets a client try to go on; true when it has its reply. */
    private static boolean answer(
            Worker worker, KeyInterest key, WaitingClient client, Serving serving) {
        Session session = client.session();
        ByteBuf buffer = session.connection().allocate(FIRST_REPLY_BYTES);
        ReplyEncoder reply = new ReplyEncoder(buffer, session.state().protocol());
        boolean replied = true;
        serving.client(client.position(key), reply);
        try {
            replied = client.waiter().serve(serving);
        } catch (ErrorReply error) {
            buffer.clear();
            reply.error(error.text());
            client.failed();
        } catch (RuntimeException | AssertionError mistake) {
            buffer.clear();
            reply.error(Execution.INTERNAL_ERROR);
            worker.mistake(session, client.command(), mistake);
        } finally {
            serving.end();
            worker.recorder().endUnit();
        }
        if (replied) {
            client.reply(buffer);
        } else {
            buffer.release();
        }
        return replied;
    }

    private static boolean lose(WaitingClient client) {
        if (client.whenGone() != null) {
            client.error(client.whenGone());
        }
        return client.whenGone() != null;
    }

    /** Takes a client whose wait ends out of the registries; the lock is held. */
    private void settle(WaitingClient client) {
        client.settle();
        waiting.decrementAndGet();
        if (client.expected().timeoutMs() > 0) {
            timed.decrementAndGet();
        }
        for (KeyInterest key : client.keys()) {
            key.remove(client);
            interests.tidy(key);
        }
    }

    /** Settles a wait unless somebody else has; true when this call did. */
    private boolean settleFirst(WaitingClient client) {
        locks.lock(client.slot());
        try {
            if (client.isSettled()) {
                return false;
            }
            settle(client);
            return true;
        } finally {
            locks.unlock(client.slot());
        }
    }

    private void timeOut(WaitingClient client) {
        if (settleFirst(client)) {
            client.handOver(0);
        }
    }

    private void abandon(WaitingClient client) {
        settleFirst(client);
        client.cancelTimer();
    }

    /**
     * CLIENT UNBLOCK: ends a session's wait as if its time were up, or with an error. Any thread that holds no slot lock or
     * the world's.
     *
     * @param error null for the reply of a wait whose time is up
     * @return false when the session did not wait
     */
    boolean unblock(Session session, ErrorReply error) {
        WaitingClient client = session.waiting();
        if (client == null || !settleFirst(client)) {
            return false;
        }
        if (error != null) {
            client.error(error);
        }
        client.failed();
        client.handOver(0);
        return true;
    }

    /** Ends the waits for keys of slots that commands are no longer executed on here. Any thread without a slot lock. */
    void review(Router router) {
        for (Session session : dispatcher.clients().all()) {
            WaitingClient client = session.waiting();
            String refusal = client == null ? null : settleRefused(client, router);
            if (refusal != null) {
                client.error(new ErrorReply(refusal));
                client.handOver(0);
            }
        }
    }

    private String settleRefused(WaitingClient client, Router router) {
        locks.lock(client.slot());
        try {
            String refusal =
                    client.isSettled() ? null : router.waitRefusal(client.session(), client.slot());
            if (refusal != null) {
                settle(client);
            }
            return refusal;
        } finally {
            locks.unlock(client.slot());
        }
    }

    /** The node is no primary any more: every wait ends with an error and its connection. Any thread without a slot lock. */
    void endAll() {
        for (Session session : dispatcher.clients().all()) {
            if (unblock(session, ROLE_CHANGED)) {
                session.connection().execute(session::closeAfterReplies);
            }
        }
    }

    /** A database is about to be emptied: watches of its keys are broken. The world lock is held. */
    void flushing(Worker worker, Database database) {
        forEachKey(worker, key -> {
            if (key.interest().key().database() == database.number() && key.isIn(database)) {
                key.interest().watches().forEach(watch -> watch.of().breakUp());
                worker.changes().ready(key.interest());
            }
        });
    }

    /**
     * Two databases are about to be exchanged: watches of keys that are in either are broken, and waiting clients may find
     * theirs. They stay with the number of their database. The world lock is held.
     */
    void swapping(Worker worker, Database first, Database second) {
        forEachKey(worker, key -> {
            int number = key.interest().key().database();
            boolean concerned = number == first.number() || number == second.number();
            if (concerned && (key.isIn(first) || key.isIn(second))) {
                key.interest().watches().forEach(watch -> watch.of().breakUp());
                worker.changes().ready(key.interest());
            }
        });
    }

    /** A key of interest, for a moment at which all locks are held. */
    private record Located(KeyInterest interest, ByteSpan name, long nowMs) {
        boolean isIn(Database database) {
            return database.slot(interest.slot()).peek(name, nowMs) != Slot.ABSENT;
        }
    }

    private void forEachKey(Worker worker, Consumer<Located> action) {
        for (int slot = 0; slot < HashSlot.SLOT_COUNT && !interests.none(); slot++) {
            for (KeyInterest interest : interests.all(slot)) {
                byte[] key = interest.key().bytes();
                try (NativeBuffer name = new NativeBuffer(Math.max(1, key.length))) {
                    action.accept(new Located(interest, name.put(key), worker.nowMs()));
                }
            }
        }
    }

    /**
     * A key goes without a command having asked for it; the lock of its slot is held, on any thread. Watches of it are
     * broken; clients whose wait ends with the key are served later, on the loop of one of them.
     */
    void lost(Slot slot, ByteSpan key) {
        if (interests.none()) {
            return;
        }
        KeyInterest interest = interests.find(slot, key);
        if (interest == null) {
            return;
        }
        interest.watches().forEach(watch -> watch.of().breakUp());
        if (interest.isLossMinded()) {
            Session first = interest.waiting().next().session();
            first.connection().execute(() -> serveLater(first.worker(), interest));
        }
    }

    private void serveLater(Worker worker, KeyInterest interest) {
        worker.refreshClock();
        locks.lock(interest.slot());
        try {
            worker.propagation().begin();
            if (interest.isWaitedFor()) {
                worker.changes().ready(interest);
                serve(worker);
            }
        } finally {
            worker.propagation().end();
            locks.unlock(interest.slot());
        }
        worker.handOver();
    }
}
