package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbFileWriter;
import dev.slotmesh.keyspace.rdb.RdbSink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A base that is being written, of commands or in the form of RDB. For one thread. */
final class BaseFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final long FORCED_BYTES = 4 << 20;

    private final FileChannel channel;
    private final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(BUFFER_BYTES);
    private final boolean forcing;
    /** Null when it is made of commands. */
    private RdbFileWriter rdb;

    private long bytes;
    private long forcedBytes;

    /** @param forcing whether the content is forced to disk every few mebibytes, so that the end does not take long */
    BaseFile(Path path, boolean forcing) throws IOException {
        this.forcing = forcing;
        this.channel = FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }

    /** Begins the content in the form of RDB. */
    RdbSink beginRdb(Map<String, String> aux, boolean checksum) {
        rdb = new RdbFileWriter(this::take, checksum);
        rdb.header(aux);
        return rdb.records();
    }

    /** Begins the content made of commands, with a note of the time or without. */
    RdbSink beginCommands(boolean timestamp) {
        if (timestamp) {
            long second = System.currentTimeMillis() / 1000;
            buffer.writeCharSequence("#TS:" + second + "\r\n", StandardCharsets.US_ASCII);
        }
        return this::take;
    }

    private void take(ByteSpan span) {
        int done = 0;
        while (done < span.length()) {
            int step = Math.min(span.length() - done, buffer.writableBytes());
            int at = buffer.writerIndex();
            span.copyTo(done, step, buffer.memoryAddress() + at);
            buffer.writerIndex(at + step);
            done += step;
            if (!buffer.isWritable()) {
                write();
            }
        }
    }

    private void write() {
        try {
            while (buffer.isReadable()) {
                bytes += buffer.readBytes(channel, buffer.readableBytes());
            }
            buffer.clear();
            if (forcing && bytes - forcedBytes >= FORCED_BYTES) {
                channel.force(false);
                forcedBytes = bytes;
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Ends the content; afterwards it is on disk. */
    void finish() throws IOException {
        if (rdb != null) {
            rdb.end();
        }
        try {
            write();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        channel.force(true);
    }

    /** Closes the file, finished or not, and frees the buffers. A second call does nothing. */
    @Override
    public void close() throws IOException {
        if (buffer.refCnt() > 0) {
            buffer.release();
            if (rdb != null) {
                rdb.close();
            }
        }
        channel.close();
    }
}
