package dev.slotmesh.server.session;

/**
 * What a command does once the dispatcher has found it, checked its arity and taken the locks of its keys.
 *
 * <p>A handler writes exactly one reply to {@link Call#reply()}, or throws an {@link ErrorReply}, or suspends the
 * session by {@link Call#suspend()} and replies later. It runs on the session's event loop: it never waits, sends or logs
 * while it holds a slot.
 */
@FunctionalInterface
public interface CommandHandler {
    void run(Call call);
}
