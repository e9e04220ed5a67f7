package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.memory.ByteSpan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A stream of bytes in native segments that is written at one end and read by any number of cursors.
 *
 * <p>Writers exclude each other by this object's monitor, the last lock anybody takes. Readers need no lock within a segment: a
 * {@link Cursor} sees every byte up to {@link #endOffset()}, which is published after the bytes. A cursor pins its segment and
 * all later ones; segments leave at the old end only, when no cursor pins them and they are older than what is to be kept. A
 * slow reader thus holds memory but delays nobody; whoever owns the cursor bounds that.
 *
 * <p>Segments are reference counted buffers: a part of one is handed to a socket without copying, and its memory is given back
 * when the chain, its cursors and all sockets are done with it.
 */
public final class ByteChain {
    /** A piece of the stream. Bytes up to the published end never change. */
    private static final class Segment {
        final ByteBuf bytes;
        /** Offset of the byte before the segment's first. */
        final long start;
        /** Written before the end is published beyond this segment. */
        Segment next;
        /** Cursors whose next byte is here. Guarded by the chain's monitor. */
        int pins;

        Segment(int capacity, long start) {
            this.bytes = PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
            this.start = start;
        }

        /** Offset of the last byte; final once there is a next segment. */
        long end() {
            return start + bytes.writerIndex();
        }
    }

    private final LongSupplier segmentBytes;
    private final LongSupplier keptBytes;
    private final LongConsumer account;
    private final ByteSpan source = new ByteSpan();
    /** Counts how often everything was forgotten; always written before {@link #end}. */
    private volatile int era;
    /** Offset of the last byte. */
    private volatile long end;
    /** The oldest and the newest segment, or null. Guarded by the monitor. */
    private Segment oldest;

    private Segment newest;
    /** Capacity of all segments, and what of it the account knows. Guarded by the monitor. */
    private long heldBytes;

    private long accountedBytes;

    /**
     * @param segmentBytes the size of the next segment, 1 to 2^30
     * @param keptBytes how many of the last bytes are kept though no cursor needs them, 0 or more
     * @param account told, under the monitor, of how many bytes more or less are held, as long as they are no more than
     *     {@code keptBytes}: what only slow readers need is not in it
     */
    public ByteChain(LongSupplier segmentBytes, LongSupplier keptBytes, LongConsumer account) {
        this.segmentBytes = segmentBytes;
        this.keptBytes = keptBytes;
        this.account = account;
    }

    /** Offset of the last byte written, 0 when there was none. */
    public long endOffset() {
        return end;
    }

    /** Offset before the oldest byte that is kept; {@link #endOffset()} when none is. */
    synchronized long startOffset() {
        return oldest == null ? end : oldest.start;
    }

    /** Native memory held, bytes. */
    public synchronized long memoryBytes() {
        return heldBytes;
    }

    /** Forgets everything and goes on behind another offset; open cursors end (see {@link Cursor#isCut}). */
    public synchronized void restart(long offset) {
        era = era + 1;
        for (Segment segment = oldest; segment != null; segment = segment.next) {
            segment.bytes.release();
        }
        oldest = null;
        newest = null;
        end = offset;
        heldBytes = 0;
        tellAccount();
    }

    /** Goes on behind bytes that nobody needs; only while nothing is kept. */
    synchronized void skip(long bytes) {
        end = end + bytes;
    }

    /** Writes bytes, which readers see together with those of {@link #append(long, int)}, not before. */
    synchronized void prepare(byte[] bytes) {
        write(bytes);
    }

    public synchronized void append(byte[] bytes) {
        end = write(bytes);
    }

    public synchronized void append(long address, int length) {
        end = write(source.set(address, length));
    }

    private long write(byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            ByteBuf room = room();
            int part = Math.min(bytes.length - done, room.writableBytes());
            room.writeBytes(bytes, done, part);
            done += part;
        }
        return written();
    }

    private long write(ByteSpan bytes) {
        int done = 0;
        while (done < bytes.length()) {
            ByteBuf room = room();
            int part = Math.min(bytes.length() - done, room.writableBytes());
            bytes.copyTo(done, part, room.memoryAddress() + room.writerIndex());
            room.writerIndex(room.writerIndex() + part);
            done += part;
        }
        return written();
    }

    private long written() {
        return newest == null ? end : newest.end();
    }

    private ByteBuf room() {
        return newest != null && newest.bytes.isWritable() ? newest.bytes : extend().bytes;
    }

    private Segment extend() {
        Segment added = new Segment((int) segmentBytes.getAsLong(), written());
        if (newest == null) {
            oldest = added;
        } else {
            newest.next = added;
        }
        newest = added;
        heldBytes += added.bytes.capacity();
        trim();
        return added;
    }

    /** Gives back segments that need not be kept any more. */
    synchronized void trim() {
        long keepFrom = end - keptBytes.getAsLong();
        while (oldest != null && oldest != newest && oldest.pins == 0 && oldest.end() <= keepFrom) {
            heldBytes -= oldest.bytes.capacity();
            oldest.bytes.release();
            oldest = oldest.next;
        }
        tellAccount();
    }

    private void tellAccount() {
        long counted = Math.min(heldBytes, keptBytes.getAsLong());
        if (counted != accountedBytes) {
            account.accept(counted - accountedBytes);
            accountedBytes = counted;
        }
    }

    /**
     * A reader that begins behind an offset; it must be closed.
     *
     * @param offset of the last byte the reader has
     * @return null when the bytes behind it are not kept, or it is beyond the end
     */
    public synchronized Cursor open(long offset) {
        if (offset > end || offset < startOffset()) {
            return null;
        }
        if (oldest == null) {
            extend();
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

        private volatile long offset;

        private Cursor(Segment at, long offset, int openedIn) {
            this.offset = offset;
            this.openedIn = openedIn;
            pin(at);
        }

        /** Offset of the last byte taken. Any thread. */
        public long offset() {
            return offset;
        }

        /** Bytes written and not taken yet. Any thread. */
        public long behind() {
            return end - offset;
        }

        /** Whether the chain has gone on elsewhere: nothing more will be read here. */
        boolean isCut() {
            return openedIn != era;
        }

        /**
         * Takes up to {@code most} bytes that are next to each other in memory. The caller releases the buffer, which shares
         * the chain's memory.
         *
         * @return null when there is nothing to take
         */
        public ByteBuf take(int most) {
            long known = end;
            long at = offset;
            if (segment == null || isCut() || at >= known) {
                return null;
            }
            if (at == segment.start + segment.bytes.capacity()) {
                advance();
            }
            int from = (int) (at - segment.start);
            int there = (int) Math.min(known - at, segment.bytes.capacity() - from);
            int count = Math.min(most, there);
            offset = at + count;
            return segment.bytes.retainedSlice(from, count);
        }

        private void advance() {
            synchronized (ByteChain.this) {
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

        /** Lets the chain forget what was kept for this reader. A second call does nothing. */
        @Override
        public void close() {
            synchronized (ByteChain.this) {
                if (segment != null) {
                    unpin();
                    trim();
                }
            }
        }
    }
}
