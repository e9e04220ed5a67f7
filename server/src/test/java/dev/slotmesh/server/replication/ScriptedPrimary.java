package dev.slotmesh.server.replication;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a replica takes for a primary: it answers the handshake, and PSYNC by the bytes it was given; then it hangs up, or
 * listens in silence, to REPLCONF ACK as well.
 */
final class ScriptedPrimary implements AutoCloseable {
    private final ServerSocket listener;
    private final byte[] answer;
    private final boolean hangsUp;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();

    private ScriptedPrimary(ServerSocket listener, byte[] answer, boolean hangsUp) {
        this.listener = listener;
        this.answer = answer;
        this.hangsUp = hangsUp;
    }

    /**
     * Begins to listen.
     *
     * @param answer to PSYNC, a character for a byte
     * @param hangsUp whether it closes the connection then; else that is left to the replica
     */
    static ScriptedPrimary answering(String answer, boolean hangsUp) {
        try {
            ScriptedPrimary primary = new ScriptedPrimary(
                    new ServerSocket(0, 8, InetAddress.getLoopbackAddress()),
                    answer.getBytes(StandardCharsets.ISO_8859_1),
                    hangsUp);
            daemon(primary::accept);
            return primary;
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted-primary");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many PSYNCs were answered. */
    int answered() {
        return answered.get();
    }

    /** The ID of the history that PSYNC asked for at the i-th time, from 0 on. */
    String asked(int i) {
        return asked.get(i);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket replica = listener.accept();
                daemon(() -> serve(replica));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket replica) {
        try (replica;
                BufferedReader in = new BufferedReader(new InputStreamReader(
                        replica.getInputStream(), StandardCharsets.ISO_8859_1))) {
            OutputStream out = replica.getOutputStream();
            String line = in.readLine();
            while (line != null && !line.equals("PSYNC")) {
                String reply = switch (line) {
                    case "PING" -> "+PONG\r\n";
                    case "REPLCONF" -> "+OK\r\n";
                    default -> "";
                };
                out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
                line = in.readLine();
            }
            if (line == null) {
                return;
            }
            in.readLine();
            asked.add(in.readLine());
            out.write(answer);
            answered.incrementAndGet();
            if (!hangsUp) {
                in.transferTo(Writer.nullWriter());
            }
        } catch (IOException replicaGone) {
            // The replica has seen enough.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
