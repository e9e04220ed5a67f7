package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbSource;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file, read in order and in large pieces. For one thread. */
public final class RdbFileSource implements RdbSource, AutoCloseable {
    private static final int PIECE_BYTES = 1 << 18;

    private final FileChannel file;
    private final long length;
    private final ByteBuf piece;
    private final ByteSpan span = new ByteSpan();

    /** @throws IOException when the file cannot be opened; NoSuchFileException when there is none */
    public RdbFileSource(Path path) throws IOException {
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            this.length = file.size();
        } catch (IOException failure) {
            file.close();
            throw failure;
        }
        this.piece = Unpooled.directBuffer(PIECE_BYTES, PIECE_BYTES);
    }

    @Override
    public long length() {
        return length;
    }

    /** @throws UncheckedIOException when the file cannot be read */
    @Override
    public int read(ByteSpan into) {
        if (!piece.isReadable()) {
            refill();
        }
        int count = Math.min(into.length(), piece.readableBytes());
        span.set(piece.memoryAddress() + piece.readerIndex(), count).copyTo(into.address());
        piece.skipBytes(count);
        return count;
    }

    private void refill() {
        piece.clear();
        try {
            piece.writeBytes(file, PIECE_BYTES);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        piece.release();
        file.close();
    }
}
