package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A port of the loopback that leads to another one, and on which connections can be cut, held up and cut in the middle of what
 * they carry.
 *
 * <p>The monitor guards the list of connections and whether bytes flow. Each connection has a thread per direction.
 */
public final class LinkProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final ServerSocket listener;
    private final int target;
    private final List<Socket> open = new ArrayList<>();
    private final AtomicLong accepted = new AtomicLong();
    private boolean held;
    /** How many more bytes come from the target before everything is cut; negative for any number. */
    private long allowance = -1;
    /** How many more bytes come from the target before the rest waits; negative for any number. */
    private long answers = -1;

    private LinkProxy(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** A proxy of a port of the loopback, with a port of its own. */
    public static LinkProxy to(int target) {
        try {
            ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
            LinkProxy proxy = new LinkProxy(listener, target);
            daemon("link-proxy-accept", proxy::accept);
            return proxy;
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Connections made so far. */
    public long accepted() {
        return accepted.get();
    }

    /** Ends all connections there are. */
    public synchronized void cut() {
        open.forEach(LinkProxy::end);
        open.clear();
        held = false;
        allowance = -1;
        answers = -1;
        notifyAll();
    }

    /** Ends all connections as soon as the target has sent so many more bytes. */
    public synchronized void cutAfter(long bytes) {
        allowance = bytes;
    }

    /** What the target says behind so many bytes does not pass, until the cut; it is still spoken to. */
    public synchronized void holdAnswersAfter(long bytes) {
        answers = bytes;
    }

    /** Nothing passes any more in either direction, and nobody is told: a link that is open at one end only. */
    public synchronized void hold() {
        held = true;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                accepted.incrementAndGet();
                connect(client);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target),
                    CONNECT_TIMEOUT_MS);
        } catch (IOException refused) {
            end(client);
            end(server);
            return;
        }
        synchronized (this) {
            open.add(client);
            open.add(server);
        }
        daemon("link-proxy-up", () -> carry(client, server, false));
        daemon("link-proxy-down", () -> carry(server, client, true));
    }

    private void carry(Socket from, Socket to, boolean fromTarget) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                int passing = allowed(count, fromTarget);
                out.write(buffer, 0, passing);
                if (passing < count) {
                    cut();
                }
            }
        } catch (IOException | InterruptedException over) {
            // Either end has gone, or the proxy; both ends learn of it below.
        } finally {
            end(from);
            end(to);
        }
    }

    private synchronized int allowed(int count, boolean fromTarget) throws InterruptedException {
        while (held || fromTarget && answers >= 0 && answers < count) {
            wait();
        }
        if (fromTarget && answers >= 0) {
            answers -= count;
        }
        if (!fromTarget || allowance < 0) {
            return count;
        }
        int passing = (int) Math.min(count, allowance);
        allowance -= passing;
        return passing;
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            throw new UncheckedIOException(alreadyBroken);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException alreadyBroken) {
            throw new UncheckedIOException(alreadyBroken);
        }
        cut();
    }
}
