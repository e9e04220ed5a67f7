package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbFileWriter;
import dev.slotmesh.keyspace.rdb.RdbSink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * An RDB file on its way to the disk. It has a temporary name until it is complete and on disk; only then it takes the place of
 * the one before, and the directory is brought to disk as well. So a crash at any moment leaves the old file or the new
 * one; what is left of a temporary one is never read. One thread at a time.
 */
public final class RdbFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    /** As often the file is brought to disk, so that its end does not take long nor hold up others' writes. */
    private static final int SYNC_BYTES = 4 * 1024 * 1024;

    private final Path temporary;
    private final FileChannel channel;
    private final boolean syncing;
    private final RdbFileWriter frame;
    private final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(BUFFER_BYTES);
    private long unsyncedBytes;

    private RdbFile(Path temporary, FileChannel channel, boolean checksum, boolean syncing) {
        this.temporary = temporary;
        this.channel = channel;
        this.syncing = syncing;
        this.frame = new RdbFileWriter(this::take, checksum);
    }

    /**
     * Makes the temporary file, or empties it if it is there.
     *
     * @param checksum whether the file ends with one (rdbchecksum)
     * @param syncing whether it is brought to disk bit by bit (rdb-save-incremental-fsync), not only at the end
     */
    public static RdbFile create(Path temporary, boolean checksum, boolean syncing)
            throws IOException {
        FileChannel channel = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        return new RdbFile(temporary, channel, checksum, syncing);
    }

    /** Begins the file; see {@link RdbFileWriter#header}. */
    public RdbSink begin(Map<String, String> aux) {
        frame.header(aux);
        return frame.records();
    }

    /** Ends the file and brings it to disk; its name is still the temporary one. */
    public void complete() throws IOException {
        try {
            frame.end();
            drain();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        channel.force(true);
        channel.close();
    }

    /** Puts a complete file in the place of another. */
    public void publish(Path target) throws IOException {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entries =
                FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /** Bytes of the file so far. */
    public long bytes() {
        return frame.bytes();
    }

    /** Ends the work on the file, and removes it unless it was published. A second call does that once more. */
    @Override
    public void close() throws IOException {
        if (buffer.refCnt() > 0) {
            frame.close();
            buffer.release();
        }
        try {
            channel.close();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void take(ByteSpan span) {
        int done = 0;
        while (done < span.length()) {
            if (buffer.writableBytes() == 0) {
                drain();
            }
            int step = Math.min(span.length() - done, buffer.writableBytes());
            span.copyTo(done, step, buffer.memoryAddress() + buffer.writerIndex());
            buffer.writerIndex(buffer.writerIndex() + step);
            done += step;
        }
    }

    private void drain() {
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
}
