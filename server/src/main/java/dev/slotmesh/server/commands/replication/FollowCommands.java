package dev.slotmesh.server.commands.replication;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PrimaryAddress;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.replication.Replication;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.Optional;
import java.util.function.Supplier;

/** REPLICAOF, and SLAVEOF as it was called before. */
public final class FollowCommands {
    private static final ErrorReply IN_CLUSTER =
            new ErrorReply("ERR REPLICAOF not allowed in cluster mode.");
    private static final ErrorReply FAILING_OVER =
            new ErrorReply("ERR REPLICAOF not allowed while failing over.");
    private static final ErrorReply TO_A_REPLICA =
            new ErrorReply("ERR Command is not valid when client is a replica.");
    private static final ErrorReply INVALID_PORT = new ErrorReply("ERR Invalid master port");
    private static final int MOST_PORT = 65_535;

    private final Configuration configuration;
    private final NodeLog log;
    private final Supplier<Replication> node;

    /** @param replication asked for when a command comes */
    public FollowCommands(
            Configuration configuration, NodeLog log, Supplier<Replication> replication) {
        this.configuration = configuration;
        this.log = log;
        this.node = replication;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("replicaof", this::follow).bind("slaveof", this::follow);
    }

    private void follow(Call call) {
        if (call.clusterEnabled()) {
            throw IN_CLUSTER;
        }
        if (node.get().isFailingOver()) {
            throw FAILING_OVER;
        }
        if (call.is(1, "NO") && call.is(2, "ONE")) {
            lead(call);
            return;
        }
        if (call.session().isReplica()) {
            throw TO_A_REPLICA;
        }
        long port = call.integer(2, INVALID_PORT);
        if (port < 0 || port > MOST_PORT) {
            throw INVALID_PORT;
        }
        PrimaryAddress primary = new PrimaryAddress(call.text(1), (int) port);
        PrimaryAddress present = node.get().follower().target();
        if (present != null
                && present.port() == primary.port()
                && present.host().equalsIgnoreCase(primary.host())) {
            log.notice(
                    "REPLICAOF would result into synchronization with the master we are already connected"
                            + " with. No operation performed.");
            call.reply().simpleString("OK Already connected to specified master");
            return;
        }
        node.get().follower().follow(primary);
        configuration.put(ReplicationDirectives.REPLICAOF, Optional.of(primary));
        log.notice("REPLICAOF " + primary.host() + ":" + primary.port()
                + " enabled (user request from '" + describe(call) + "')");
        call.reply().ok();
    }

    private void lead(Call call) {
        if (node.get().follower().lead()) {
            configuration.put(ReplicationDirectives.REPLICAOF, Optional.empty());
            log.notice("MASTER MODE enabled (user request from '" + describe(call) + "')");
        }
        call.reply().ok();
    }

    private static String describe(Call call) {
        return "id=" + call.session().id() + " addr="
                + call.session().connection().remoteAddress() + " name="
                + call.client().name();
    }
}
