package dev.slotmesh.server;

import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.commands.admin.CommandCommands;
import dev.slotmesh.server.commands.admin.ConfigCommands;
import dev.slotmesh.server.commands.admin.DebugCommand;
import dev.slotmesh.server.commands.admin.DebugLoadAof;
import dev.slotmesh.server.commands.admin.DebugReload;
import dev.slotmesh.server.commands.admin.InfoCommand;
import dev.slotmesh.server.commands.admin.MemoryCommands;
import dev.slotmesh.server.commands.admin.RewriteCommand;
import dev.slotmesh.server.commands.admin.ServerCommands;
import dev.slotmesh.server.commands.bitmaps.BitmapCommands;
import dev.slotmesh.server.commands.cluster.ClusterCommands;
import dev.slotmesh.server.commands.cluster.ConnectionModeCommands;
import dev.slotmesh.server.commands.cluster.DebugCluster;
import dev.slotmesh.server.commands.connection.ClientCommands;
import dev.slotmesh.server.commands.connection.ConnectionCommands;
import dev.slotmesh.server.commands.connection.Passwords;
import dev.slotmesh.server.commands.dump.DumpCommands;
import dev.slotmesh.server.commands.geo.GeoCommands;
import dev.slotmesh.server.commands.hashes.HashCommands;
import dev.slotmesh.server.commands.hyperloglog.HyperLogLogCommands;
import dev.slotmesh.server.commands.keys.KeyCommands;
import dev.slotmesh.server.commands.lists.ListCommands;
import dev.slotmesh.server.commands.persistence.SaveCommands;
import dev.slotmesh.server.commands.pubsub.MessageSpread;
import dev.slotmesh.server.commands.pubsub.PubSubCommands;
import dev.slotmesh.server.commands.replication.FollowCommands;
import dev.slotmesh.server.commands.sets.SetCommands;
import dev.slotmesh.server.commands.sort.SortCommands;
import dev.slotmesh.server.commands.sortedsets.SortedSetCommands;
import dev.slotmesh.server.commands.streams.StreamCommands;
import dev.slotmesh.server.commands.strings.StringCommands;
import dev.slotmesh.server.commands.transactions.TransactionCommands;
import dev.slotmesh.server.config.MemoryDirectives;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.report.MemoryFigures;
import dev.slotmesh.server.report.NodeReport;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.CommandHandler;

import java.util.function.BooleanSupplier;

/** Every command of a node, bound to what it needs. */
final class NodeCommands {
    private NodeCommands() {}

    static CommandTable<CommandHandler> table(Node node) {
        CommandBindings bindings = new CommandBindings();
        new ConnectionCommands(new Passwords(node.configuration())).bind(bindings);
        new ClientCommands().bind(bindings);
        new CommandCommands().bind(bindings);
        new ConfigCommands(node.configuration(), node.replication()::resetCounts).bind(bindings);
        BooleanSupplier compressing =
                () -> node.configuration().get(PersistenceDirectives.RDBCOMPRESSION);
        new PubSubCommands(
                        node.subscriptions(),
                        node.cluster()
                                .map(cluster -> (MessageSpread) cluster::spread)
                                .orElse(null))
                .bind(bindings);
        DebugLoadAof loadAof = new DebugLoadAof(
                () -> node.persistence().appendOnly(), node.background(), node.log());
        DebugReload reload =
                new DebugReload((options, emptied) -> node.persistence().reload(options, emptied));
        DebugCommand.Others debugging = new DebugCommand.Others(
                loadAof, reload, new DebugCluster(node.cluster().orElse(null)));
        new DebugCommand(node.background(), node::activeExpiry, compressing, debugging)
                .bind(bindings);
        new InfoCommand(NodeReport.of(node)).bind(bindings);
        new MemoryCommands(() -> MemoryFigures.of(node), node.memoryUpkeep()::purge).bind(bindings);
        new RewriteCommand(() -> node.persistence().appendOnly()).bind(bindings);
        new ServerCommands(node::shutdown).bind(bindings);
        new SaveCommands(node.persistence().saves()).bind(bindings);
        new FollowCommands(node.configuration(), node.log(), node::replication).bind(bindings);
        new StringCommands().bind(bindings);
        new StreamCommands().bind(bindings);
        new BitmapCommands().bind(bindings);
        new HyperLogLogCommands().bind(bindings);
        new SetCommands().bind(bindings);
        new SortedSetCommands().bind(bindings);
        new GeoCommands().bind(bindings);
        new SortCommands().bind(bindings);
        new DumpCommands(compressing).bind(bindings);
        node.migrations().bind(bindings);
        new HashCommands().bind(bindings);
        new ListCommands().bind(bindings);
        new TransactionCommands().bind(bindings);
        new KeyCommands(
                        () -> node.configuration().get(MemoryDirectives.LAZYFREE_LAZY_USER_FLUSH),
                        node.memoryUpkeep()::freeRemains,
                        node.persistence().saves()::flushed)
                .bind(bindings);
        node.replication().bind(bindings);
        new ClusterCommands(
                        node.cluster().orElse(null),
                        () -> node.slotMigrations().orElseThrow(),
                        node.background())
                .bind(bindings);
        new ConnectionModeCommands().bind(bindings);
        return bindings.table(node.configuration().commandNames());
    }
}
