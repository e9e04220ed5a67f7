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
    private final boolean closesFile;
    private final long length;
    private final ByteBuf piece;
    private final ByteSpan span = new ByteSpan();

    private RdbFileSource(FileChannel file, boolean closesFile) throws IOException {
        this.file = file;
        this.closesFile = closesFile;
        this.length = file.size();
        file.position(0);
        this.piece = Unpooled.directBuffer(PIECE_BYTES, PIECE_BYTES);
    }

    /**
     * A source that closes its file with itself.
     *
     * @throws IOException when the file cannot be opened; NoSuchFileException when there is none
     */
    public static RdbFileSource open(Path path) throws IOException {
        return owning(FileChannel.open(path, StandardOpenOption.READ));
    }

    /** A source that closes an open file with itself, or at once when it cannot be read. */
    public static RdbFileSource owning(FileChannel file) throws IOException {
        try {
            return new RdbFileSource(file, true);
        } catch (IOException failure) {
            file.close();
            throw failure;
        }
    }

    /** A source of an open file that its owner closes; where the file is read on afterwards is not said. */
    public static RdbFileSource over(FileChannel file) throws IOException {
        return new RdbFileSource(file, false);
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
        if (closesFile) {
            file.close();
        }
    }
}
