package dev.slotmesh.server.replication;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.persistence.RdbFileSource;
import dev.slotmesh.server.persistence.TemporaryFiles;
import dev.slotmesh.server.system.DurableFiles;

import io.netty.buffer.ByteBuf;

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

    private final Configuration configuration;

    ImageFiles(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * Receives an image up to its end.
     *
     * @throws IOException when it cannot be written
     * @throws UncheckedIOException when the link ends before; no file stays behind then
     */
    RdbFileSource receive(ImageQueue queue) throws IOException {
        Path target = configuration.path(PersistenceDirectives.DBFILENAME);
        Path temporary = TemporaryFiles.of(target, TemporaryFiles.Purpose.RECEIVED);
        FileChannel file = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        boolean complete = false;
        try {
            write(queue, file);
            file.force(true);
            publish(temporary, target);
            // Not opened by its name: a save that ends now has the same.
            RdbFileSource received = RdbFileSource.owning(file);
            complete = true;
            return received;
        } finally {
            if (!complete) {
                try {
                    file.close();
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
