package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.PrimaryStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.util.function.IntSupplier;

/**
 * The stream of one link's commands on its way into this node's own log, byte for byte, so that replicas of this node share
 * the primary's offsets. The bytes of a transaction wait here for its EXEC.
 *
 * <p>Confined to the link's event loop; {@link #revoke} is called under the world lock, and everything else that matters under some
 * slot's.
 */
final class AppliedStream implements PrimaryStream {
    private final ReplicationLog log;
    private final Runnable acknowledge;
    private final Runnable broken;
    /** Bytes since MULTI; grows with what arrived. */
    private ByteBuf transaction;

    private final ByteSpan span = new ByteSpan();
    /** Guarded by the slot locks: written under all, read under one. */
    private boolean revoked;

    private IntSupplier database;
    private int recordedDatabase;

    AppliedStream(ReplicationLog log, Runnable acknowledge, Runnable broken) {
        this.broken = broken;
        this.log = log;
        this.acknowledge = acknowledge;
    }

    /** The link does not count any more; the world lock is held. */
    void revoke() {
        revoked = true;
    }

    @Override
    public boolean isRevoked() {
        return revoked;
    }

    /** Which database the session has selected. Before anything is applied. */
    void database(IntSupplier selected) {
        database = selected;
        recordedDatabase = selected.getAsInt();
    }

    @Override
    public void applied(long address, int length, boolean complete) {
        if (complete && transaction == null) {
            record(address, length);
            return;
        }
        if (transaction == null) {
            transaction = Unpooled.directBuffer(length);
        }
        transaction.ensureWritable(length);
        span.set(address, length).copyTo(transaction.memoryAddress() + transaction.writerIndex());
        transaction.writerIndex(transaction.writerIndex() + length);
        if (complete) {
            record(
                    transaction.memoryAddress() + transaction.readerIndex(),
                    transaction.readableBytes());
            release();
        }
    }

    private void record(long address, int length) {
        log.appendRaw(address, length);
        int selected = database.getAsInt();
        if (selected != recordedDatabase) {
            recordedDatabase = selected;
            log.selected(selected);
        }
    }

    @Override
    public void broken() {
        broken.run();
    }

    @Override
    public void ended() {
        release();
    }

    private void release() {
        if (transaction != null) {
            transaction.release();
            transaction = null;
        }
    }

    @Override
    public void acknowledge() {
        acknowledge.run();
    }
}
