package dev.slotmesh.server.replication;

import dev.slotmesh.server.session.Connection;
import dev.slotmesh.server.session.Feed;
import dev.slotmesh.server.session.ReplicaTraits;
import dev.slotmesh.server.session.Session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A replica that has asked for the stream: first it waits for a snapshot, then it is sent one, then it follows the log.
 *
 * <p>Everything it is sent is written on the event loop of its connection: {@link #pump} takes from the snapshot or the log
 * what the socket takes now, so at most {@value #HIGH_BYTES} bytes are ever queued below. Other threads wake it by {@link
 * #wake} and read its volatile figures.
 */
final class Replica implements Feed {
    /** How far a replica has come, and what INFO calls it. */
    enum Phase {
        WAITING("wait_bgsave"),
        TRANSFER("send_bulk"),
        ONLINE("online");

        final String word;

        Phase(String word) {
            this.word = word;
        }
    }

    private static final int LOW_BYTES = 256 * 1024;
    private static final int HIGH_BYTES = 1024 * 1024;
    /** Bytes taken at once. */
    private static final int PIECE_BYTES = 256 * 1024;
    /** After so many bytes other connections of the loop get their turn. */
    private static final int TURN_BYTES = 4 * 1024 * 1024;

    private static final ByteBuf NEW_LINE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(1).writeByte('\n').asReadOnly());

    private final Session session;
    private final Connection connection;
    private final ReplicaTraits traits;
    private final boolean old;
    private final Replicas owner;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final long waitingSinceMs;
    private volatile Phase phase = Phase.WAITING;
    private volatile long acknowledged;
    private volatile long onlineSinceMs;
    /** When the socket last took something. */
    private volatile long progressMs;

    private volatile boolean closed;
    /** Belongs to the loop, as what follows; others read whether it is there. */
    private volatile ByteChain.Cursor cursor;

    private volatile Transfer transfer;
    /** Whether the line has been sent that answers the request: nothing else may come before it. */
    private boolean answered;

    private boolean awaitsAck;

    /** @param old whether it asked by SYNC: it does not acknowledge and is not told of offsets */
    Replica(Session session, boolean old, Replicas owner, long nowMs) {
        this.session = session;
        this.connection = session.connection();
        this.traits = session.state().replicaTraits();
        this.old = old;
        this.owner = owner;
        this.waitingSinceMs = nowMs;
        this.progressMs = nowMs;
    }

    /** Bounds what is queued in the connection. On the loop, once. */
    void attach() {
        connection.backPressure(LOW_BYTES, HIGH_BYTES, this::pump);
        session.feed(this);
    }

    Session session() {
        return session;
    }

    ReplicaTraits traits() {
        return traits;
    }

    boolean isOld() {
        return old;
    }

    Phase phase() {
        return phase;
    }

    boolean isOnline() {
        return phase == Phase.ONLINE;
    }

    boolean isClosed() {
        return closed;
    }

    long waitingSinceMs() {
        return waitingSinceMs;
    }

    long progressMs() {
        return progressMs;
    }

    /** Offset it has acknowledged, 0 before the first ACK. */
    long acknowledged() {
        return acknowledged;
    }

    /** When it was last heard of: by an ACK, or an empty line while it loads. */
    long heardMs() {
        return Math.max(onlineSinceMs, session.state().lastInteractionMs());
    }

    /** The address others reach it at. */
    String host() {
        if (!traits.address().isEmpty()) {
            return traits.address();
        }
        String remote = connection.remoteAddress();
        String host = remote.substring(0, Math.max(0, remote.lastIndexOf(':')));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** How the log names it: address and port. */
    String name() {
        return traits.port() > 0 ? host() + ":" + traits.port() : "client id #" + session.id();
    }

    /** Lets it follow the log at once. On the loop, before anybody else knows of it: one that waits is given a snapshot. */
    void followNow(ByteChain.Cursor from, String header) {
        cursor = from;
        send(header);
        answered = true;
        onlineSinceMs = System.currentTimeMillis();
        phase = Phase.ONLINE;
    }

    /**
     * Sends it a snapshot, then the log. Any thread; when it has gone meanwhile both are closed.
     *
     * @param fromOrNull where the log goes on behind the snapshot; null when it wants no log
     * @param announcement the line that tells of the snapshot's offset
     */
    void sendSnapshot(Transfer snapshot, ByteChain.Cursor fromOrNull, String announcement) {
        cursor = fromOrNull;
        transfer = snapshot;
        phase = Phase.TRANSFER;
        progressMs = System.currentTimeMillis();
        onLoop(() -> {
            if (closed) {
                release();
            } else {
                if (!old) {
                    send(announcement);
                }
                answered = true;
                pump();
            }
        });
    }

    /** Schedules {@link #pump}, unless that is done already. Any thread, under any lock. */
    void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            onLoop(() -> {
                woken.set(false);
                pump();
            });
        }
    }

    private void onLoop(Runnable task) {
        try {
            connection.execute(task);
        } catch (RejectedExecutionException ended) {
            // The loop has ended with the node, and with it every connection.
            release();
        }
    }

    @Override
    public void pump() {
        if (closed || !answered) {
            return;
        }
        int taken = 0;
        while (taken < TURN_BYTES && connection.isWritable()) {
            int before = taken;
            ByteBuf next;
            while (connection.isWritable() && (next = next()) != null) {
                taken += next.readableBytes();
                connection.write(next);
            }
            if (taken == before) {
                break;
            }
            connection.flush();
            progressMs = System.currentTimeMillis();
        }
        if (closed) {
            return;
        }
        if (taken >= TURN_BYTES) {
            wake();
        }
        session.enforceOutputLimit();
    }

    /** What is to be sent next, or null. */
    private ByteBuf next() {
        if (transfer != null) {
            ByteBuf bytes = transfer.take(PIECE_BYTES);
            if (bytes != null || !transfer.isComplete()) {
                return bytes;
            }
            boolean marked = transfer.endsByMark();
            transfer.close();
            transfer = null;
            if (traits.has(ReplicaTraits.Trait.SNAPSHOT_ONLY)) {
                owner.snapshotSent(this);
                session.closeAfterReplies();
                return null;
            }
            goOnline(marked);
        }
        return phase == Phase.ONLINE && !awaitsAck ? cursor.take(PIECE_BYTES) : null;
    }

    private void goOnline(boolean whenAcknowledged) {
        awaitsAck = whenAcknowledged && !old;
        onlineSinceMs = System.currentTimeMillis();
        phase = Phase.ONLINE;
        owner.synchronised(this);
    }

    /** The replica has everything up to this offset. On the loop. */
    void acknowledge(long offset) {
        if (offset > acknowledged) {
            acknowledged = offset;
        }
        if (phase == Phase.TRANSFER) {
            // It may have read the snapshot's last byte before this loop has looked behind it.
            pump();
        }
        if (phase == Phase.ONLINE && awaitsAck) {
            awaitsAck = false;
            pump();
        }
    }

    /** Shows a replica that waits that this end is alive. Any thread. */
    void keepAlive() {
        onLoop(() -> {
            // An empty line may only come before the snapshot's first byte.
            boolean preparing =
                    phase == Phase.WAITING || transfer != null && transfer.isPreparing();
            if (!closed && !old && preparing && connection.isWritable()) {
                connection.write(NEW_LINE.duplicate());
                connection.flush();
            }
        });
    }

    /** Sends a line of the protocol. On the loop. */
    void send(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        connection.write(connection.allocate(bytes.length).writeBytes(bytes));
        connection.flush();
    }

    /** What the log holds for it; unlimited while the snapshot is on its way, as in a socket. */
    @Override
    public long heldBytes() {
        ByteChain.Cursor from = cursor;
        return from == null ? 0 : from.behind();
    }

    /** Whether it can go on: the log has not gone elsewhere below it. */
    boolean isCut() {
        ByteChain.Cursor from = cursor;
        return from != null && from.isCut();
    }

    /** Whether there are bytes that its socket does not take. Any thread. */
    boolean isStuck() {
        Transfer now = transfer;
        return session.state().outputBytes() > heldBytes() || now != null && now.hasMore();
    }

    @Override
    public void replied(String command) {
        owner.replied(this, command);
    }

    /** It will not be sent what was kept for it behind a snapshot that came to nothing. */
    void giveBack(ByteChain.Cursor kept) {
        if (kept != null) {
            kept.close();
        }
    }

    /** What it was to be sent cannot be read any more. On the loop. */
    void broken(Throwable cause) {
        owner.broken(this, cause);
        session.close();
    }

    /** Ends the connection. Any thread. */
    void drop() {
        session.closeFromAnywhere();
    }

    @Override
    public void closed() {
        closed = true;
        release();
        owner.closed(this);
    }

    private void release() {
        ByteChain.Cursor from = cursor;
        if (from != null) {
            from.close();
        }
        Transfer now = transfer;
        if (now != null) {
            now.close();
        }
    }
}
