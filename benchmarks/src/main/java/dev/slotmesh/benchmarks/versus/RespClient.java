package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.resp.ReplyDecoder;
import dev.slotmesh.resp.RequestEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/** A blocking client for setting servers up: one connection, pipelined requests. One thread at a time. */
final class RespClient implements AutoCloseable {
    private static final int READ_BYTES = 64 * 1024;
    private static final int TIMEOUT_MS = 30_000;
    private static final long POLL_NANOS = 5_000_000;
    private static final String PENDING = "lazyfree_pending_objects:";

    private final Socket socket;
    private final ByteBuf out = Unpooled.buffer(READ_BYTES);
    private final ByteBuf in = Unpooled.buffer(READ_BYTES);
    private final RequestEncoder requests = new RequestEncoder(out);
    private final ReplyDecoder replies = new ReplyDecoder();
    private int owed;

    /** Connects to a port of this machine. */
    RespClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
    }

    /** Sends one command and waits for its reply. */
    Reply call(String... arguments) throws IOException {
        queue(arguments);
        send();
        return next();
    }

    /** Appends a command to the pipeline. */
    void queue(String... arguments) {
        requests.request(arguments);
        owed++;
    }

    /** Sends the pipeline and waits for all its replies, which must not be errors. */
    void drain() throws IOException {
        send();
        while (owed > 0) {
            if (next() instanceof Reply.SimpleError error) {
                throw new IOException("the server answered " + error.text());
            }
        }
    }

    /** Deletes a key and waits until the server has freed what was below it. */
    void delete(String key) throws IOException {
        call("DEL", key);
        while (call("INFO", "memory") instanceof Reply.Bulk text
                && text.text().contains(PENDING)
                && !text.text().contains(PENDING + "0\r")) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    boolean exists(String key) throws IOException {
        return call("EXISTS", key).equals(new Reply.Integer(1));
    }

    private void send() throws IOException {
        out.readBytes(socket.getOutputStream(), out.readableBytes());
        out.clear();
    }

    private Reply next() throws IOException {
        while (replies.decode(in) == ReplyDecoder.Outcome.MORE) {
            in.discardSomeReadBytes();
            in.ensureWritable(READ_BYTES);
            if (in.writeBytes(socket.getInputStream(), READ_BYTES) < 0) {
                throw new EOFException("the server closed the connection");
            }
        }
        if (replies.refusal() != null) {
            throw new IOException("not a reply: " + replies.refusal());
        }
        owed--;
        return replies.reply();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
