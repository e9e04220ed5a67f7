package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.propagation.CommandStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * The replication stream: the bytes that replicas get, in native segments, and the last {@code repl-backlog-size} of them kept
 * for replicas that come back.
 *
 * <p>Writers exclude each other by this object's monitor, the last lock anybody takes; what one call appends stays together.
 * Readers need no lock within a segment: a {@link Cursor} sees every byte up to {@link #endOffset()}, which is published after
 * the bytes. A cursor pins its segment and all later ones; segments leave at the old end only, when they are neither pinned nor
 * needed for the backlog. A slow reader thus holds memory but delays nobody; whoever owns the cursor bounds that.
 *
 * <p>Segments are reference counted buffers: a part of one is handed to a socket without copying, and its memory is given back
 * when the log, its cursors and all sockets are done with it.
 */
public final class ReplicationLog implements CommandStream {
    private static final int LEAST_SEGMENT_BYTES = 16 * 1024;
    private static final int LARGEST_SEGMENT_BYTES = 1024 * 1024;
    /** The backlog consists of about this many segments, so that it is kept to its size closely. */
    private static final int SEGMENTS_OF_BACKLOG = 16;

    private static final int NO_DATABASE = -1;

    /** A piece of the stream. Bytes up to the published end never change. */
    private static final class Segment {
        final ByteBuf bytes;
        /** Offset of the byte before the segment's first. */
        final long start;
        /** Written before the end is published beyond this segment. */
        Segment next;
        /** Cursors whose next byte is here. Guarded by the log's monitor. */
        int pins;

        Segment(int capacity, long start) {
            this.bytes = PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
            this.start = start;
        }

        long end() {
            return start + bytes.writerIndex();
        }
    }

    private final LongSupplier backlogBytes;
    private final ByteSpan source = new ByteSpan();
    private volatile Runnable appended = () -> {};
    private volatile boolean active;
    /** Counts how often everything was forgotten; always written before {@link #end}. */
    private volatile int era;
    /** Offset of the last byte. */
    private volatile long end;
    /** The oldest and the newest segment, or null. Guarded by the monitor, as what follows. */
    private Segment oldest;

    private Segment newest;
    /** What the stream's readers have selected. */
    private int database = NO_DATABASE;

    /** @param backlogBytes the present {@code repl-backlog-size} */
    ReplicationLog(LongSupplier backlogBytes) {
        this.backlogBytes = backlogBytes;
    }

    /** Who wakes the readers; called after each append, under the locks of the writer, so it may only schedule. */
    void whenAppended(Runnable wake) {
        appended = wake;
    }

    /** Whether writes are recorded: from the first replica until the backlog's time is over. */
    @Override
    public boolean isActive() {
        return active;
    }

    /** Offset of the last byte of the stream, 0 when there was none. */
    @Override
    public long endOffset() {
        return end;
    }

    /** Offset of the oldest byte that is kept; one more than {@link #endOffset()} when none is. */
    public synchronized long firstOffset() {
        return (oldest == null ? end : oldest.start) + 1;
    }

    /** Native memory held, bytes. */
    public synchronized long memoryBytes() {
        long sum = 0;
        for (Segment segment = oldest; segment != null; segment = segment.next) {
            sum += segment.bytes.capacity();
        }
        return sum;
    }

    /** Begins to record. Needs the world lock, so that no write is half recorded. */
    public void activate() {
        active = true;
    }

    /** Ends recording and forgets the backlog; open cursors end. Needs the world lock. */
    public synchronized void deactivate() {
        active = false;
        forget();
    }

    /**
     * Goes on at another offset: this node has taken over the data set of a primary. Everything recorded is forgotten; open
     * cursors end (see {@link Cursor#isCut}). Needs the world lock.
     *
     * @param offset of the last byte that the data set contains, 0 or more
     */
    public synchronized void restart(long offset) {
        forget();
        end = offset;
        database = NO_DATABASE;
    }

    private void forget() {
        era++;
        for (Segment segment = oldest; segment != null; segment = segment.next) {
            segment.bytes.release();
        }
        oldest = null;
        newest = null;
    }

    /** The next command names its database again: a reader begins here that knows of none. Needs the world lock. */
    public synchronized void nameDatabase() {
        database = NO_DATABASE;
    }

    /**
     * Records complete RESP commands, with a SELECT before them when the database is another than of those before. The locks
     * of what was written are held.
     *
     * @param ofDatabase of the commands, or -1 when they belong to none
     */
    public synchronized void append(int ofDatabase, long address, int length) {
        if (!active) {
            return;
        }
        long at = end;
        if (ofDatabase != NO_DATABASE && ofDatabase != database) {
            byte[] select = select(ofDatabase);
            at = write(at, select);
            database = ofDatabase;
        }
        publish(write(at, source.set(address, length)));
    }

    /** Records a command of no database that the server itself puts into the stream. */
    synchronized void append(byte[] command) {
        if (active) {
            publish(write(end, command));
        }
    }

    /** Records the bytes a primary has sent, as they are. The locks of what they change are held. */
    public synchronized void appendRaw(long address, int length) {
        if (active) {
            publish(write(end, source.set(address, length)));
        } else {
            end = end + length;
        }
    }

    private static byte[] select(int database) {
        String number = Integer.toString(database);
        return ("*2\r\n$6\r\nSELECT\r\n$" + number.length() + "\r\n" + number + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private long write(long at, byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            ByteBuf room = room(at + done).bytes;
            int part = Math.min(bytes.length - done, room.writableBytes());
            room.writeBytes(bytes, done, part);
            done += part;
        }
        return at + done;
    }

    private long write(long at, ByteSpan bytes) {
        int done = 0;
        while (done < bytes.length()) {
            ByteBuf room = room(at + done).bytes;
            int part = Math.min(bytes.length() - done, room.writableBytes());
            bytes.copyTo(done, part, room.memoryAddress() + room.writerIndex());
            room.writerIndex(room.writerIndex() + part);
            done += part;
        }
        return at + done;
    }

    /** The newest segment, which has room for at least a byte. */
    private Segment room(long at) {
        Segment last = newest;
        return last != null && last.bytes.isWritable() ? last : extend(at);
    }

    private Segment extend(long at) {
        long size = backlogBytes.getAsLong() / SEGMENTS_OF_BACKLOG;
        int capacity = (int) Math.max(LEAST_SEGMENT_BYTES, Math.min(LARGEST_SEGMENT_BYTES, size));
        Segment added = new Segment(capacity, at);
        if (newest == null) {
            oldest = added;
        } else {
            newest.next = added;
        }
        newest = added;
        trim();
        return added;
    }

    private void publish(long newEnd) {
        end = newEnd;
        appended.run();
    }

    /** Gives back segments that neither a cursor nor the backlog needs; after a change of the backlog's size, too. */
    synchronized void trim() {
        long keepFrom = end - backlogBytes.getAsLong();
        while (oldest != null && oldest != newest && oldest.pins == 0 && oldest.end() <= keepFrom) {
            oldest.bytes.release();
            oldest = oldest.next;
        }
    }

    /**
     * A reader that begins behind an offset; it must be closed.
     *
     * @param offset of the last byte the reader has
     * @return null when the byte after it is not kept, or not written and not the next
     */
    public synchronized Cursor open(long offset) {
        if (!active || offset > end || offset < (oldest == null ? end : oldest.start)) {
            return null;
        }
        if (oldest == null) {
            extend(end);
        }
        Segment segment = oldest;
        while (segment.next != null && segment.end() <= offset) {
            segment = segment.next;
        }
        return new Cursor(segment, offset, era);
    }

    /** A place in the stream. For one thread at a time. */
    public final class Cursor implements AutoCloseable {
        private final int openedIn;
        /** Null when closed. */
        private Segment segment;

        private long offset;

        private Cursor(Segment at, long offset, int openedIn) {
            this.offset = offset;
            this.openedIn = openedIn;
            pin(at);
        }

        /** Offset of the last byte taken. */
        public long offset() {
            return offset;
        }

        /** Whether the log has gone on elsewhere: nothing more will be read here, and the reader must begin anew. */
        public boolean isCut() {
            return openedIn != era;
        }

        /** Bytes written and not taken yet. */
        public long behind() {
            return end - offset;
        }

        /**
         * Takes up to {@code most} bytes that are next to each other in memory. The caller releases the buffer, which shares
         * the log's memory.
         *
         * @return null when there is nothing to take
         */
        public ByteBuf take(int most) {
            long known = end;
            if (segment == null || isCut() || offset >= known) {
                return null;
            }
            int from = (int) (offset - segment.start);
            if (from == segment.bytes.capacity()) {
                advance();
                from = 0;
            }
            int there = (int) Math.min(known - offset, segment.bytes.capacity() - from);
            int count = Math.min(most, there);
            offset += count;
            return segment.bytes.retainedSlice(from, count);
        }

        private void advance() {
            synchronized (ReplicationLog.this) {
                Segment next = segment.next;
                unpin();
                pin(next);
                trim();
            }
        }

        private void pin(Segment at) {
            at.bytes.retain();
            at.pins++;
            segment = at;
        }

        private void unpin() {
            segment.pins--;
            segment.bytes.release();
            segment = null;
        }

        /** Lets the log forget what was kept for this reader. A second call does nothing. */
        @Override
        public void close() {
            synchronized (ReplicationLog.this) {
                if (segment != null) {
                    unpin();
                    trim();
                }
            }
        }
    }
}
