package dev.slotmesh.benchmarks;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.server.commands.lists.ListCommands;
import dev.slotmesh.server.commands.sets.SetCommands;
import dev.slotmesh.server.commands.strings.StringCommands;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.Router;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.SessionLimits;

import io.netty.buffer.ByteBuf;

/**
 * A node's way from request bytes to reply bytes without its sockets: decoder, dispatcher, slot locks, commands,
 * keyspace, encoder, for one client. In cluster mode with all slots its own. Confined to the thread that made it.
 */
final class EmbeddedNode implements AutoCloseable {
    private static final long HASH_SEED = 42;

    private final Keyspace keyspace;
    private final EmbeddedConnection connection = new EmbeddedConnection();
    private final Session session;

    /** A node with the first {@code keys} keys of {@link RequestBatches}. */
    EmbeddedNode(int keys) {
        keyspace = new Keyspace(KeyspaceSettings.cluster(HASH_SEED));
        CommandBindings bindings = new CommandBindings();
        new StringCommands().bind(bindings);
        new ListCommands().bind(bindings);
        new SetCommands().bind(bindings);
        Dispatcher dispatcher = new Dispatcher(
                bindings.table(),
                keyspace,
                new AllSlots(),
                SessionLimits.DEFAULT,
                new UnwantedEvents());
        session = dispatcher.admit(connection);
        try (RequestBatches all = RequestBatches.everyKey("SET", keys)) {
            for (int i = 0; i < all.count(); i++) {
                execute(all);
            }
        }
    }

    /**
     * Copies the next batch into a receive buffer, as a read from a socket would, and executes it.
     *
     * @return how many bytes of replies it caused
     */
    long execute(RequestBatches batches) {
        long before = connection.sentBytes();
        ByteBuf received = connection.allocate(batches.bytes());
        batches.copyNext(received);
        session.receive(received);
        return connection.sentBytes() - before;
    }

    /** First byte of the replies sent last. */
    byte firstReplyByte() {
        return connection.firstByte();
    }

    @Override
    public void close() {
        session.disconnected();
        keyspace.close();
    }

    /** The router of a node that has every slot. */
    private static final class AllSlots implements Router {
        @Override
        public String refusal(Call call, int slot) {
            return null;
        }

        @Override
        public String waitRefusal(Session waiting, int slot) {
            return null;
        }
    }
}
