package dev.slotmesh.server.commands.migrate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A connection to another server for one thread at a time: commands are written, their one-line replies read, every step within a
 * time.
 */
final class TargetConnection implements AutoCloseable {
    private static final int READ_BYTES = 4096;
    /** Longer than any line Redis sends; what comes from outside is bounded. */
    private static final int LONGEST_LINE = 64 * 1024;

    private static final int HIGHEST_PORT = 65_535;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer input = ByteBuffer.allocate(READ_BYTES).flip();

    /** The database selected over there, -1 when it is not known. */
    long database = -1;
    /** When it was given back, of {@link System#nanoTime}. */
    long idleSinceNanos;

    private TargetConnection(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /**
     * Connects.
     *
     * @throws TargetFailure when it does not work in that time; a port that is closed shows as a failure to write, as in Redis
     */
    static TargetConnection open(MigrateRequest.TargetAddress target, int timeoutMs)
            throws TargetFailure {
        int port = port(target.port());
        InetSocketAddress address =
                port > HIGHEST_PORT ? null : new InetSocketAddress(target.host(), port);
        if (address == null || address.isUnresolved()) {
            throw TargetFailure.connecting(null);
        }
        SocketChannel channel = null;
        Selector selector = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            selector = Selector.open();
            TargetConnection made = new TargetConnection(channel, selector);
            boolean connected = channel.connect(address);
            channel.register(selector, SelectionKey.OP_CONNECT);
            long endNanos = end(timeoutMs);
            while (!connected) {
                made.await(SelectionKey.OP_CONNECT, endNanos, false);
                connected = channel.finishConnect();
            }
            return made;
        } catch (IOException failure) {
            close(channel, selector);
            throw failure instanceof TargetFailure known
                    ? known
                    : TargetFailure.writing(true, failure);
        }
    }

    /** As C reads a number: what does not begin with one is port 0. */
    private static int port(String text) {
        int port = 0;
        for (int i = 0; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
            port = Math.min(port * 10 + text.charAt(i) - '0', HIGHEST_PORT + 1);
        }
        return port;
    }

    private static long end(int timeoutMs) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    /** Sends a command of words. */
    void write(int timeoutMs, List<byte[]> words) throws TargetFailure {
        ByteBuf command = Unpooled.buffer();
        begin(command, words.size());
        words.forEach(word -> append(command, word));
        send(end(timeoutMs), command.nioBuffer());
    }

    /** Sends a RESTORE, which is made of words with a payload between them. */
    void write(int timeoutMs, List<byte[]> before, ByteBuf payload, List<byte[]> after)
            throws TargetFailure {
        ByteBuf head = Unpooled.buffer();
        begin(head, before.size() + 1 + after.size());
        before.forEach(word -> append(head, word));
        line(head, '$', payload.readableBytes());
        ByteBuf tail = Unpooled.buffer();
        tail.writeBytes(LINE_END);
        after.forEach(word -> append(tail, word));
        send(end(timeoutMs), head.nioBuffer(), payload.nioBuffer(), tail.nioBuffer());
    }

    private static void begin(ByteBuf command, int words) {
        line(command, '*', words);
    }

    private static void append(ByteBuf command, byte[] word) {
        line(command, '$', word.length);
        command.writeBytes(word).writeBytes(LINE_END);
    }

    private static void line(ByteBuf command, char type, int number) {
        command.writeByte(type)
                .writeBytes(Integer.toString(number).getBytes(StandardCharsets.US_ASCII))
                .writeBytes(LINE_END);
    }

    private void send(long endNanos, ByteBuffer... parts) throws TargetFailure {
        long left = 0;
        for (ByteBuffer part : parts) {
            left += part.remaining();
        }
        try {
            while (left > 0) {
                long sent = channel.write(parts);
                left -= sent;
                if (sent == 0) {
                    await(SelectionKey.OP_WRITE, endNanos, false);
                }
            }
        } catch (TargetFailure known) {
            throw known;
        } catch (IOException failure) {
            throw TargetFailure.writing(false, failure);
        }
    }

    /** The next line, without its end. */
    String readLine(int timeoutMs) throws TargetFailure {
        long endNanos = end(timeoutMs);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (line.size() < LONGEST_LINE) {
            if (!input.hasRemaining()) {
                fill(endNanos);
            }
            byte next = input.get();
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(next);
        }
        throw TargetFailure.reading(false, null);
    }

    private void fill(long endNanos) throws TargetFailure {
        input.clear().limit(0);
        try {
            int count = 0;
            while (count == 0) {
                input.clear();
                count = channel.read(input);
                input.flip();
                if (count == 0) {
                    await(SelectionKey.OP_READ, endNanos, true);
                }
            }
            if (count < 0) {
                throw TargetFailure.reading(false, null);
            }
        } catch (TargetFailure known) {
            throw known;
        } catch (IOException failure) {
            throw TargetFailure.reading(false, failure);
        }
    }

    private void await(int operation, long endNanos, boolean reading) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        long leftMs = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        if (leftMs <= 0 || selector.select(leftMs) == 0) {
            throw reading ? TargetFailure.reading(true, null) : TargetFailure.writing(true, null);
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() {
        close(channel, selector);
    }

    private static void close(SocketChannel channel, Selector selector) {
        try {
            try {
                if (selector != null) {
                    selector.close();
                }
            } finally {
                if (channel != null) {
                    channel.close();
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
