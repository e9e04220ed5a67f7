package dev.slotmesh.server.session;

/**
 * The rest of a command that waits for a key. It outlives its {@link Call}: arguments it needs are copied before.
 *
 * <p>It is called under the lock of the key's slot, possibly by another client's event loop, each time the key was changed
 * and is of the type that the {@link Wait} names, right after the command that changed it (after the whole transaction).
 * Clients that wait for one key are asked in the order in which they began to wait.
 */
@FunctionalInterface
public interface Waiter {

    /**
     * Tries to carry the command out now.
     *
     * @return true when the reply is written to {@link Serving#reply()}, which ends the wait; false, nothing written and
     *     nothing changed, to go on waiting
     * @throws ErrorReply to end the wait with an error
     */
    boolean serve(Serving serving);

    /**
     * The error that ends the wait when a key goes or becomes one of another type; null, as here, when the wait goes on.
     * Asked once, when the wait begins.
     */
    default ErrorReply whenGone() {
        return null;
    }
}
