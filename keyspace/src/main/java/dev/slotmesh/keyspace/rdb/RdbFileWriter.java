package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import java.util.Map;

/**
 * The frame of an RDB file of version 10, byte for byte as Redis 7.0 writes it; what {@link KeyspaceSnapshot} gives goes through {@link #records}.
 * For one thread at a time.
 *
 * <pre>
 *  "REDIS0010" | FA name text, .. | records | FF | {@link Crc64} of all before, or 0 u64
 * </pre>
 */
public final class RdbFileWriter implements AutoCloseable {
    private static final String MAGIC = "REDIS00" + DumpPayload.VERSION;
    private static final int FIRST_BYTES = 64;

    private final RdbSink out;
    private final boolean checksum;
    private final RdbWriter frame = new RdbWriter(this::take, true, false);
    private long sum = Crc64.START;
    private long bytes;

    /** @param checksum false (rdbchecksum no): the file ends in a 0, which readers do not compare */
    public RdbFileWriter(RdbSink out, boolean checksum) {
        this.out = out;
        this.checksum = checksum;
    }

    /**
     * Begins the file.
     *
     * @param aux what the file tells of itself, in this order: redis-ver, redis-bits, ctime, used-mem, repl-stream-db, repl-id,
     *     repl-offset, aof-base; others are passed over by readers that do not know them
     */
    public void header(Map<String, String> aux) {
        try (NativeBuffer text = new NativeBuffer(FIRST_BYTES)) {
            ByteSpan magic = text.put(MAGIC);
            frame.writeRaw(magic.address(), magic.length());
            aux.forEach((name, value) -> {
                frame.writeByte(RdbOpcode.AUX);
                frame.writeString(text.put(name));
                frame.writeString(text.put(value));
            });
        }
        frame.flush();
    }

    /** Where records go, each whole, between {@link #header} and {@link #end}. */
    public RdbSink records() {
        return this::take;
    }

    /** Ends the file. */
    public void end() {
        frame.writeByte(RdbOpcode.EOF);
        frame.flush();
        frame.writeLong(checksum ? sum : 0);
        frame.flush();
    }

    /** Bytes written so far. */
    public long bytes() {
        return bytes;
    }

    /** Frees what the writer needed; the sink is the caller's. */
    @Override
    public void close() {
        frame.close();
    }

    private void take(ByteSpan span) {
        if (checksum) {
            sum = Crc64.of(sum, span.address(), span.length());
        }
        bytes += span.length();
        out.write(span);
    }
}
