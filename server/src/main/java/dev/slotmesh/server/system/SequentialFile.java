package dev.slotmesh.server.system;

import dev.slotmesh.keyspace.memory.ByteSpan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A new file that is written from its beginning to its end in large pieces, and can be read at the same time. Writing is for one
 * thread at a time; {@link #read} for any number besides.
 */
public final class SequentialFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    /** As often the file is brought to disk, so that its end does not take long nor hold up others' writes. */
    private static final int SYNC_BYTES = 4 * 1024 * 1024;

    private final FileChannel channel;
    private final boolean syncing;
    private final ByteBuf buffer =
            PooledByteBufAllocator.DEFAULT.directBuffer(BUFFER_BYTES, BUFFER_BYTES);
    private long unsyncedBytes;

    private SequentialFile(FileChannel channel, boolean syncing) {
        this.channel = channel;
        this.syncing = syncing;
    }

    /**
     * Makes the file, or empties it if it is there.
     *
     * @param syncing whether it is brought to disk bit by bit, not only by {@link #force}
     */
    public static SequentialFile create(Path path, boolean syncing) throws IOException {
        return new SequentialFile(
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                syncing);
    }

    /**
     * Adds bytes.
     *
     * @throws UncheckedIOException when the disk does not take them
     */
    public void append(ByteSpan span) {
        int done = 0;
        while (done < span.length()) {
            if (!buffer.isWritable()) {
                write();
            }
            int step = Math.min(span.length() - done, buffer.writableBytes());
            span.copyTo(done, step, buffer.memoryAddress() + buffer.writerIndex());
            buffer.writerIndex(buffer.writerIndex() + step);
            done += step;
        }
    }

    private void write() {
        try {
            while (buffer.isReadable()) {
                unsyncedBytes += buffer.readBytes(channel, buffer.readableBytes());
            }
            buffer.clear();
            if (syncing && unsyncedBytes >= SYNC_BYTES) {
                channel.force(false);
                unsyncedBytes = 0;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Everything added so far can be read afterwards. */
    public void flush() throws IOException {
        try {
            write();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /** Everything added so far is on disk afterwards. */
    public void force() throws IOException {
        flush();
        channel.force(true);
    }

    /**
     * Adds bytes of the file to a buffer. Any thread.
     *
     * @return how many, as far as they are there; -1 at the end of what was flushed
     */
    public int read(ByteBuf into, long position, int most) throws IOException {
        return into.writeBytes(channel, position, most);
    }

    /** Gives the memory for writing back; what was not flushed is lost. A second call does nothing. */
    public void endWriting() {
        if (buffer.refCnt() > 0) {
            buffer.release();
        }
    }

    /** Closes the file, which stays. A second call does nothing. */
    @Override
    public void close() throws IOException {
        endWriting();
        channel.close();
    }
}
