package dev.slotmesh.server.cluster;

import dev.slotmesh.server.session.Connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;

/** A connection without a socket that keeps what is written. One thread. */
final class TestConnection implements Connection {
    private final StringBuilder output = new StringBuilder();

    String takeOutput() {
        String taken = output.toString();
        output.setLength(0);
        return taken;
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return Unpooled.directBuffer(capacity);
    }

    @Override
    public void write(ByteBuf bytes) {
        output.append(bytes.toString(StandardCharsets.ISO_8859_1));
        bytes.release();
    }

    @Override
    public void flush() {}

    @Override
    public void closeAfterFlush() {}

    @Override
    public void close() {}

    @Override
    public void reading(boolean enabled) {}

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    /** Nothing here waits for a time. */
    @Override
    public Timer schedule(long delayMs, Runnable task) {
        return () -> {};
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public boolean fromThisMachine() {
        return true;
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1:1";
    }

    @Override
    public String localAddress() {
        return "127.0.0.1:2";
    }

    @Override
    public int descriptor() {
        return -1;
    }
}
