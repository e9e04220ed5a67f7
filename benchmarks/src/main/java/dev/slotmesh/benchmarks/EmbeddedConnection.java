package dev.slotmesh.benchmarks;

import dev.slotmesh.server.session.Connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;

/**
 * The wire of a session without a socket: what the session sends is counted, its first byte kept, and given back to the
 * allocator. Confined to one thread.
 *
 * <p>Netty's leak detector is off: it follows one buffer of 128 and costs heap that no request needs.
 */
final class EmbeddedConnection implements Connection {
    private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    private long sentBytes;
    private byte firstByte;
    private boolean closed;

    /** Bytes sent so far. */
    long sentBytes() {
        return sentBytes;
    }

    /** First byte of the piece sent last, which tells an error from other replies. */
    byte firstByte() {
        return firstByte;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return ALLOCATOR.directBuffer(capacity);
    }

    @Override
    public void write(ByteBuf bytes) {
        sentBytes += bytes.readableBytes();
        firstByte = bytes.getByte(bytes.readerIndex());
        bytes.release();
    }

    @Override
    public void flush() {
        // Nothing is queued.
    }

    @Override
    public void closeAfterFlush() {
        closed = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void reading(boolean enabled) {
        // Nobody writes to this wire by himself.
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    /** No command that is measured waits. */
    @Override
    public Timer schedule(long delayMs, Runnable task) {
        throw new UnsupportedOperationException("no timers here");
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1:0";
    }

    @Override
    public String localAddress() {
        return "127.0.0.1:0";
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
