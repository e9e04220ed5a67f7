package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbSource;

import io.netty.buffer.ByteBuf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bytes of an image on their way from the link's event loop to the thread that loads them. At most about {@link #MOST_BYTES}
 * lie here: then the link is not read until half of them are gone.
 *
 * <p>{@link #put}, {@link #end} and {@link #fail} are for the loop, the reading methods for the loading thread; the monitor guards
 * everything. Whoever fails or abandons it releases what is left.
 */
final class ImageQueue implements RdbSource {
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    private final Deque<ByteBuf> pieces = new ArrayDeque<>();
    private final Runnable roomAgain;
    private final ByteSpan source = new ByteSpan();
    /** What {@link #read} has begun; belongs to the loading thread. */
    private ByteBuf present;

    private long heldBytes;
    private boolean full;
    private boolean ended;
    private boolean abandoned;
    private String failure;

    /** @param roomAgain called on the loading thread when the link may be read again */
    ImageQueue(Runnable roomAgain) {
        this.roomAgain = roomAgain;
    }

    /** Takes a piece and its ownership. Returns false when the link is to be read no further for now. */
    synchronized boolean put(ByteBuf piece) {
        if (abandoned || failure != null) {
            piece.release();
            return true;
        }
        pieces.addLast(piece);
        heldBytes += piece.readableBytes();
        full = heldBytes >= MOST_BYTES;
        notifyAll();
        return !full;
    }

    /** The image is complete. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** No more comes: the reader gets this as an exception. */
    synchronized void fail(String reason) {
        if (!ended && failure == null) {
            failure = reason;
            releaseAll();
            notifyAll();
        }
    }

    /** The reader wants no more: the rest is released as it comes. On the loading thread. */
    void abandon() {
        if (present != null) {
            present.release();
            present = null;
        }
        boolean wasFull;
        synchronized (this) {
            abandoned = true;
            wasFull = full;
            full = false;
            releaseAll();
        }
        if (wasFull) {
            roomAgain.run();
        }
    }

    private void releaseAll() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        heldBytes = 0;
    }

    /** The next piece, which the caller releases; null at the end. Waits for it. */
    ByteBuf take() {
        ByteBuf piece;
        boolean again;
        synchronized (this) {
            awaitPiece();
            piece = pieces.pollFirst();
            if (piece == null) {
                return null;
            }
            heldBytes -= piece.readableBytes();
            again = full && heldBytes < MOST_BYTES / 2;
            full &= !again;
        }
        if (again) {
            roomAgain.run();
        }
        return piece;
    }

    private void awaitPiece() {
        try {
            while (pieces.isEmpty() && !ended && failure == null) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        }
        if (failure != null) {
            throw new UncheckedIOException(new IOException(failure));
        }
    }

    @Override
    public int read(ByteSpan into) {
        if (present == null) {
            present = take();
        }
        if (present == null) {
            return 0;
        }
        int count = Math.min(into.length(), present.readableBytes());
        source.set(present.memoryAddress() + present.readerIndex(), count).copyTo(into.address());
        present.skipBytes(count);
        if (!present.isReadable()) {
            present.release();
            present = null;
        }
        return count;
    }
}
