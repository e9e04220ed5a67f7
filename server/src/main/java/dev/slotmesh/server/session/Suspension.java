package dev.slotmesh.server.session;

import dev.slotmesh.resp.ReplyEncoder;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A command whose reply comes later. The session executes nothing until {@link #resume} has been called; replies stay in
 * order. Thread safe: the first call of {@link #resume} decides, later ones do nothing, and a client that has gone
 * meanwhile is no error.
 */
public final class Suspension {
    private final Session session;
    private final String command;
    private Runnable whenAbandoned = () -> {};
    private volatile Predicate<Boolean> whenUnblocked = withError -> false;

    Suspension(Session session, String command) {
        this.session = session;
        this.command = command;
    }

    public String command() {
        return command;
    }

    /** Writes the reply on the session's own thread; callable from any thread. */
    public void resume(Consumer<ReplyEncoder> answer) {
        session.connection().execute(() -> session.resume(this, answer));
    }

    /** What to do, on the session's thread, when the client disconnects before the reply. */
    public void whenAbandoned(Runnable action) {
        whenAbandoned = action;
    }

    /**
     * What CLIENT UNBLOCK does: the action is told whether the client is to get an error, ends the wait by {@link #resume} and
     * returns whether there still was one. Without it the client cannot be unblocked.
     */
    public void whenUnblocked(Predicate<Boolean> action) {
        whenUnblocked = action;
    }

    boolean unblock(boolean withError) {
        return whenUnblocked.test(withError);
    }

    void abandoned() {
        whenAbandoned.run();
    }
}
