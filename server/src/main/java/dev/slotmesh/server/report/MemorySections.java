package dev.slotmesh.server.report;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.config.MemoryDirectives;

import java.util.Locale;

/** INFO's sections about memory and keys. */
final class MemorySections {
    private final Node node;

    MemorySections(Node node) {
        this.node = node;
    }

    void memory(ReportText out) {
        MemoryFigures figures = MemoryFigures.of(node);
        out.bytes("used_memory", figures.usedBytes());
        out.bytes("used_memory_rss", figures.residentBytes());
        out.bytes("used_memory_peak", figures.peakBytes());
        out.field("used_memory_peak_perc", percent(figures.usedBytes(), figures.peakBytes()));
        out.field("used_memory_overhead", figures.overheadBytes());
        out.field("used_memory_startup", 0);
        out.field("used_memory_dataset", figures.datasetBytes());
        out.field("used_memory_dataset_perc", percent(figures.datasetBytes(), figures.usedBytes()));
        out.field("allocator_allocated", figures.arena().usedBytes());
        out.field("allocator_active", figures.arena().heldBytes());
        out.field("allocator_resident", figures.arena().touchedBytes());
        out.bytes("total_system_memory", ProcessFigures.totalBytes());
        out.bytes("maxmemory", node.configuration().get(MemoryDirectives.MAXMEMORY));
        out.field("maxmemory_policy", node.configuration().text(MemoryDirectives.MAXMEMORY_POLICY));
        ratios(out, figures);
        out.field("mem_not_counted_for_evict", figures.uncountedBytes());
        long replicas = node.replication().replicaBufferBytes();
        out.field("mem_replication_backlog", node.replication().backlogBytes());
        out.field("mem_total_replication_buffers", node.replication().log().memoryBytes());
        out.field("mem_clients_slaves", replicas);
        out.field("mem_clients_normal", figures.clientBytes());
        out.field("mem_cluster_links", figures.linkBytes());
        out.field(
                "mem_aof_buffer",
                node.persistence().appendOnly().figures().writing().pendingBytes());
        out.field("mem_allocator", "slotmesh-arena");
        out.field("active_defrag_running", node.keyspace().compaction().isRunning() ? 1 : 0);
        out.field("lazyfree_pending_objects", node.keyspace().remains().pendingCount());
        out.field("lazyfreed_objects", node.keyspace().remains().freedCount());
        out.field("slotmesh_index_bytes", figures.arena().indexBytes());
        out.field("slotmesh_reserved_bytes", figures.arena().reservedBytes());
        out.field("slotmesh_network_pool_bytes", figures.networkPoolBytes());
        out.field("java_heap_used", figures.javaHeapBytes());
    }

    private static void ratios(ReportText out, MemoryFigures figures) {
        out.decimal("allocator_frag_ratio", figures.fragmentation().ratio());
        out.field("allocator_frag_bytes", figures.fragmentation().bytes());
        out.decimal("allocator_rss_ratio", figures.spare().ratio());
        out.field("allocator_rss_bytes", figures.spare().bytes());
        out.decimal("rss_overhead_ratio", figures.process().ratio());
        out.field("rss_overhead_bytes", figures.process().bytes());
        out.decimal("mem_fragmentation_ratio", figures.total().ratio());
        out.field("mem_fragmentation_bytes", figures.total().bytes());
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.2f%%", whole == 0 ? 0.0 : 100.0 * part / whole);
    }

    void keyspace(ReportText out) {
        Keyspace keyspace = node.keyspace();
        for (int i = 0; i < keyspace.databaseCount(); i++) {
            Database database = keyspace.database(i);
            long keys = database.keyCount();
            if (keys > 0) {
                out.field(
                        "db" + i,
                        "keys=" + keys + ",expires=" + database.expiringKeyCount() + ",avg_ttl=0");
            }
        }
    }
}
