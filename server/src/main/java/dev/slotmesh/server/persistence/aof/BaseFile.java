package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbFileWriter;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.server.system.SequentialFile;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A base that is being written, of commands or in the form of RDB. For one thread. */
final class BaseFile implements AutoCloseable {
    private final SequentialFile file;
    /** Null when it is made of commands. */
    private RdbFileWriter rdb;

    /** @param forcing whether the content is forced to disk every few mebibytes, so that the end does not take long */
    BaseFile(Path path, boolean forcing) throws IOException {
        this.file = SequentialFile.create(path, forcing);
    }

    /** Begins the content in the form of RDB. */
    RdbSink beginRdb(Map<String, String> aux, boolean checksum) {
        rdb = new RdbFileWriter(file::append, checksum);
        rdb.header(aux);
        return rdb.records();
    }

    /** Begins the content made of commands, with a note of the time or without. */
    RdbSink beginCommands(boolean timestamp) {
        if (timestamp) {
            note("#TS:" + System.currentTimeMillis() / 1000 + "\r\n");
        }
        return file::append;
    }

    private void note(String line) {
        ByteBuf bytes = Unpooled.directBuffer(line.length());
        try {
            bytes.writeCharSequence(line, StandardCharsets.US_ASCII);
            file.append(new ByteSpan().set(bytes.memoryAddress(), bytes.readableBytes()));
        } finally {
            bytes.release();
        }
    }

    /** Ends the content; afterwards it is on disk. */
    void finish() throws IOException {
        if (rdb != null) {
            rdb.end();
        }
        file.force();
    }

    /** Closes the file, finished or not, and frees the buffers. A second call does nothing. */
    @Override
    public void close() throws IOException {
        if (rdb != null) {
            rdb.close();
            rdb = null;
        }
        file.close();
    }
}
