package dev.slotmesh.server;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.SecurityDirectives;
import dev.slotmesh.server.session.Connection;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.Session;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Who may connect: protected mode and {@code maxclients}, with Redis's words to those who may not. Thread safe. */
final class Admission implements Function<Connection, Session> {
    private static final String PROTECTED =
            "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the"
                    + " default user. In this mode connections are only accepted from the loopback interface. If you want to"
                    + " connect from external computers to Redis you may adopt one of the following solutions: 1) Just"
                    + " disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback"
                    + " interface by connecting to Redis from the same host the server is running, however MAKE SURE Redis"
                    + " is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change"
                    + " permanent. 2) Alternatively you can just disable the protected mode by editing the Redis"
                    + " configuration file, and setting the protected mode option to 'no', and then restarting the server."
                    + " 3) If you started the server manually just for testing, restart it with the '--protected-mode no'"
                    + " option. 4) Setup a an authentication password for the default user. NOTE: You only need to do one of"
                    + " the above things in order for the server to start accepting connections from the outside.\r\n";

    private final Configuration configuration;
    private final Dispatcher dispatcher;
    private final AtomicLong refused = new AtomicLong();

    Admission(Configuration configuration, Dispatcher dispatcher) {
        this.configuration = configuration;
        this.dispatcher = dispatcher;
    }

    /** Makes the session of a connection, or refuses it, tells it why and returns null. */
    @Override
    public Session apply(Connection connection) {
        if (configuration.get(NetworkDirectives.PROTECTED_MODE)
                && configuration.get(SecurityDirectives.REQUIREPASS).isEmpty()
                && !connection.fromThisMachine()) {
            return refuse(connection, PROTECTED);
        }
        if (dispatcher.clients().count() >= configuration.get(NetworkDirectives.MAXCLIENTS)) {
            return refuse(
                    connection,
                    dispatcher.clusterEnabled()
                            ? "-ERR max number of clients + cluster connections reached\r\n"
                            : "-ERR max number of clients reached\r\n");
        }
        return dispatcher.admit(connection);
    }

    private Session refuse(Connection connection, String text) {
        refused.incrementAndGet();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuf out = connection.allocate(bytes.length);
        connection.write(out.writeBytes(bytes));
        connection.flush();
        connection.closeAfterFlush();
        return null;
    }

    /** Connections refused since the start: INFO rejected_connections. */
    long refusedTotal() {
        return refused.get();
    }
}
