package dev.slotmesh.server.migration;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.keyspace.SlotSelection;
import dev.slotmesh.keyspace.commands.SlotCommandForm;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.keyspace.rdb.SnapshotForm;
import dev.slotmesh.server.persistence.SnapshotJob;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * The keys of slots at one moment, sent to another node as commands by the thread of the snapshots. That thread waits as long
 * as the socket takes nothing.
 */
final class SlotSnapshot implements SnapshotJob {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final SlotSelection slots;
    private final ExportLink link;
    private final Runnable atCut;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean cancelled;
    private ByteBuf buffer;

    /** @param atCut called at the moment, under the world lock */
    SlotSnapshot(SlotSet slots, ExportLink link, Runnable atCut) {
        BitSet bits = new BitSet(SlotSet.SLOT_COUNT);
        for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
            bits.set(slot);
        }
        this.slots = SlotSelection.of(bits);
        this.link = link;
        this.atCut = atCut;
    }

    /** Completes when everything has been sent, or with what it failed by. */
    CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public SnapshotForm form() {
        return new SlotCommandForm();
    }

    @Override
    public SlotSelection slots() {
        return slots;
    }

    @Override
    public void cut() {
        atCut.run();
    }

    @Override
    public RdbSink open() {
        buffer = PooledByteBufAllocator.DEFAULT.directBuffer(BUFFER_BYTES, BUFFER_BYTES);
        return this::write;
    }

    private void write(ByteSpan bytes) {
        int from = 0;
        while (from < bytes.length()) {
            int count = Math.min(bytes.length() - from, buffer.writableBytes());
            bytes.copyTo(from, count, buffer.memoryAddress() + buffer.writerIndex());
            buffer.writerIndex(buffer.writerIndex() + count);
            from += count;
            if (!buffer.isWritable()) {
                flush();
            }
        }
    }

    private void flush() {
        if (cancelled) {
            throw new CancellationException("cancelled");
        }
        try {
            link.send(buffer);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        buffer.clear();
    }

    @Override
    public void finished() {
        flush();
        release();
        done.complete(null);
    }

    @Override
    public void failed(Throwable cause) {
        release();
        done.completeExceptionally(cause);
    }

    private void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    /** Whoever wants it to end while the socket takes nothing closes the link as well. */
    @Override
    public void cancel() {
        cancelled = true;
    }
}
