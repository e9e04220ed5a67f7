package dev.slotmesh.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** No wire at all: what is written is dropped. Below the session of an {@link Applier}, on whose thread everything runs. */
final class SilentConnection implements Connection {
    @Override
    public ByteBuf allocate(int capacity) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(capacity);
    }

    @Override
    public void write(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void flush() {
        // Nothing is kept.
    }

    @Override
    public void closeAfterFlush() {
        // Nothing to close.
    }

    @Override
    public void close() {
        // Nothing to close.
    }

    @Override
    public void reading(boolean enabled) {
        // Who applies commands brings the bytes.
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Timer schedule(long delayMs, Runnable task) {
        throw new UnsupportedOperationException("a command of a stream waits for nothing");
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public String remoteAddress() {
        return "";
    }

    @Override
    public String localAddress() {
        return "";
    }

    @Override
    public boolean fromThisMachine() {
        return true;
    }

    @Override
    public int descriptor() {
        return -1;
    }
}
