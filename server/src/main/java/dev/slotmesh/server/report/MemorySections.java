package dev.slotmesh.server.report;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.MemoryUse;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.config.MemoryDirectives;

import io.netty.buffer.PooledByteBufAllocator;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** INFO's sections about memory and keys. */
final class MemorySections {
    private final Node node;
    private final AtomicLong peakBytes = new AtomicLong();

    MemorySections(Node node) {
        this.node = node;
    }

    void memory(ReportText out) {
        MemoryUse use = node.keyspace().memoryUse();
        long buffers = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        long used = use.usedBytes() + buffers;
        long resident = ProcessFigures.residentBytes();
        long peak = peakBytes.accumulateAndGet(used, Math::max);
        long limit = node.configuration().get(MemoryDirectives.MAXMEMORY);
        out.bytes("used_memory", used);
        out.bytes("used_memory_rss", resident);
        out.bytes("used_memory_peak", peak);
        out.field("used_memory_peak_perc", percent(used, peak));
        out.field("used_memory_overhead", use.indexBytes() + buffers);
        out.field("used_memory_startup", 0);
        out.field("used_memory_dataset", use.usedBytes() - use.indexBytes());
        out.field("used_memory_dataset_perc", percent(use.usedBytes() - use.indexBytes(), used));
        out.field("allocator_allocated", use.usedBytes());
        out.field("allocator_active", use.touchedBytes());
        out.field("allocator_resident", use.touchedBytes());
        out.bytes("total_system_memory", ProcessFigures.totalBytes());
        out.bytes("maxmemory", limit);
        out.field("maxmemory_policy", node.configuration().text(MemoryDirectives.MAXMEMORY_POLICY));
        out.decimal("allocator_frag_ratio", use.fragmentation());
        out.field("allocator_frag_bytes", use.touchedBytes() - use.usedBytes());
        out.decimal("mem_fragmentation_ratio", used == 0 ? 0 : (double) resident / used);
        out.field("mem_fragmentation_bytes", resident - used);
        out.field("mem_clients_normal", buffers);
        out.field("lazyfree_pending_objects", node.keyspace().remains().pendingCount());
        out.field("lazyfreed_objects", node.keyspace().remains().freedCount());
        out.field("mem_allocator", "slotmesh-arena");
        out.field("slotmesh_index_bytes", use.indexBytes());
        out.field("slotmesh_reserved_bytes", use.reservedBytes());
        out.field(
                "java_heap_used",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
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
