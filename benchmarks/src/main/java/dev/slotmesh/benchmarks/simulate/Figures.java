package dev.slotmesh.benchmarks.simulate;

import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.gossip.simulator.Invariant;
import dev.slotmesh.gossip.simulator.MeshWatch;
import dev.slotmesh.gossip.simulator.Outlook;
import dev.slotmesh.gossip.simulator.ShardWatch;
import dev.slotmesh.gossip.simulator.SimulatedNode;
import dev.slotmesh.gossip.simulator.Simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;

/** The measurements, each of one run. All times are virtual milliseconds but where the processor's are meant. */
final class Figures {
    /** The cluster-node-timeout of most bars. */
    static final long T_MS = 5_000;

    private static final long DEFAULT_T_MS = 15_000;
    private static final long LIMIT_MS = 120_000;

    private Figures() {}

    /** Kilobytes a node sends per second, on average, once the cluster does nothing but watch itself. */
    static double steadyKilobytesPerSecond(Mix mix, int nodes, long measuredMs) {
        Simulation simulation = mix.cluster(1, nodes, nodes / 2, DEFAULT_T_MS);
        long before = simulation.network().bytes();
        simulation.runFor(measuredMs);
        return (simulation.network().bytes() - before) / (double) measuredMs / nodes;
    }

    /**
     * What follows the death of some primaries at once, whose hosts live on; -1 where it did not come within two minutes.
     *
     * @param servedMs until each of their shards is served again
     * @param okMs until every node says that the cluster is ok
     */
    record Recovery(long servedMs, long okMs) {}

    static Recovery killPrimaries(Mix mix, long seed, int nodes, int victims) {
        int primaries = nodes / 2;
        Simulation simulation = mix.cluster(seed, nodes, primaries, T_MS);
        List<SimulatedNode> dead = new ArrayList<>();
        while (dead.size() < victims) {
            SimulatedNode one = simulation.node(simulation.random().nextInt(primaries));
            if (!dead.contains(one)) {
                dead.add(one);
            }
        }
        ShardWatch watch = new ShardWatch(simulation, dead);
        dead.forEach(SimulatedNode::kill);
        long servedMs = simulation.runUntil(watch::allServed, LIMIT_MS);
        long moreMs = servedMs < 0 ? -1 : simulation.runUntil(watch::allOk, LIMIT_MS - servedMs);
        return new Recovery(servedMs, moreMs < 0 ? -1 : servedMs + moreMs);
    }

    /**
     * How a full mesh came about.
     *
     * @param elapsedMs from the MEETs until every node lists every other one as a member and is connected to it; -1 for never
     * @param megabytes sent on the bus meanwhile, by all
     * @param cpuSeconds processor time of the simulation
     * @param peakHeapMegabytes of the simulation, garbage included
     */
    record Mesh(long elapsedMs, double megabytes, double cpuSeconds, double peakHeapMegabytes) {}

    /** All but one are told to MEET that one, at the same moment. */
    static Mesh mesh(Mix mix, int nodes) {
        Simulation simulation = mix.nodes(1, nodes, nodes / 2, DEFAULT_T_MS);
        MeshWatch watch = new MeshWatch(simulation);
        simulation.nodes().forEach(SimulatedNode::start);
        simulation.runFor(1_000);
        for (MemoryPoolMXBean pool : heap()) {
            pool.resetPeakUsage();
        }
        long startNs = cpuNs();
        for (int i = 1; i < nodes; i++) {
            simulation.node(i).meet(simulation.node(0));
        }
        long before = simulation.network().bytes();
        long elapsedMs = simulation.runUntil(watch::isMesh, LIMIT_MS);
        long peakBytes = 0;
        for (MemoryPoolMXBean pool : heap()) {
            peakBytes += pool.getPeakUsage().getUsed();
        }
        return new Mesh(
                elapsedMs,
                (simulation.network().bytes() - before) / 1e6,
                (cpuNs() - startNs) / 1e9,
                peakBytes / 1e6);
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    /** How often nodes that were merely stopped for two seconds were taken for dead, and by how many they were replaced. */
    static final class Accusations implements Invariant {
        private int suspected;
        private int failed;
        private int failovers;

        int suspected() {
            return suspected;
        }

        int failed() {
            return failed;
        }

        int failovers() {
            return failovers;
        }

        @Override
        public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
            List<NodeView> now = node.outlook().nodes();
            failovers += before.myself().isReplica() && now.get(0).isPrimary() ? 1 : 0;
            for (int i = 1; i < Math.min(now.size(), before.nodes().size()); i++) {
                NodeView then = before.nodes().get(i);
                suspected += !then.isPfail() && now.get(i).isPfail() ? 1 : 0;
                failed += !then.isFail() && now.get(i).isFail() ? 1 : 0;
            }
        }
    }

    /** Every ten seconds, some node is stopped for two. */
    static Accusations stalls(Mix mix, int nodes, long durationMs) {
        Simulation simulation = mix.cluster(1, nodes, nodes / 2, T_MS);
        Accusations accusations = new Accusations();
        simulation.watch(accusations);
        for (long atMs = 0; atMs < durationMs; atMs += 10_000) {
            SimulatedNode victim = simulation.node(simulation.random().nextInt(nodes));
            victim.pause();
            simulation.runFor(2_000);
            victim.resume();
            simulation.runFor(8_000);
        }
        return accusations;
    }

    /** How long a primary goes on acknowledging the writes of a client on its side once it is cut off from all others. */
    static long isolatedWritesMs(Mix mix, long seed) {
        Simulation simulation = mix.cluster(seed, 6, 3, T_MS);
        SimulatedNode lonely = simulation.node(0);
        simulation.runFor(simulation.random().nextInt((int) T_MS));
        simulation.network().cut((from, to) -> (from == lonely) != (to == lonely));
        return simulation.runUntil(() -> !lonely.acceptsWrites(), LIMIT_MS);
    }

    /**
     * What the simulation itself costs.
     *
     * @param cpuSeconds processor time
     */
    record Speed(double virtualSeconds, double cpuSeconds, long messages) {}

    static Speed speed(Mix mix, int nodes, long durationMs) {
        Simulation simulation = mix.cluster(1, nodes, nodes / 2, DEFAULT_T_MS);
        long messages = simulation.network().messages();
        long startNs = cpuNs();
        simulation.runFor(durationMs);
        return new Speed(
                durationMs / 1000.0,
                (cpuNs() - startNs) / 1e9,
                simulation.network().messages() - messages);
    }

    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
