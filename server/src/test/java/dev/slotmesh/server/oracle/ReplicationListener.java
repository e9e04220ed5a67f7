package dev.slotmesh.server.oracle;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A replica that keeps no data: it lets a primary send its image from disk, throws it away and reads the commands that follow.
 * For one thread.
 */
public final class ReplicationListener implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;

    private final Socket socket;
    private final InputStream in;

    private ReplicationListener(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /** Listens to a primary on this port of the loopback, whose {@code repl-diskless-sync} is off. */
    public static ReplicationListener to(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MS);
            ReplicationListener listener = new ReplicationListener(socket);
            listener.send("PSYNC ? -1\r\n");
            String answer = listener.filledLine();
            if (!answer.startsWith("+FULLRESYNC")) {
                throw new IOException("no full resync: " + answer);
            }
            String image = listener.filledLine();
            listener.in.skipNBytes(Long.parseLong(image.substring(1)));
            return listener;
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
    }

    /** The commands from here to this one, which is left out, as are the primary's own (PING, REPLCONF). */
    public List<List<String>> until(List<String> last) {
        List<List<String>> commands = new ArrayList<>();
        try {
            send("REPLCONF ACK 0\r\n");
            for (List<String> command = next(); !command.equals(last); command = next()) {
                String name = command.get(0);
                if (!name.equalsIgnoreCase("PING") && !name.equalsIgnoreCase("REPLCONF")) {
                    commands.add(command);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return commands;
    }

    private List<String> next() throws IOException {
        String header = line();
        if (!header.startsWith("*")) {
            throw new IOException("no command: " + header);
        }
        List<String> command = new ArrayList<>();
        int count = Integer.parseInt(header.substring(1));
        for (int i = 0; i < count; i++) {
            int length = Integer.parseInt(line().substring(1));
            command.add(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
            in.skipNBytes(2);
        }
        return command;
    }

    /** The next line that is none of the empty ones by which a primary says that it is there. */
    private String filledLine() throws IOException {
        String line = line();
        while (line.isEmpty()) {
            line = line();
        }
        return line;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("closed after " + line);
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
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
