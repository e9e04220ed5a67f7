package dev.slotmesh.server.report;

import dev.slotmesh.keyspace.MemoryUse;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.cluster.ClusterService;

import io.netty.buffer.PooledByteBufAllocator;

import java.lang.management.ManagementFactory;

/**
 * A node's memory at one moment, bytes: what INFO and MEMORY tell. What counts against {@code maxmemory} is {@link #usedBytes}
 * without {@code uncountedBytes}; docs/decisions/0018 says why it is that.
 *
 * @param arena keys, values and index
 * @param clientBytes buffers of clients
 * @param serviceBytes what the server keeps for itself and counts: replication backlog, records of a snapshot
 * @param uncountedBytes what it keeps and does not count: of the stream what slow replicas alone need, and what is to be appended to
 *     the file. Evicting for its sake would add to it.
 * @param linkBytes buffers of the cluster bus, which count neither as used nor against the limit
 * @param peakBytes the most that was used
 * @param residentBytes the process as the operating system sees it
 * @param networkPoolBytes what the pool that clients' buffers come from holds
 * @param javaHeapBytes the Java heap in use, garbage included
 */
public record MemoryFigures(
        MemoryUse arena,
        long clientBytes,
        long serviceBytes,
        long uncountedBytes,
        long linkBytes,
        long peakBytes,
        long residentBytes,
        long networkPoolBytes,
        long javaHeapBytes) {

    /**
     * How much more one figure is than the one it rests on.
     *
     * @param ratio 0 when there is nothing it rests on
     */
    public record Excess(double ratio, long bytes) {
        private static Excess of(long more, long rests) {
            return new Excess(rests == 0 ? 0 : (double) more / rests, more - rests);
        }
    }

    /** Those of now. */
    public static MemoryFigures of(Node node) {
        MemoryUse arena = node.keyspace().memoryUse();
        long clients = node.keyspace().memoryAccount().bufferBytes();
        long service = node.keyspace().memoryAccount().serviceBytes();
        long uncounted = uncountedBytes(node);
        long used = arena.usedBytes() + arena.headBytes() + clients + service + uncounted;
        return new MemoryFigures(
                arena,
                clients,
                service,
                uncounted,
                node.cluster().map(ClusterService::linkMemoryBytes).orElse(0L),
                Math.max(node.memoryUpkeep().peakBytes(), used),
                ProcessFigures.residentBytes(),
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private static long uncountedBytes(Node node) {
        long forSlowReplicas =
                node.replication().log().memoryBytes() - node.replication().backlogBytes();
        return Math.max(0, forSlowReplicas)
                + node.persistence().appendOnly().figures().writing().pendingBytes();
    }

    /** What is used, counted against the limit or not. */
    public long usedBytes() {
        return arena.usedBytes() + arena.headBytes() + clientBytes + serviceBytes + uncountedBytes;
    }

    /** What is used and is no data. */
    public long overheadBytes() {
        return arena.indexBytes() + arena.headBytes() + clientBytes + serviceBytes + uncountedBytes;
    }

    /** Keys and values. */
    public long datasetBytes() {
        return usedBytes() - overheadBytes();
    }

    /** What lies idle between the blocks in use. */
    public Excess fragmentation() {
        return Excess.of(arena.heldBytes(), arena.usedBytes() + arena.headBytes());
    }

    /** What is held without a block in it. */
    public Excess spare() {
        return Excess.of(arena.touchedBytes(), arena.heldBytes());
    }

    /** What the process needs besides: the JVM with its heap, code and threads. */
    public Excess process() {
        return Excess.of(residentBytes, arena.touchedBytes());
    }

    /** What the process needs for what is used. */
    public Excess total() {
        return Excess.of(residentBytes, usedBytes());
    }
}
