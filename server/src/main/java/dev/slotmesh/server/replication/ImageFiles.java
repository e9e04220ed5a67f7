package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbSource;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.persistence.TemporaryFiles;
import dev.slotmesh.server.system.DurableFiles;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Images that are received into files: into a temporary one beside {@code dbfilename}, which takes that name once it is complete
 * and on disk, as in Redis. For one loading thread at a time.
 */
final class ImageFiles {
    /** A file is brought to disk now and then, so that its end does not take long. */
    private static final long SYNC_BYTES = 8L * 1024 * 1024;

    private static final int READ_BYTES = 256 * 1024;

    private final Configuration configuration;

    ImageFiles(Configuration configuration) {
        this.configuration = configuration;
    }

    /** An image on disk, open for reading. */
    static final class Received implements AutoCloseable {
        private final FileChannel file;
        private final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(READ_BYTES);
        private final ByteSpan read = new ByteSpan();

        private Received(FileChannel file) {
            this.file = file;
        }

        /** The file's bytes. */
        RdbSource source() {
            return this::read;
        }

        private int read(ByteSpan into) {
            if (!buffer.isReadable()) {
                buffer.clear();
                fill();
            }
            int count = Math.min(into.length(), buffer.readableBytes());
            read.set(buffer.memoryAddress() + buffer.readerIndex(), count).copyTo(into.address());
            buffer.skipBytes(count);
            return count;
        }

        private void fill() {
            try {
                ByteBuffer room = buffer.nioBuffer(0, buffer.capacity());
                int count = file.read(room);
                buffer.writerIndex(Math.max(0, count));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void close() throws IOException {
            buffer.release();
            file.close();
        }
    }

    /**
     * Receives an image up to its end.
     *
     * @throws IOException when it cannot be written
     * @throws UncheckedIOException when the link ends before; no file stays behind then
     */
    Received receive(ImageQueue queue) throws IOException {
        Path target = configuration.path(PersistenceDirectives.DBFILENAME);
        Path temporary = TemporaryFiles.of(target, TemporaryFiles.Purpose.RECEIVED);
        FileChannel file = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Received received = new Received(file);
        boolean complete = false;
        try {
            write(queue, file);
            file.force(true);
            publish(temporary, target);
            // Not opened by its name: a save that ends now has the same.
            file.position(0);
            complete = true;
            return received;
        } finally {
            if (!complete) {
                try {
                    received.close();
                } finally {
                    Files.deleteIfExists(temporary);
                }
            }
        }
    }

    private void publish(Path temporary, Path target) throws IOException {
        DurableFiles.rename(temporary, target);
        if (isNotKept()) {
            Files.delete(target);
        }
    }

    /** Nothing else is kept on disk here, so neither shall this be. */
    private boolean isNotKept() {
        return configuration.get(PersistenceDirectives.RDB_DEL_SYNC_FILES)
                && configuration.get(PersistenceDirectives.SAVE).isEmpty()
                && !configuration.get(PersistenceDirectives.APPENDONLY);
    }

    private static void write(ImageQueue queue, FileChannel file) throws IOException {
        long unsynced = 0;
        for (ByteBuf piece = queue.take(); piece != null; piece = queue.take()) {
            try {
                unsynced += piece.readableBytes();
                ByteBuffer bytes = piece.nioBuffer();
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            } finally {
                piece.release();
            }
            if (unsynced >= SYNC_BYTES) {
                file.force(false);
                unsynced = 0;
            }
        }
    }
}
