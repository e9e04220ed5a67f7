package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.MemoryAccount;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import java.util.ArrayList;
import java.util.List;

/** Bytes of any number in native memory, in chunks, counted as buffers of the keyspace. One thread at a time. */
final class RecordBuffer implements RdbSink, AutoCloseable {
    static final int CHUNK_BYTES = 1 << 17;

    private final MemoryAccount account;
    private final List<NativeBuffer> chunks = new ArrayList<>();
    private final ByteSpan span = new ByteSpan();
    /** Bytes in the last chunk; those before it are full. */
    private int used = CHUNK_BYTES;

    RecordBuffer(MemoryAccount account) {
        this.account = account;
    }

    @Override
    public void write(ByteSpan bytes) {
        int done = 0;
        while (done < bytes.length()) {
            if (used == CHUNK_BYTES) {
                addChunk();
            }
            int step = Math.min(bytes.length() - done, CHUNK_BYTES - used);
            NativeBuffer last = chunks.get(chunks.size() - 1);
            bytes.copyTo(done, step, last.span().address() + used);
            used += step;
            done += step;
        }
    }

    /** Hands everything on and is empty again; one chunk is kept for later. */
    void pour(RdbSink sink) {
        for (int i = 0; i < chunks.size(); i++) {
            int length = i == chunks.size() - 1 ? used : CHUNK_BYTES;
            if (length > 0) {
                sink.write(span.set(chunks.get(i).span().address(), length));
            }
        }
        clear();
    }

    /** 64 bits, low first, at an offset that is a multiple of 8 and below the number of bytes. */
    long longAt(long offset) {
        return chunks.get((int) (offset / CHUNK_BYTES)).span().longAt((int) (offset % CHUNK_BYTES));
    }

    /** Empties it; one chunk is kept for later. */
    void clear() {
        while (chunks.size() > 1) {
            dropLast();
        }
        used = chunks.isEmpty() ? CHUNK_BYTES : 0;
    }

    @Override
    public void close() {
        while (!chunks.isEmpty()) {
            dropLast();
        }
        used = CHUNK_BYTES;
    }

    private void addChunk() {
        NativeBuffer chunk = new NativeBuffer(CHUNK_BYTES);
        chunk.room(CHUNK_BYTES);
        chunks.add(chunk);
        account.addService(CHUNK_BYTES);
        used = 0;
    }

    private void dropLast() {
        chunks.remove(chunks.size() - 1).close();
        account.addService(-CHUNK_BYTES);
    }
}
