package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.propagation.CommandStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Commands on their way to the file, in native memory, with SELECT before each that is for another database than the one before.
 *
 * <p>Everything is guarded by this object's monitor, a leaf below the lock of the command log; the counters are also read
 * without it. {@link #take} hands chunks over to who writes them, which then belong to that thread until {@link #giveBack}.
 */
final class AppendBuffer implements CommandStream {
    /** Stands in the queue of chunks where another file begins. */
    static final ByteBuf SWITCH = Unpooled.buffer(0, 0);

    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int SPARE_CHUNKS = 2;
    private static final int NO_DATABASE = -1;

    private final Deque<ByteBuf> full = new ArrayDeque<>();
    private final Deque<ByteBuf> spare = new ArrayDeque<>();
    private final ByteSpan source = new ByteSpan();
    /** What is added to; null when nothing is. */
    private ByteBuf last;

    private int database = NO_DATABASE;
    private boolean timestamps;
    private long notedSecond;
    private volatile long appendedBytes;
    private volatile boolean active;

    @Override
    public boolean isActive() {
        return active;
    }

    /** Whether commands are taken from now on; needs the world lock. */
    void active(boolean now) {
        active = now;
    }

    /** Whether a note of the time is put before commands, once a second. */
    synchronized void timestamps(boolean wanted) {
        timestamps = wanted;
    }

    /** Bytes ever appended. */
    long appendedBytes() {
        return appendedBytes;
    }

    @Override
    public synchronized void append(int forDatabase, long address, int length) {
        if (timestamps) {
            noteTime();
        }
        if (forDatabase != NO_DATABASE && forDatabase != database) {
            database = forDatabase;
            String number = Integer.toString(forDatabase);
            add("*2\r\n$6\r\nSELECT\r\n$" + number.length() + "\r\n" + number + "\r\n");
        }
        add(address, length);
    }

    /** Notes in the stream that it now is this second, unless that is there already. */
    private void noteTime() {
        long second = System.currentTimeMillis() / 1000;
        if (second > notedSecond) {
            notedSecond = second;
            add("#TS:" + second + "\r\n");
        }
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuf chunk = room();
        if (chunk.writableBytes() < bytes.length) {
            seal();
            chunk = room();
        }
        chunk.writeBytes(bytes);
        appendedBytes += bytes.length;
    }

    private void add(long address, int length) {
        source.set(address, length);
        int done = 0;
        while (done < length) {
            ByteBuf chunk = room();
            int step = Math.min(length - done, chunk.writableBytes());
            int at = chunk.writerIndex();
            source.copyTo(done, step, chunk.memoryAddress() + at);
            chunk.writerIndex(at + step);
            done += step;
            if (chunk.writableBytes() == 0) {
                seal();
            }
        }
        appendedBytes += length;
    }

    private ByteBuf room() {
        if (last == null) {
            last = spare.isEmpty()
                    ? PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES, CHUNK_BYTES)
                    : spare.pop();
        }
        return last;
    }

    private void seal() {
        if (last != null) {
            full.addLast(last);
            last = null;
        }
    }

    /** What is appended from now on is for another file, whose first command is preceded by a SELECT. */
    synchronized void switchHere() {
        seal();
        full.addLast(SWITCH);
        database = NO_DATABASE;
    }

    /**
     * Moves everything to the end of a queue, chunks that are not empty and marks.
     *
     * @return {@link #appendedBytes} up to which it is
     */
    synchronized long take(Deque<ByteBuf> into) {
        seal();
        if (!full.isEmpty()) {
            into.addAll(full);
            full.clear();
        }
        return appendedBytes;
    }

    /** Takes an empty chunk, or one whose content is not wanted, back. */
    synchronized void giveBack(ByteBuf chunk) {
        if (chunk == SWITCH) {
            return;
        }
        if (spare.size() < SPARE_CHUNKS) {
            spare.push(chunk.clear());
        } else {
            chunk.release();
        }
    }

    /** Forgets what is pending, and begins anew. */
    synchronized void clear() {
        seal();
        while (!full.isEmpty()) {
            giveBack(full.pollFirst());
        }
        database = NO_DATABASE;
    }

    /** Frees everything. */
    synchronized void close() {
        clear();
        while (!spare.isEmpty()) {
            spare.pop().release();
        }
    }
}
