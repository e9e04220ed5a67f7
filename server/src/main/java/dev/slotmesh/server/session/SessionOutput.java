package dev.slotmesh.server.session;

import dev.slotmesh.resp.ReplyEncoder;

import io.netty.buffer.ByteBuf;

/**
 * What a session sends: the replies of the present batch on their way to the connection, those that are withheld until replicas
 * have what was written, and for a replica of this node the replication stream instead. Confined to the session's event loop,
 * but the feed, which anybody may look for.
 */
final class SessionOutput {
    /** A batch's replies are handed to the connection in pieces of about this many bytes. */
    static final int CHUNK_BYTES = 64 * 1024;

    private static final int FIRST_BYTES = 1024;

    private final Session session;
    private final Connection connection;
    private final Worker worker;
    private final ReplyEncoder reply = new ReplyEncoder();
    /** The replies of the present batch, or null. */
    private ByteBuf replies;
    /** What the client is sent besides replies, or null. */
    private volatile Feed feed;
    /** Null when this connection's writes are answered at once. */
    private WithheldReplies withheld;
    /** Of them, those that CLIENT REPLY has no power over: what was pushed, and all before it. */
    private int keptBytes;
    /** Whether it is among the {@link Departures}. */
    private boolean waiting;
    /** Whether the client has said itself which writes are withheld. */
    private boolean ownTerms;

    SessionOutput(Session session, Connection connection, Worker worker) {
        this.session = session;
        this.connection = connection;
        this.worker = worker;
    }

    /** The encoder, bound to the replies of the present batch. */
    ReplyEncoder reply() {
        if (replies == null) {
            replies = connection.allocate(FIRST_BYTES);
            reply.bind(replies);
        }
        return reply;
    }

    void protocol(int version) {
        reply.protocol(version);
    }

    /** The replies of the present batch, or null. */
    ByteBuf replies() {
        return replies;
    }

    int replyBytes() {
        return replies == null ? 0 : replies.readableBytes();
    }

    /** What was written so far stays, whatever the client has said of replies. */
    void keep() {
        keptBytes = replyBytes();
    }

    /** Index in the replies of the present batch behind what stays. */
    int kept() {
        return keptBytes;
    }

    /** Forgets the replies of the present batch. */
    void drop() {
        if (replies != null) {
            replies.clear();
        }
    }

    Feed feed() {
        return feed;
    }

    void feed(Feed source) {
        feed = source;
    }

    /** Which replies are withheld, or null. */
    WithheldReplies withheld() {
        return withheld;
    }

    /**
     * Changes which writes are answered when replicas have them.
     *
     * @param own whether the client has said so itself; else it is heeded unless the client has
     */
    void ackWrites(AckWrites terms, boolean own) {
        ownTerms |= own;
        if (ownTerms && !own) {
            if (withheld != null) {
                int replicas = withheld.terms().replicas();
                withheld.terms(new AckWrites(replicas, terms.timeoutMs()));
            }
            return;
        }
        if (withheld != null) {
            withheld.terms(terms);
        } else if (terms.replicas() > 0 && !session.isObeyed()) {
            withheld = new WithheldReplies(this, connection, worker);
            withheld.terms(terms);
        }
    }

    /** The client has taken back what it said of its writes. */
    void forgetOwnTerms() {
        ownTerms = false;
    }

    /** Sends replies that have grown large in the middle of a batch. */
    void flushLarge() {
        if (replyBytes() >= CHUNK_BYTES && !isHalfWritten()) {
            hand();
            worker.departures().send(this, connection);
        }
    }

    /** Sends the replies written so far, and what the feed has. */
    void flush(boolean closing) {
        if (replies != null && !isHalfWritten()) {
            if (replies.isReadable()) {
                hand();
            } else {
                replies.release();
                replies = null;
            }
            worker.departures().send(this, connection);
        }
        if (closing) {
            closeWhenSent();
        } else if (feed != null) {
            feed.pump();
        }
    }

    private boolean isHalfWritten() {
        return withheld != null && withheld.isHalfWritten();
    }

    /** A transaction that stood still has its whole reply. */
    void completed() {
        if (isHalfWritten()) {
            withheld.completed(replies.writerIndex());
        }
    }

    private void closeWhenSent() {
        if (withheld != null && !withheld.isEmpty()) {
            return;
        }
        if (worker.dispatcher().passReplies()) {
            connection.closeAfterFlush();
        } else {
            connection.close();
        }
    }

    /** Whether it is new that this waits for its departure, which it does from now on. */
    boolean waits() {
        boolean isNew = !waiting;
        waiting = true;
        return isNew;
    }

    /** What the connection has been given is sent, or never may be and the connection is closed. */
    void depart(boolean passed) {
        waiting = false;
        if (session.isClosed()) {
            return;
        }
        if (passed) {
            connection.flush();
            enforceLimit();
        } else {
            session.close();
        }
    }

    private void hand() {
        ByteBuf bytes = replies;
        replies = null;
        keptBytes = 0;
        if (feed != null) {
            bytes.release();
            feed.replied(session.state().lastCommand());
            session.close();
            return;
        }
        if (withheld != null) {
            bytes = withheld.offer(bytes, session.state().writtenOffset());
            if (withheld.isOver()) {
                withheld = null;
            }
        }
        if (bytes != null) {
            send(bytes);
        }
    }

    /** Hands replies to the connection, to be flushed. */
    void send(ByteBuf bytes) {
        worker.statistics().networkOut(bytes.readableBytes());
        session.state().sent(bytes.readableBytes());
        connection.write(bytes);
    }

    /** Replies that were withheld have been sent. */
    void released() {
        worker.departures().send(this, connection);
        if (session.isClosing() && !session.isClosed()) {
            closeWhenSent();
        }
    }

    /** Measures the unsent bytes; a client that leaves too many for too long is closed. */
    void enforceLimit() {
        Feed fed = feed;
        long pending = connection.pendingBytes();
        pending += fed == null ? 0 : fed.heldBytes();
        pending += withheld == null ? 0 : withheld.heldBytes();
        session.state().outputBytes(pending);
        if (pending > 0 && worker.dispatcher().outputLimitExceeded(session, pending)) {
            session.close();
        }
    }

    /** The connection is gone. */
    void close() {
        if (replies != null) {
            replies.release();
            replies = null;
        }
        if (feed != null) {
            feed.closed();
        }
        if (withheld != null) {
            withheld.close();
        }
    }
}
