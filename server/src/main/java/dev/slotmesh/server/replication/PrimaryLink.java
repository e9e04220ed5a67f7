package dev.slotmesh.server.replication;

import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.session.Connection;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.transport.OutgoingListener;

import io.netty.buffer.ByteBuf;

import java.util.concurrent.TimeUnit;

/**
 * One connection to the primary, from the handshake over the image of its data set to the stream of its commands:
 *
 * <pre>
 *   HANDSHAKE --+FULLRESYNC--> IMAGE --its end--> LOADING --loaded--> STREAM
 *       '--------+CONTINUE------------------------------------------->'
 * </pre>
 *
 * <p>Confined to the connection's event loop, except the methods that say otherwise and the volatile figures. What it decides is
 * put to the {@link Follower}, who knows whether this is still the link that counts.
 */
final class PrimaryLink implements OutgoingListener {
    /** The primary takes an empty line for a sign of life while it waits for the first acknowledgement. */
    private static final byte SIGN_OF_LIFE = '\n';

    public enum Phase {
        CONNECTING,
        HANDSHAKE,
        IMAGE,
        LOADING,
        STREAM,
        CLOSED
    }

    private final Follower follower;
    private final NodeLog log;
    private final LineReader lines = new LineReader();

    private volatile Phase phase = Phase.CONNECTING;
    private volatile long lastReceivedNanos = System.nanoTime();
    private volatile Connection connection;
    private volatile long imageLength = -1;
    private volatile long imageBytes;
    private volatile Session session;
    /** Closes the connection in any phase. */
    private volatile Runnable closing = () -> {};

    private volatile boolean closeAsked;
    private Handshake handshake;
    private ImageFraming framing;
    private ImageTransfer transfer;
    /** What came behind the image in the same piece, or null. */
    private ByteBuf early;

    PrimaryLink(Follower follower, NodeLog log) {
        this.follower = follower;
        this.log = log;
    }

    /** How to close the connection that is being made. Any thread. */
    void closing(Runnable action) {
        closing = action;
        if (closeAsked) {
            action.run();
        }
    }

    /** Ends the link; {@link Follower#closed} follows. Any thread. */
    void close() {
        closeAsked = true;
        closing.run();
    }

    Phase phase() {
        return phase;
    }

    /** Time since the primary was last heard of. Any thread. */
    long silentMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastReceivedNanos);
    }

    /** Length of the image, -1 when it is marked by its end or not known yet. Any thread. */
    long imageLength() {
        return imageLength;
    }

    /** Bytes of the image that have come. Any thread. */
    long imageBytes() {
        return imageBytes;
    }

    /** The session that applies the stream, or null before it. Any thread. */
    Session session() {
        return session;
    }

    @Override
    public void opened(Connection made) {
        connection = made;
        log.notice("Non blocking connect for SYNC fired the event.");
        lastReceivedNanos = System.nanoTime();
        phase = Phase.HANDSHAKE;
        handshake = new Handshake(follower.introduction(), this::send, log);
        handshake.begin();
    }

    private void send(byte[] bytes) {
        ByteBuf out = connection.allocate(bytes.length);
        connection.write(out.writeBytes(bytes));
        connection.flush();
    }

    @Override
    public void received(ByteBuf bytes) {
        lastReceivedNanos = System.nanoTime();
        if (phase == Phase.STREAM) {
            session.receive(bytes);
            return;
        }
        try {
            while (bytes.isReadable() && phase != Phase.CLOSED) {
                if (phase == Phase.STREAM) {
                    session.receive(bytes.readRetainedSlice(bytes.readableBytes()));
                } else {
                    beforeStream(bytes);
                }
            }
        } catch (ProtocolViolation violation) {
            log.warning(violation.getMessage());
            close();
        } finally {
            bytes.release();
        }
    }

    private void beforeStream(ByteBuf bytes) throws ProtocolViolation {
        switch (phase) {
            case HANDSHAKE -> {
                String line = lines.next(bytes);
                Handshake.Outcome outcome = line == null ? null : handshake.answered(line);
                if (outcome != null) {
                    concluded(outcome);
                }
            }
            case IMAGE -> image(bytes);
            case LOADING -> keepForLater(bytes);
            default -> bytes.skipBytes(bytes.readableBytes());
        }
    }

    private void concluded(Handshake.Outcome outcome) {
        if (handshake.isFailover()) {
            follower.handedOver(!(outcome instanceof Handshake.Outcome.Failed));
        }
        if (outcome instanceof Handshake.Outcome.GoOn on) {
            if (follower.goesOn(this, on.newId())) {
                begin();
            } else {
                close();
            }
        } else if (outcome instanceof Handshake.Outcome.Image image) {
            framing = new ImageFraming();
            phase = Phase.IMAGE;
            transfer = follower.imageComes(this, image.of());
            if (transfer == null) {
                close();
            }
        } else {
            phase = Phase.CLOSED;
            close();
        }
    }

    private void image(ByteBuf bytes) throws ProtocolViolation {
        if (!framing.isAnnounced()) {
            if (!framing.announce(bytes)) {
                return;
            }
            imageLength = framing.length();
            transfer.announced(framing.length(), framing.mark());
        }
        framing.pass(bytes, piece -> {
            imageBytes += piece.readableBytes();
            if (!transfer.queue().put(piece)) {
                connection.reading(false);
            }
        });
        if (framing.hasEnded()) {
            phase = Phase.LOADING;
            transfer.queue().end();
            connection.reading(false);
        }
    }

    /** The socket is not read while the image is loaded; at most what was read with its end lies here. */
    private void keepForLater(ByteBuf bytes) {
        int count = bytes.readableBytes();
        if (early == null) {
            early = bytes.readRetainedSlice(count);
        } else {
            ByteBuf both = connection.allocate(early.readableBytes() + count);
            both.writeBytes(early).writeBytes(bytes);
            early.release();
            early = both;
        }
    }

    /** The loading thread has room for more of the image. Any thread. */
    void readOn() {
        connection.execute(() -> {
            if (phase == Phase.IMAGE) {
                connection.reading(true);
            }
        });
    }

    /** The image is in the keyspace: the stream may be applied. Any thread. */
    void loaded() {
        connection.execute(() -> {
            if (phase == Phase.LOADING) {
                begin();
                connection.reading(true);
            }
        });
    }

    /** The image could not be loaded. Any thread. */
    void loadingFailed() {
        close();
    }

    private void begin() {
        phase = Phase.STREAM;
        lastReceivedNanos = System.nanoTime();
        session = follower.streamBegins(this, connection);
        acknowledge();
        if (early != null) {
            ByteBuf first = early;
            early = null;
            session.receive(first);
        }
    }

    /** Tells the primary how much has been applied. On the connection's loop. */
    void acknowledge() {
        if (phase == Phase.STREAM) {
            send(Handshake.request("REPLCONF", "ACK", Long.toString(follower.appliedOffset())));
        }
    }

    /** The periodic sign of life. Any thread. */
    void tick() {
        Connection to = connection;
        if (to != null) {
            to.execute(() -> {
                if (phase == Phase.STREAM) {
                    acknowledge();
                } else if (phase == Phase.LOADING) {
                    send(new byte[] {SIGN_OF_LIFE});
                }
            });
        }
    }

    @Override
    public void closed(String reason) {
        Phase was = phase;
        phase = Phase.CLOSED;
        if (transfer != null) {
            transfer.queue().fail("I/O error trying to sync with MASTER: " + reason);
        }
        if (early != null) {
            early.release();
            early = null;
        }
        if (session != null) {
            session.disconnected();
        }
        follower.closed(this, was, reason);
    }
}
