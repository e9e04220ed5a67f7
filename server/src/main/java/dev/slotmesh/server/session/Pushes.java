package dev.slotmesh.server.session;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What one client is sent without having asked for it just now, and what it is subscribed to for that.
 *
 * <p>The reply to EXEC is one array, which may stand half written for a while when a command in it answers later. What others
 * push meanwhile would look like an element of it to the client, so it waits for the reply's end.
 */
public final class Pushes {
    private final Session session;
    private final SessionOutput output;
    private final Worker worker;
    /** What the client has subscribed to, or null when it never has. */
    private volatile Subscriber subscriber;
    /** What came while a transaction was being answered, in order; on the session's thread. */
    private final Queue<Push> held = new ArrayDeque<>();

    Pushes(Session session, SessionOutput output, Worker worker) {
        this.session = session;
        this.output = output;
        this.worker = worker;
    }

    /** What the client has subscribed to, or null when it never has. Any thread. */
    public Subscriber subscriber() {
        return subscriber;
    }

    /** The client subscribes for the first time. On the session's thread. */
    public void subscriber(Subscriber first) {
        subscriber = first;
    }

    /** Whether the client is subscribed to anything. Any thread. */
    public boolean isSubscribed() {
        Subscriber now = subscriber;
        return now != null && now.isSubscribed();
    }

    /** Whether the client, having subscribed, may only execute what has to do with that: messages look like replies to it. */
    public boolean isListeningOnly() {
        return subscriber != null && session.state().protocol() == 2 && isSubscribed();
    }

    /** Ends all subscriptions and tells nobody. Any thread. */
    void end() {
        Subscriber now = subscriber;
        if (now != null) {
            now.leave();
        }
    }

    /** Ends all subscriptions and tells nobody; what was pushed comes before what the client is replied now. */
    public void unsubscribe() {
        if (subscriber != null) {
            end();
            writeAll();
        }
    }

    /**
     * Sends the client something besides replies. When one of its own commands is the cause, it is written at once and so comes
     * before that command's reply. Any thread, under locks or none; calls for one client are to follow one another.
     */
    public void add(Push push) {
        if (worker.isExecutingFor(session)) {
            writeHeld();
            write(push);
        } else {
            worker.mailbox().add(session, push);
        }
    }

    /**
     * Has everything that was pushed written before what the client is replied now; inside EXEC it stays behind that. On the
     * session's thread.
     */
    public void writeAll() {
        worker.mailbox().writeAll();
        writeHeld();
        output.keep();
    }

    /** What was replied so far is sent whatever CLIENT REPLY says. On the session's thread. */
    public void keepReply() {
        output.keep();
    }

    /** Writes what others have pushed behind the replies there are, or later. Returns whether there is something to flush. */
    boolean deliver(Push push) {
        if (isAnsweringTransaction() || !held.isEmpty()) {
            held.add(push);
            return false;
        }
        return write(push);
    }

    /** The reply to a transaction is whole, or there will be none: what waited for it is sent behind it. */
    void transactionOver() {
        if (!held.isEmpty()) {
            session.connection().execute(this::sendHeld);
        }
    }

    private void sendHeld() {
        if (!held.isEmpty() && writeHeld()) {
            flush();
        }
    }

    /** Writes what waited for the end of a transaction unless another one is being answered. Returns whether it did. */
    private boolean writeHeld() {
        if (isAnsweringTransaction()) {
            return false;
        }
        for (Push push = held.poll(); push != null; push = held.poll()) {
            write(push);
        }
        return true;
    }

    private boolean isAnsweringTransaction() {
        return session.inTransaction() && session.transaction().isRunning();
    }

    private boolean write(Push push) {
        if (session.isClosing()) {
            return false;
        }
        push.write(session.reply());
        output.keep();
        return true;
    }

    /** Sends what was written; not while a command of the client is executed. */
    void flush() {
        if (!session.isClosed()) {
            worker.refreshClock();
            session.flush();
            session.countBuffers();
        }
    }
}
