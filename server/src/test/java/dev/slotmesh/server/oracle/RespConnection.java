package dev.slotmesh.server.oracle;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A blocking client of anything that speaks RESP2 or RESP3, which returns replies as the bytes that were sent.
 *
 * <p>Texts stand for bytes, one per character (ISO-8859-1), both ways. It gives up after {@value #TIMEOUT_MS} ms without a
 * byte. All failures of the socket are {@link UncheckedIOException}s, but for {@link ServerGone}. For one thread.
 */
public final class RespConnection implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int LONGEST_LINE_BYTES = 1 << 20;
    private static final int DEEPEST_REPLY = 128;
    private static final long LONGEST_BULK_BYTES = 1L << 30;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RespConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = socket.getOutputStream();
    }

    /**
     * Connects to a port of the loopback.
     *
     * @throws ServerGone when the port refuses, though a process of the tests should serve there
     */
    public static RespConnection to(int port) {
        try {
            return to(InetAddress.getLoopbackAddress(), port);
        } catch (ConnectException refused) {
            throw ServedPorts.explain(port, refused);
        }
    }

    /**
     * Connects to an address given in digits.
     *
     * @throws ServerGone when it is one of the loopback, as {@link #to(int)}
     */
    public static RespConnection to(String host, int port) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress() ? to(port) : to(address, port);
        } catch (IOException refused) {
            throw new UncheckedIOException(host + " port " + port, refused);
        }
    }

    private static RespConnection to(InetAddress address, int port) throws ConnectException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(address, port), CONNECT_TIMEOUT_MS);
            if (socket.getLocalPort() == port) {
                throw new ConnectException("refused, as the connection leads to itself");
            }
            return new RespConnection(socket);
        } catch (ConnectException refused) {
            closeQuietly(socket, refused);
            throw refused;
        } catch (IOException refused) {
            closeQuietly(socket, refused);
            throw new UncheckedIOException("port " + port + ": " + refused.getMessage(), refused);
        }
    }

    /** Sends a command as an array of bulk strings and reads one reply. */
    public String call(String... words) {
        return new String(callRaw(bytes(words)), StandardCharsets.ISO_8859_1);
    }

    /** Like {@link #call(String...)}, with bytes. */
    public byte[] callRaw(byte[]... words) {
        sendCommand(words);
        return readReply();
    }

    /** Sends a command and reads nothing: for pipelines, and commands that answer several times or not at all. */
    public void sendCommand(String... words) {
        sendCommand(bytes(words));
    }

    /** Like {@link #sendCommand(String...)}, with bytes. */
    public void sendCommand(byte[]... words) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(ascii("*" + words.length + "\r\n"));
        for (byte[] word : words) {
            request.writeBytes(ascii("$" + word.length + "\r\n"));
            request.writeBytes(word);
            request.writeBytes(ascii("\r\n"));
        }
        send(request.toByteArray());
    }

    /** Sends bytes as they are: inline commands, halves of commands, rubbish. */
    public void send(byte[] raw) {
        try {
            out.write(raw);
            out.flush();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /**
     * The next reply as it was sent, with everything nested in it. A push message counts as a reply; attributes come together
     * with the reply they precede.
     */
    public byte[] readReply() {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        try {
            readInto(reply, 0);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return reply.toByteArray();
    }

    /** Like {@link #readReply()}, as text. */
    public String readReplyText() {
        return new String(readReply(), StandardCharsets.ISO_8859_1);
    }

    /** Whether the other side has closed the connection, with nothing left to read; waits for one or the other. */
    public boolean isClosedByPeer() {
        try {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next < 0;
        } catch (java.net.SocketTimeoutException silence) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** The local port, by which CLIENT LIST and the other side's log name this connection. */
    public int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void readInto(ByteArrayOutputStream reply, int depth) throws IOException {
        if (depth > DEEPEST_REPLY) {
            throw new IOException("a reply nested deeper than " + DEEPEST_REPLY);
        }
        String line = readLine(reply);
        switch (line.charAt(0)) {
            case '+', '-', ':', '_', '#', ',', '(' -> {}
            case '$', '!', '=' -> readBulk(reply, count(line));
            case '*', '~', '>' -> readElements(reply, count(line), depth);
            case '%' -> readElements(reply, 2 * count(line), depth);
            case '|' -> readElements(reply, 2 * count(line) + 1, depth);
            default -> throw new IOException("no type of reply begins like this: " + line);
        }
    }

    private void readElements(ByteArrayOutputStream reply, long count, int depth)
            throws IOException {
        for (long at = 0; at < count; at++) {
            readInto(reply, depth + 1);
        }
    }

    private void readBulk(ByteArrayOutputStream reply, long lengthBytes) throws IOException {
        if (lengthBytes < 0) {
            return;
        }
        if (lengthBytes > LONGEST_BULK_BYTES) {
            throw new IOException("a string of " + lengthBytes + " bytes");
        }
        byte[] content = in.readNBytes((int) lengthBytes + 2);
        reply.writeBytes(content);
        if (content.length < lengthBytes + 2) {
            throw new EOFException("closed inside a string");
        }
    }

    /** Copies a line with its end and returns it without; at least one character. */
    private String readLine(ByteArrayOutputStream reply) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(
                        "closed " + (line.isEmpty() ? "before a reply" : "after " + line));
            }
            reply.write(next);
            if (next == '\n' && line.length() > 1 && line.charAt(line.length() - 1) == '\r') {
                line.setLength(line.length() - 1);
                return line.toString();
            }
            if (line.length() == LONGEST_LINE_BYTES) {
                throw new IOException("a line longer than " + LONGEST_LINE_BYTES + " bytes");
            }
            line.append((char) next);
        }
    }

    private static long count(String line) throws IOException {
        try {
            return Long.parseLong(line.substring(1));
        } catch (NumberFormatException wrong) {
            throw new IOException("no length: " + line, wrong);
        }
    }

    private static byte[][] bytes(String... words) {
        byte[][] bytes = new byte[words.length][];
        for (int at = 0; at < words.length; at++) {
            bytes[at] = words[at].getBytes(StandardCharsets.ISO_8859_1);
        }
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void closeQuietly(Socket socket, IOException reason) {
        try {
            socket.close();
        } catch (IOException second) {
            reason.addSuppressed(second);
        }
    }
}
