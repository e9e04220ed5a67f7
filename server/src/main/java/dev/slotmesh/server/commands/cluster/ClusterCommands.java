package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/** CLUSTER with all its subcommands. */
public final class ClusterCommands {
    private static final String SUBCOMMANDS = "cluster|";

    private final ClusterService cluster;

    /** @param cluster the node's membership, or null when cluster mode is off */
    public ClusterCommands(ClusterService cluster) {
        this.cluster = cluster;
    }

    /** Binds the subcommands; with cluster mode off all of them, HELP included, answer that it is off, as in Redis. */
    public void bind(CommandBindings bindings) {
        if (cluster == null) {
            CommandTable.describedNames().stream()
                    .filter(name -> name.startsWith(SUBCOMMANDS))
                    .forEach(name -> bindings.bind(name, call -> {
                        throw ErrorReply.NO_CLUSTER;
                    }));
            return;
        }
        bindings.bind("cluster|help", call -> ClusterHelp.writeTo(call.reply()));
        new ClusterReadCommands(cluster).bind(bindings);
        new ClusterSlotCommands(cluster).bind(bindings);
        new ClusterOperatorCommands(cluster).bind(bindings);
    }
}
