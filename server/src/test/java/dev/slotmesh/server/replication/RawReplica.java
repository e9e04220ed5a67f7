package dev.slotmesh.server.replication;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A replica of which every byte is under the test's control. For one thread; texts stand for bytes (ISO-8859-1). */
final class RawReplica implements AutoCloseable {
    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket;
    private final InputStream in;

    private RawReplica(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static RawReplica to(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            return new RawReplica(socket);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Sends an inline command. */
    void say(String line) {
        try {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Sends an inline command and returns the line of its reply. */
    String ask(String line) {
        say(line);
        return line();
    }

    /** The next line that is not empty, without its end. */
    String line() {
        StringBuilder line = new StringBuilder();
        for (char next = next(); next != '\n' || line.length() == 0; next = next()) {
            if (next != '\r' && next != '\n') {
                line.append(next);
            }
        }
        return line.toString();
    }

    private char next() {
        try {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed by the primary");
            }
            return (char) next;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The next bytes. */
    String bytes(int count) {
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("closed after " + bytes.length + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Everything up to and with a text. */
    String upTo(String end) {
        StringBuilder read = new StringBuilder();
        while (read.length() < end.length()
                || read.indexOf(end, read.length() - end.length()) < 0) {
            read.append(next());
        }
        return read.toString();
    }

    /** The next command of the stream, its words parted by blanks. */
    String command() {
        int count = Integer.parseInt(line().substring(1));
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int length = Integer.parseInt(line().substring(1));
            words.append(i == 0 ? "" : " ").append(bytes(length));
            bytes(2);
        }
        return words.toString();
    }

    /** The next command of the stream that is no PING. */
    String commandButPing() {
        String next = command();
        while (next.equals("PING")) {
            next = command();
        }
        return next;
    }

    /** Whether the primary has closed the connection; waits for that or for a byte. */
    boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
