package dev.slotmesh.server.replication;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.PrimaryAddress;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.transport.OutgoingLinks;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the configuration says now of following a primary. Any thread. */
final class FollowerSettings {
    private final Configuration configuration;

    FollowerSettings(Configuration configuration) {
        this.configuration = configuration;
    }

    /** How long a link may take to be made and be silent then. */
    int timeoutMs() {
        long seconds = configuration.get(ReplicationDirectives.REPL_TIMEOUT);
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.SECONDS.toMillis(seconds));
    }

    /** How to get to a primary. Asks for its address, which may take its time. */
    OutgoingLinks.Destination destination(PrimaryAddress primary) throws UnknownHostException {
        InetAddress ip = InetAddress.getByName(primary.host());
        String source = configuration.get(NetworkDirectives.BIND_SOURCE_ADDR);
        return new OutgoingLinks.Destination(
                new InetSocketAddress(ip, primary.port()),
                source.isEmpty() ? null : InetAddress.getByName(source),
                timeoutMs());
    }

    /**
     * Who this node is.
     *
     * @param known where it would go on
     * @param failover whether the primary is asked to step down first
     */
    Handshake.Introduction introduction(Optional<Handshake.Position> known, boolean failover) {
        long announced = configuration.get(ReplicationDirectives.REPLICA_ANNOUNCE_PORT);
        int port = announced != 0 ? (int) announced : configuration.getInt(NetworkDirectives.PORT);
        return new Handshake.Introduction(
                configuration.get(ReplicationDirectives.MASTERUSER),
                configuration.get(ReplicationDirectives.MASTERAUTH),
                port,
                configuration.get(ReplicationDirectives.REPLICA_ANNOUNCE_IP),
                known,
                failover);
    }

    /** How an image gets into the keyspace, which has so many keys now. */
    ImageTransfer.Form form(long keyCount) {
        return switch (configuration.get(ReplicationDirectives.REPL_DISKLESS_LOAD)) {
            case "swapdb" -> ImageTransfer.Form.BESIDE;
            case "on-empty-db" ->
                keyCount == 0 ? ImageTransfer.Form.STRAIGHT : ImageTransfer.Form.FILE;
            default -> ImageTransfer.Form.FILE;
        };
    }
}
