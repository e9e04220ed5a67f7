package dev.slotmesh.server.session;

import dev.slotmesh.resp.ReplyEncoder;

import java.util.function.Consumer;

/**
 * A command whose reply comes later. The session executes nothing until {@link #resume} has been called; replies stay in
 * order. Thread safe: the first call of {@link #resume} decides, later ones do nothing, and a client that has gone
 * meanwhile is no error.
 */
public final class Suspension {
    private final Session session;
    private final String command;
    private Runnable whenAbandoned = () -> {};

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

    void abandoned() {
        whenAbandoned.run();
    }
}
