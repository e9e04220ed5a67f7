package dev.slotmesh.server.migration;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The connection over which a job sends slots to the node that gets them: commands go out, lines come back.
 *
 * <p>One thread sends at a time, one reads at a time; the two need not be the same. {@link #close} may come from anywhere and
 * ends both, as it is the only way to end a send that does not get on: see {@link #stuckMs}.
 */
final class ExportLink implements AutoCloseable {
    /** What comes from outside is bounded. */
    private static final int LONGEST_LINE = 4096;

    private static final int READ_BYTES = 4096;
    private static final long NOT_SENDING = -1;

    private final SocketChannel channel;
    private final InputStream in;
    private final byte[] received = new byte[READ_BYTES];
    private final StringBuilder line = new StringBuilder();
    private int next;
    private int end;
    private volatile long sentBytes;
    /** Of {@link System#nanoTime}: since when the send under way has got on with nothing. */
    private volatile long sendingSinceNanos = NOT_SENDING;

    private ExportLink(SocketChannel channel, InputStream in) {
        this.channel = channel;
        this.in = in;
    }

    /** @param sourceOrNull this end's address, null for any */
    static ExportLink open(InetSocketAddress target, InetAddress sourceOrNull, int timeoutMs)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            if (sourceOrNull != null) {
                channel.bind(new InetSocketAddress(sourceOrNull, 0));
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(target, timeoutMs);
            return new ExportLink(channel, channel.socket().getInputStream());
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Sends a command of words; returns when the socket has all of it. */
    void send(String... words) throws IOException {
        ByteBuf command = PooledByteBufAllocator.DEFAULT.directBuffer();
        try {
            text(command, "*" + words.length + "\r\n");
            for (String word : words) {
                text(command, "$" + word.length() + "\r\n" + word + "\r\n");
            }
            send(command);
        } finally {
            command.release();
        }
    }

    private static void text(ByteBuf out, String latin) {
        out.writeCharSequence(latin, StandardCharsets.ISO_8859_1);
    }

    /** Sends the readable bytes of a buffer, which stays the caller's; returns when the socket has them all. */
    void send(ByteBuf bytes) throws IOException {
        ByteBuffer left = bytes.nioBuffer();
        sendingSinceNanos = now();
        try {
            while (left.hasRemaining()) {
                int count = channel.write(left);
                sentBytes += count;
                sendingSinceNanos = now();
            }
        } finally {
            sendingSinceNanos = NOT_SENDING;
        }
    }

    private static long now() {
        long nanos = System.nanoTime();
        return nanos == NOT_SENDING ? nanos + 1 : nanos;
    }

    /** Bytes that the socket has taken. Any thread. */
    long sentBytes() {
        return sentBytes;
    }

    /** For how long the send under way has got on with nothing, milliseconds; 0 when none is. Any thread. */
    long stuckMs() {
        long since = sendingSinceNanos;
        return since == NOT_SENDING ? 0 : (System.nanoTime() - since) / 1_000_000;
    }

    /**
     * The next line of the other end, without its end.
     *
     * @param timeoutMs how long to wait for more of it, 1 or more
     * @return null when it has not come whole; what has come of it is kept for the next call
     */
    String readLine(int timeoutMs) throws IOException {
        while (true) {
            while (next < end) {
                char c = (char) (received[next++] & 0xFF);
                if (c == '\n') {
                    String whole = line.toString();
                    line.setLength(0);
                    return whole.endsWith("\r") ? whole.substring(0, whole.length() - 1) : whole;
                }
                line.append(c);
                if (line.length() > LONGEST_LINE) {
                    throw new IOException("the target's answer is too long");
                }
            }
            channel.socket().setSoTimeout(timeoutMs);
            try {
                next = 0;
                end = Math.max(0, fill());
            } catch (SocketTimeoutException notYet) {
                end = 0;
                return null;
            }
        }
    }

    private int fill() throws IOException {
        int count = in.read(received);
        if (count < 0) {
            throw new IOException("the target closed the connection");
        }
        return count;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
