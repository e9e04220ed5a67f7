package dev.slotmesh.server.session;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;

import io.netty.buffer.ByteBuf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * A client that waits for keys, from {@link Call#waitFor} to the end of the wait, of which there are many kinds: served,
 * timed out, unblocked, redirected, gone.
 *
 * <p>{@code settled} and the keys' registration are guarded by the lock of the keys' slots; all keys of one command share
 * one lock. Whoever settles the wait under it decides how it ends. The timer belongs to the client's event loop.
 */
final class WaitingClient {
    private final Session session;
    private final Suspension suspension;
    private final Wait wait;
    private final Waiter waiter;
    private final ErrorReply whenGone;
    private final CommandSpec command;
    /** When the wait began, which ends with it. */
    private final int tenure;
    /** The keys, each once, and which of the command's keys each is. */
    private final Map<KeyInterest, Integer> keys = new LinkedHashMap<>();

    private Connection.Timer timer = () -> {};
    private boolean settled;
    /** What the client gets: bytes, an error, or neither when its time was up. Written by whoever settled the wait. */
    private ByteBuf bytes;

    private ErrorReply error;
    private boolean failed;

    WaitingClient(
            Session session, Suspension suspension, Wait wait, Waiter waiter, CommandSpec command) {
        this.session = session;
        this.suspension = suspension;
        this.wait = wait;
        this.waiter = waiter;
        this.whenGone = waiter.whenGone();
        this.command = command;
        this.tenure = session.worker().dispatcher().confirmations().tenure();
    }

    Session session() {
        return session;
    }

    Wait expected() {
        return wait;
    }

    Waiter waiter() {
        return waiter;
    }

    /** The error that ends the wait when a key goes, or null. */
    ErrorReply whenGone() {
        return whenGone;
    }

    /** The command that waits. */
    CommandSpec command() {
        return command;
    }

    /** A slot of the keys; its lock is that of all. */
    int slot() {
        return keys.keySet().iterator().next().slot();
    }

    /** The keys, each once. */
    Set<KeyInterest> keys() {
        return keys.keySet();
    }

    void add(KeyInterest key, int position) {
        keys.putIfAbsent(key, position);
    }

    /** Which of the command's keys this is. */
    int position(KeyInterest key) {
        return keys.get(key);
    }

    boolean isSettled() {
        return settled;
    }

    void settle() {
        settled = true;
    }

    void timer(Connection.Timer running) {
        timer = running;
    }

    void reply(ByteBuf written) {
        bytes = written;
    }

    void error(ErrorReply instead) {
        error = instead;
        failed = true;
    }

    /** The command counts as failed: it was unblocked, or its reply is an error. */
    void failed() {
        failed = true;
    }

    /**
     * Has the reply sent by the client's own loop, and its next commands executed; no slot lock is held.
     *
     * @param writtenOffset behind what serving it has changed, in the replication stream; 0 when nothing was
     */
    void handOver(long writtenOffset) {
        try {
            session.connection().execute(() -> resume(writtenOffset));
        } catch (RejectedExecutionException loopHasEnded) {
            // And so has the connection: nobody is there to get the reply.
            release();
        }
    }

    private void resume(long writtenOffset) {
        cancelTimer();
        session.state().writtenOffset(writtenOffset);
        session.resume(suspension, reply -> {
            int start = reply.buffer().writerIndex();
            write(reply);
            boolean wrote = bytes != null && command.has(CommandFlags.WRITE);
            if (wrote && session.out().withheld() != null && session.state().isAnswered()) {
                session.out().withheld().wrote(start, reply.buffer().writerIndex(), tenure);
            }
        });
        release();
    }

    private void write(ReplyEncoder reply) {
        if (failed) {
            session.worker().statistics().failed(command.index());
        }
        if (bytes != null) {
            reply.buffer().writeBytes(bytes);
        } else if (error != null) {
            reply.error(error.text());
        } else if (wait.nullArray()) {
            reply.nullArray();
        } else {
            reply.nullBulk();
        }
    }

    private void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }

    void cancelTimer() {
        timer.cancel();
    }
}
