package dev.slotmesh.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Removal;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.commands.connection.ClientCommands;
import dev.slotmesh.server.commands.connection.ConnectionCommands;
import dev.slotmesh.server.commands.connection.Passwords;
import dev.slotmesh.server.commands.keys.KeyCommands;
import dev.slotmesh.server.commands.strings.StringCommands;
import dev.slotmesh.server.commands.transactions.TransactionCommands;
import dev.slotmesh.server.config.Configuration;
import java.util.ArrayList;
import java.util.List;

/** Sessions over a keyspace without sockets, with commands that wait; afterwards nothing may be held or registered. */
final class SessionFixture implements AutoCloseable {
    private final Keyspace keyspace;
    private final Dispatcher dispatcher;
    private final WaitingCommands waiting = new WaitingCommands();
    private final List<HeldConnection> connections = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    /** @param router null when there is one lock for all slots */
    SessionFixture(Router router, SessionLimits limits) {
        keyspace = new Keyspace(
                router == null ? KeyspaceSettings.standalone(16, 1) : KeyspaceSettings.cluster(1));
        CommandBindings bindings = new CommandBindings();
        new ConnectionCommands(new Passwords(Configuration.of())).bind(bindings);
        new ClientCommands().bind(bindings);
        new StringCommands().bind(bindings);
        new KeyCommands(() -> false, () -> {}, () -> {}).bind(bindings);
        new TransactionCommands().bind(bindings);
        waiting.bind(bindings);
        dispatcher = new Dispatcher(bindings.table(), keyspace, router, limits, new Events());
        keyspace.removalLog((slot, entry, cause) -> dispatcher.keyLost(
                slot, entry, cause == Removal.EVICTED ? KeyEvent.EVICTED : KeyEvent.EXPIRED));
    }

    SessionFixture() {
        this(null, SessionLimits.DEFAULT);
    }

    Keyspace keyspace() {
        return keyspace;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    WaitingCommands waiting() {
        return waiting;
    }

    /** Mistakes of handlers that were reported. */
    List<String> mistakes() {
        return mistakes;
    }

    HeldConnection connect() {
        HeldConnection connection = new HeldConnection(dispatcher);
        connections.add(connection);
        return connection;
    }

    /** Sends a command of words without spaces; returns what has come for this client since it was last asked. */
    static String call(HeldConnection client, String line) {
        client.command(line.split(" "));
        return client.take();
    }

    @Override
    public void close() {
        try {
            for (HeldConnection connection : connections) {
                connection.close();
                connection.runTasks();
            }
            for (HeldConnection connection : connections) {
                connection.runTasks();
                assertThat(connection.heldBytes()).as("direct bytes held").isZero();
                assertThat(connection.timers()).as("timers left").isZero();
            }
            assertThat(dispatcher.clients().count()).isZero();
            assertThat(dispatcher.keysOfInterest()).as("keys of interest").isZero();
            assertThat(dispatcher.waitingCount()).as("waiting clients").isZero();
            assertThat(dispatcher.timedWaitCount()).as("of them with a time").isZero();
        } finally {
            keyspace.close();
        }
    }

    private final class Events implements SessionEvents {
        @Override
        public ErrorReply refusal(Session session, CommandSpec spec) {
            return null;
        }

        @Override
        public void protocolError(Session session, String error) {}

        @Override
        public void queryBufferExceeded(Session session) {
            mistakes.add("query buffer");
        }

        @Override
        public void outputBufferExceeded(Session session, long pendingBytes) {}

        @Override
        public void internalError(Session session, CommandSpec spec, Throwable error) {
            synchronized (mistakes) {
                mistakes.add(spec.name() + ": " + error.getMessage());
            }
        }
    }
}
