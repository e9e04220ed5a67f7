package dev.slotmesh.server.local;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.resp.ReplyDecoder;
import dev.slotmesh.resp.RequestEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A blocking connection to one local node, for one thread. */
final class NodeClient implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;
    private static final int READ_BYTES = 16 * 1024;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Socket socket = new Socket();
    private final ReplyDecoder decoder = new ReplyDecoder();
    private final ByteBuf input = Unpooled.buffer(READ_BYTES);

    NodeClient(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
    }

    /**
     * Sends a command and waits for its reply, as text. While the node loads the data set of its primary, asks again.
     *
     * @throws IOException when the reply is an error or does not come in time
     */
    String ask(String... command) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        Reply reply = exchange(command);
        while (isLoading(reply) && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(POLL_NANOS);
            reply = exchange(command);
        }
        if (reply instanceof Reply.SimpleError error) {
            throw new IOException(String.join(" ", command) + ": " + error.text());
        }
        if (reply instanceof Reply.Bulk bulk) {
            return new String(bulk.bytes(), StandardCharsets.UTF_8);
        }
        return reply instanceof Reply.SimpleString status ? status.text() : reply.toString();
    }

    private static boolean isLoading(Reply reply) {
        return reply instanceof Reply.SimpleError error && error.text().startsWith("LOADING ");
    }

    private Reply exchange(String... command) throws IOException {
        ByteBuf request = Unpooled.buffer();
        new RequestEncoder(request).request(command);
        socket.getOutputStream().write(request.array(), 0, request.readableBytes());
        return read();
    }

    private Reply read() throws IOException {
        while (true) {
            switch (decoder.decode(input)) {
                case REPLY -> {
                    input.discardReadBytes();
                    return decoder.reply();
                }
                case MORE -> {
                    if (input.writeBytes(socket.getInputStream(), READ_BYTES) < 0) {
                        throw new EOFException("the node closed the connection");
                    }
                }
                default -> throw new IOException("broken reply: " + decoder.refusal());
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
