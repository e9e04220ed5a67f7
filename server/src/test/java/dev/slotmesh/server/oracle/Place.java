package dev.slotmesh.server.oracle;

import java.util.List;

/**
 * Where a server of the tests runs.
 *
 * @param host the address by which the tests reach it
 * @param port its port for clients; the bus port is 10,000 above
 * @param bind the address it listens on
 * @param prefix what its command line begins with, for instance to run it in a network of its own; it must be replaced by the
 *     server (exec), as the process is known by its id
 */
public record Place(String host, int port, String bind, List<String> prefix) {
    private static final String LOOPBACK = "127.0.0.1";

    /** A free port of the loopback; each call gives another. */
    public static Place ofLoopback() {
        return new Place(LOOPBACK, FreePorts.next(), LOOPBACK, List.of());
    }

    /** Whether the port is one of the machine's own, which other servers may have. */
    boolean isOnLoopback() {
        return host.equals(LOOPBACK);
    }
}
