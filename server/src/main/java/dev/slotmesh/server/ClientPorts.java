package dev.slotmesh.server;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.transport.BindAddress;
import dev.slotmesh.server.transport.ClientListener;
import dev.slotmesh.server.transport.IoThreads;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where clients connect: the addresses of {@code bind} with the {@code port}, which CONFIG SET may change, and the
 * {@code unixsocket}; with Redis's rules for those that cannot be opened. Thread safe.
 */
final class ClientPorts implements AutoCloseable {
    private final Configuration configuration;
    private final NodeLog log;
    private final IoThreads threads;
    private final Admission admission;
    /** Guarded by this, as what follows. */
    private ClientListener unix;

    private ClientListener tcp;
    private Place open;

    /** Where {@link #tcp} listens, as the directives say it. */
    private record Place(List<String> bind, int port) {}

    ClientPorts(Configuration configuration, NodeLog log, IoThreads threads, Admission admission) {
        this.configuration = configuration;
        this.log = log;
        this.threads = threads;
        this.admission = admission;
        this.unix = listener();
        this.tcp = listener();
    }

    /**
     * Listens on every configured address, and from now on follows CONFIG SET.
     *
     * @throws StartFailure when a required address, or all of them, cannot be bound
     */
    synchronized void open() throws StartFailure {
        open = configured();
        tcp = listen(open);
        openUnixSocket();
        if (!tcp.isOpen() && !unix.isOpen()) {
            throw new StartFailure("Configured to not listen anywhere, exiting.");
        }
        configuration.listen(
                NetworkDirectives.PORT,
                (was, now) -> follow("Unable to listen on this port. Check server logs."));
        configuration.listen(
                NetworkDirectives.BIND,
                (was, now) -> follow("Failed to bind to specified addresses."));
    }

    /** Listens where the directives say now. Another port is opened before the old is closed; addresses may overlap. */
    private synchronized Optional<String> follow(String refusal) {
        Place wanted = configured();
        if (wanted.equals(open)) {
            return Optional.empty();
        }
        boolean overlapping = wanted.port() == open.port();
        if (overlapping) {
            tcp.close();
        }
        try {
            ClientListener opened = listen(wanted);
            tcp.close();
            tcp = opened;
            open = wanted;
            return Optional.empty();
        } catch (StartFailure failure) {
            if (overlapping) {
                reopen();
            }
            return Optional.of(refusal);
        }
    }

    private void reopen() {
        try {
            tcp = listen(open);
        } catch (StartFailure failure) {
            log.warning("The previous addresses are gone as well: " + failure.getMessage());
        }
    }

    private Place configured() {
        return new Place(
                configuration.get(NetworkDirectives.BIND),
                configuration.getInt(NetworkDirectives.PORT));
    }

    private ClientListener listener() {
        return new ClientListener(
                threads,
                new ClientListener.Options(
                        Math.max(1, configuration.getInt(NetworkDirectives.TCP_BACKLOG)),
                        () -> configuration.getInt(NetworkDirectives.TCP_KEEPALIVE)),
                admission);
    }

    /** All addresses of a place, none for port 0; a wildcard socket serves IPv4 and IPv6 alike. */
    private ClientListener listen(Place place) throws StartFailure {
        ClientListener opened = listener();
        List<BindAddress> addresses = place.port() == 0 ? List.of() : BindAddress.of(place.bind());
        for (BindAddress address : addresses) {
            try {
                opened.listen(
                        new InetSocketAddress(InetAddress.getByName(address.text()), place.port()));
            } catch (Exception cause) {
                // Netty rethrows the bind's own checked exception without declaring it.
                log.warning("Warning: Could not create server TCP listening socket "
                        + address.text() + ":" + place.port() + ": " + cause.getMessage());
                if (!address.optional()) {
                    opened.close();
                    throw failed(place, cause);
                }
            }
        }
        if (!addresses.isEmpty() && !opened.isOpen()) {
            throw failed(place, null);
        }
        return opened;
    }

    private static StartFailure failed(Place place, Exception cause) {
        return new StartFailure(
                "Failed listening on port " + place.port() + " (TCP), aborting.", cause);
    }

    private void openUnixSocket() throws StartFailure {
        if (configuration.get(NetworkDirectives.UNIXSOCKET).isEmpty()) {
            return;
        }
        Path file = configuration.path(NetworkDirectives.UNIXSOCKET);
        try {
            unix.listen(file, configuration.getInt(NetworkDirectives.UNIXSOCKETPERM));
        } catch (Exception cause) {
            // Netty rethrows the bind's own checked exception without declaring it.
            throw new StartFailure(
                    "Failed opening Unix socket: bind: " + cause.getMessage(), cause);
        }
        log.notice("The server is now ready to accept connections at " + file);
    }

    /** Accepts nobody any more. */
    @Override
    public synchronized void close() {
        tcp.close();
        unix.close();
    }
}
