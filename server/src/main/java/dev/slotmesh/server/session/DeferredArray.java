package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.ReplyEncoder;

import io.netty.buffer.ByteBuf;

/**
 * An array reply whose elements are written before their number is known. They wait in a buffer of their own, off the Java
 * heap, until {@link #finish} writes the count and them. One command's, like its {@link Call}; {@link #close} frees the
 * buffer.
 */
public final class DeferredArray implements AutoCloseable {
    private static final int FIRST_BYTES = 1024;

    private final ReplyEncoder reply;
    private final ByteBuf held;
    private final ReplyEncoder elements;
    private int count;

    DeferredArray(ReplyEncoder reply, Connection connection) {
        this.reply = reply;
        this.held = connection.allocate(FIRST_BYTES);
        this.elements = new ReplyEncoder(held, reply.protocol());
    }

    /** Counts one element, which the caller now writes to the encoder returned. */
    public ReplyEncoder add() {
        count++;
        return elements;
    }

    /** Adds a bulk string. */
    public void add(ByteSpan bytes) {
        count++;
        Call.bulk(elements, bytes, 0, bytes.length());
    }

    /** Elements so far. */
    public int count() {
        return count;
    }

    /** Writes the array to the command's reply; once, after the last element. */
    public void finish() {
        reply.array(count);
        reply.buffer().writeBytes(held);
    }

    /** As {@link #finish}, as a set. */
    public void finishAsSet() {
        reply.set(count);
        reply.buffer().writeBytes(held);
    }

    /** As {@link #finish}, as a map: each element that was counted is a key with its value. */
    public void finishAsMap() {
        reply.map(count);
        reply.buffer().writeBytes(held);
    }

    @Override
    public void close() {
        held.release();
    }
}
