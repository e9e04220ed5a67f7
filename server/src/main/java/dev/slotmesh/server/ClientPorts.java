package dev.slotmesh.server;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.transport.BindAddress;
import dev.slotmesh.server.transport.ClientListener;
import dev.slotmesh.server.transport.IoThreads;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Opens the client port on the addresses of {@code bind}, with Redis's rules for those that are not there. */
final class ClientPorts {
    private ClientPorts() {}

    /**
     * Listens on every configured address. A wildcard socket serves IPv4 and IPv6 alike.
     *
     * @throws StartFailure when a required address, or all of them, cannot be bound
     */
    static void open(
            ClientListener listener,
            IoThreads threads,
            Configuration configuration,
            Admission admission,
            NodeLog log)
            throws StartFailure {
        int port = configuration.getInt(NetworkDirectives.PORT);
        if (port == 0) {
            return;
        }
        ClientListener.Options options = new ClientListener.Options(
                Math.max(1, configuration.getInt(NetworkDirectives.TCP_BACKLOG)),
                configuration.getInt(NetworkDirectives.TCP_KEEPALIVE));
        int opened = 0;
        for (BindAddress address : BindAddress.of(configuration.get(NetworkDirectives.BIND))) {
            try {
                listener.listen(
                        threads,
                        new InetSocketAddress(InetAddress.getByName(address.text()), port),
                        options,
                        admission);
                opened++;
            } catch (UnknownHostException unknown) {
                refuse(log, address, port, unknown);
            } catch (Exception cause) {
                // Netty rethrows the bind's own checked exception without declaring it.
                refuse(log, address, port, cause);
            }
        }
        if (opened == 0) {
            throw new StartFailure("Failed listening on port " + port + " (TCP), aborting.");
        }
    }

    private static void refuse(NodeLog log, BindAddress address, int port, Exception cause)
            throws StartFailure {
        log.warning("Warning: Could not create server TCP listening socket " + address.text() + ":"
                + port + ": " + cause.getMessage());
        if (!address.optional()) {
            throw new StartFailure("Failed listening on port " + port + " (TCP), aborting.", cause);
        }
    }
}
