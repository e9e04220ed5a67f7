package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Ports for the servers of tests, with the bus port 10,000 above each.
 *
 * <p>Neither is one of those the system gives to clients: any connection of the machine may have such a port before the server
 * does, and whoever tries to reach a server that is not there yet may be given the very port it calls, and then talks to
 * itself. Where the system gives out nearly all ports, they are the risk that remains. JVMs begin at different ports, so that
 * two at once rarely look at the same. Thread safe.
 */
final class FreePorts {
    private static final int BUS_PORT_OFFSET = 10_000;
    private static final int FIRST = 10_000;
    private static final int LAST = 65_535 - BUS_PORT_OFFSET;
    private static final int ENOUGH = 1_000;
    private static final int MOST = 10_000;
    private static final Path RANGE_OF_CLIENTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    /** What IANA has set aside for clients, for systems that do not say. */
    private static final String USUAL_RANGE = "49152 65535";

    private static final int[] PORTS = ports(rangeOfClients());
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % PORTS.length));

    private FreePorts() {}

    /** A port that was free a moment ago, as was its bus port. Each call gives another. */
    static int next() {
        for (int attempt = 0; attempt < PORTS.length; attempt++) {
            int port = PORTS[Math.floorMod(NEXT.getAndIncrement(), PORTS.length)];
            if (isFree(port) && isFree(port + BUS_PORT_OFFSET)) {
                return port;
            }
        }
        throw new AssertionError("no free port");
    }

    /**
     * The ports to choose from, ascending: outside the range of clients, bus ports as well, unless fewer than
     * {@value #ENOUGH} are.
     *
     * @param range the first and the last port of clients, with white space between them
     */
    static int[] ports(String range) {
        String[] ends = range.strip().split("\\s+");
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[1]);
        IntPredicate ofServers = port -> port < first || port > last;
        int[] ports = IntStream.rangeClosed(FIRST, LAST)
                .filter(ofServers)
                .filter(port -> ofServers.test(port + BUS_PORT_OFFSET))
                .limit(MOST)
                .toArray();
        return ports.length >= ENOUGH
                ? ports
                : IntStream.range(FIRST, FIRST + MOST).toArray();
    }

    /** In one read of the whole line, as the system gives no second part. */
    private static String rangeOfClients() {
        try {
            return Files.exists(RANGE_OF_CLIENTS)
                    ? Files.readAllLines(RANGE_OF_CLIENTS).get(0)
                    : USUAL_RANGE;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
