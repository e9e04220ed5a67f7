package dev.slotmesh.server.session;

import dev.slotmesh.resp.Request;

import io.netty.buffer.ByteBuf;

/**
 * The request of a session that was put off (CLIENT PAUSE, a slot that is handed over), with the buffer it refers to, until it may be tried again. Nothing
 * behind it is read meanwhile. Confined to the session's event loop, but for {@link #isPresent} and {@link #retry}.
 */
final class PostponedRequest {
    private final Session session;
    private final Connection connection;
    private final Worker worker;
    /**
     * Null when there is none. Volatile: who ends a pause reads it after the end, and the session's thread asks for the pause's
     * end after writing it, so that one of them sees the other.
     */
    private volatile Request request;

    private ByteBuf input;

    PostponedRequest(Session session, Connection connection, Worker worker) {
        this.session = session;
        this.connection = connection;
        this.worker = worker;
    }

    /** Whether there is one. Any thread. */
    boolean isPresent() {
        return request != null;
    }

    /** Bytes of the buffer kept for it, 0 if that is the session's present input. */
    int heldBesides(ByteBuf present) {
        return input == null || input == present ? 0 : input.capacity();
    }

    /** Puts a request off; retains the buffer it refers to. */
    void keep(Request putOff, ByteBuf refersTo) {
        request = putOff;
        input = refersTo.retain();
        connection.reading(false);
        retryIfPauseEnded();
    }

    /** Whoever ended the pause may have looked for put off requests before this one was. */
    private void retryIfPauseEnded() {
        if (!worker.dispatcher().putsOff()) {
            retry();
        }
    }

    /** Tries it again on the session's loop, if it is still there. Any thread. */
    void retry() {
        connection.execute(() -> {
            if (session.isClosed() || request == null) {
                return;
            }
            worker.refreshClock();
            boolean done = worker.dispatcher()
                    .execution()
                    .run(session, request, worker.dispatcher().table().find(request));
            worker.handOver();
            if (done) {
                forget();
                connection.reading(!session.isSuspended());
                session.process();
            } else {
                retryIfPauseEnded();
            }
        });
    }

    /** Gives up what is kept. */
    void forget() {
        request = null;
        if (input != null) {
            input.release();
            input = null;
        }
    }
}
