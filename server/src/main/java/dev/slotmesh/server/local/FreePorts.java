package dev.slotmesh.server.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Client ports that are free now together with their bus ports, 10,000 above. Another process may take one before it is
 * used; that is rare enough to fail with a clear message.
 */
final class FreePorts {
    private static final int BUS_OFFSET = 10_000;
    private static final int LOWEST = 10_000;
    /** Below the range from which the kernel takes the ports of outgoing connections, with the bus port too. */
    private static final int HIGHEST = 32_000 - BUS_OFFSET;

    private static final int MOST_TRIES = 100_000;

    private FreePorts() {}

    static List<Integer> pairs(int count) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (int attempt = 0; found.size() < count; attempt++) {
            if (attempt == MOST_TRIES) {
                throw new IOException("not enough free ports for " + count + " nodes");
            }
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (!found.contains(port) && isFree(port) && isFree(port + BUS_OFFSET)) {
                found.add(port);
            }
        }
        return found;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
