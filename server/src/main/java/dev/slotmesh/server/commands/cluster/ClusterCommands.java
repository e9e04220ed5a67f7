package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.migration.SlotMigrations;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** CLUSTER with all its subcommands. */
public final class ClusterCommands {
    private static final String SUBCOMMANDS = "cluster|";

    private final ClusterService cluster;
    private final Supplier<SlotMigrations> migrations;
    private final Executor background;

    /**
     * @param cluster the node's membership, or null when cluster mode is off
     * @param migrations asked for with each command about them
     * @param background where what takes long is done
     */
    public ClusterCommands(
            ClusterService cluster, Supplier<SlotMigrations> migrations, Executor background) {
        this.cluster = cluster;
        this.migrations = migrations;
        this.background = background;
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
        new SlotStatsCommand(cluster, background).bind(bindings);
        bindings.bind("cluster|migrateslots", call -> migrations.get().migrate(call))
                .bind("cluster|getslotmigrations", call -> migrations.get().report(call))
                .bind("cluster|cancelslotmigrations", call -> migrations.get().cancel(call))
                .bind("cluster|syncslots", call -> migrations.get().sync(call));
    }
}
