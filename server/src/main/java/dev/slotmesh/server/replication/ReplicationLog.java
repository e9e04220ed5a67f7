package dev.slotmesh.server.replication;

import dev.slotmesh.server.propagation.CommandStream;

import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The replication stream: the bytes that replicas get, and the last {@code repl-backlog-size} of them for replicas that come
 * back.
 *
 * <p>What one call appends stays together; the caller holds the locks of what was written, so that the stream has the order of
 * the writes. The log takes nothing but its own monitor, the last lock anybody takes. How it is read is in {@link ByteChain}.
 */
public final class ReplicationLog implements CommandStream {
    private static final long LEAST_SEGMENT_BYTES = 16 * 1024;
    private static final long LARGEST_SEGMENT_BYTES = 1024 * 1024;
    /** The backlog consists of about this many segments, so that it is kept to its size closely. */
    private static final int SEGMENTS_OF_BACKLOG = 16;

    private static final int NO_DATABASE = -1;

    private final ByteChain chain;
    private volatile Runnable appended = () -> {};
    /** Written under the world lock and the monitor, as {@link #following}; read under either. */
    private volatile boolean recording;

    private volatile boolean following;
    /** How often {@link #following} has changed; written before it. */
    private volatile int tenure;
    /** What the stream's readers have selected. Guarded by the monitor. */
    private int database = NO_DATABASE;

    /**
     * @param backlogBytes the present {@code repl-backlog-size}
     * @param account told of how much more or less memory the backlog takes, without what is kept for slow readers alone; called under
     *     the monitor
     */
    ReplicationLog(LongSupplier backlogBytes, LongConsumer account) {
        LongSupplier segmentBytes = () -> Math.max(
                LEAST_SEGMENT_BYTES,
                Math.min(LARGEST_SEGMENT_BYTES, backlogBytes.getAsLong() / SEGMENTS_OF_BACKLOG));
        this.chain = new ByteChain(segmentBytes, backlogBytes, account);
    }

    /** Who wakes the readers; called after each append, under the locks of the writer, so it may only schedule. */
    void whenAppended(Runnable wake) {
        appended = wake;
    }

    /** Whether the stream is kept: from the first replica until the backlog's time is over. */
    public boolean isRecording() {
        return recording;
    }

    /** Changes with {@link #following}: offsets of one tenure say nothing of the writes of another. */
    int tenure() {
        return tenure;
    }

    /** Whether the stream is still this node's own, as it was in that tenure. */
    boolean isOwnSince(int then) {
        return !following && tenure == then;
    }

    /** Whether this node's own writes are recorded: the stream is kept, and no primary dictates it. */
    @Override
    public boolean isActive() {
        return recording && !following;
    }

    /** Offset of the last byte of the stream, 0 when there was none. */
    @Override
    public long endOffset() {
        return chain.endOffset();
    }

    /** Offset of the oldest byte that is kept; one more than {@link #endOffset()} when none is. */
    public long firstOffset() {
        return chain.startOffset() + 1;
    }

    /** Native memory held, bytes. */
    public long memoryBytes() {
        return chain.memoryBytes();
    }

    /** Begins to keep the stream. Needs the world lock, and then {@code CommandLog.review}. */
    public synchronized void activate() {
        recording = true;
    }

    /** Whose stream it is: this node's own, or that of a primary. Needs the world lock, and then {@code CommandLog.review}. */
    synchronized void following(boolean primary) {
        tenure = tenure + 1;
        following = primary;
        if (!primary) {
            database = NO_DATABASE;
        }
    }

    /** Ends keeping the stream and forgets it; readers end. Needs the world lock, and then {@code CommandLog.review}. */
    public synchronized void deactivate() {
        recording = false;
        chain.restart(chain.endOffset());
        database = NO_DATABASE;
    }

    /**
     * Goes on at another offset: this node has taken over the data set of a primary. Everything recorded is forgotten and
     * readers end, so replicas of this node must begin anew. Needs the world lock.
     *
     * @param offset of the last byte that the data set contains, 0 or more
     */
    public synchronized void restart(long offset) {
        chain.restart(offset);
        database = NO_DATABASE;
    }

    /**
     * A reader begins here that knows of no database. Needs the world lock.
     *
     * @return the one it has to take for selected: what the primary's stream has selected; or 0, and the next command names its
     *     own
     */
    synchronized int readerBegins() {
        if (!following) {
            database = NO_DATABASE;
        }
        return Math.max(database, 0);
    }

    /** The primary's stream has selected a database; to be said as it is recorded. */
    public synchronized void selected(int databaseOfPrimary) {
        database = databaseOfPrimary;
    }

    /**
     * Records complete RESP commands, with a SELECT before them when the database is another than of those before.
     *
     * @param ofDatabase of the commands, or -1 when they belong to none
     */
    @Override
    public synchronized void append(int ofDatabase, long address, int length) {
        if (!isActive()) {
            return;
        }
        if (ofDatabase != NO_DATABASE && ofDatabase != database) {
            chain.prepare(select(ofDatabase));
            database = ofDatabase;
        }
        chain.append(address, length);
        appended.run();
    }

    /** Records a command of no database that the server itself puts into the stream. */
    synchronized void append(byte[] command) {
        if (isActive()) {
            chain.append(command);
            appended.run();
        }
    }

    /** Records the bytes a primary has sent, as they are. */
    public synchronized void appendRaw(long address, int length) {
        if (recording) {
            chain.append(address, length);
            appended.run();
        } else {
            chain.skip(length);
        }
    }

    private static byte[] select(int database) {
        String number = Integer.toString(database);
        return ("*2\r\n$6\r\nSELECT\r\n$" + number.length() + "\r\n" + number + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Gives back what exceeds a backlog that has been made smaller. */
    void trim() {
        chain.trim();
    }

    /**
     * A reader that begins behind an offset; it must be closed.
     *
     * @param offset of the last byte the reader has
     * @return null when the bytes behind it are not kept or not written, or nothing is recorded
     */
    ByteChain.Cursor open(long offset) {
        return recording ? chain.open(offset) : null;
    }

    /** Gives all memory back; nothing is recorded any more. */
    synchronized void close() {
        recording = false;
        chain.restart(chain.endOffset());
    }
}
