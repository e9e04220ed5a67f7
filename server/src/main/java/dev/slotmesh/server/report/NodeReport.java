package dev.slotmesh.server.report;

import dev.slotmesh.server.Node;

/** The report of a node, section by section in Redis 7.0's order. */
public final class NodeReport {
    private NodeReport() {}

    public static StatusReport of(Node node) {
        ServerSections server = new ServerSections(node);
        MemorySections memory = new MemorySections(node);
        StatisticsSections statistics = new StatisticsSections(node);
        return new StatusReport()
                .add("Server", server::server)
                .add("Clients", server::clients)
                .add("Memory", memory::memory)
                .add("Persistence", new PersistenceSection(node)::write)
                .add("Stats", statistics::stats)
                .add("Replication", node.replication()::report)
                .add("CPU", server::cpu)
                .add("Modules", server::modules)
                .add("Commandstats", statistics::commandStatistics)
                .add("Errorstats", statistics::errorStatistics)
                .add("Cluster", server::cluster)
                .add("Keyspace", memory::keyspace);
    }
}
