package dev.slotmesh.benchmarks;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * The longest of many steps of one thread: by its processor time, which other processes of the machine do not lengthen, and
 * by the clock. Steps during which garbage was collected are left out. Confined to one thread.
 */
final class WorstStep {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final List<GarbageCollectorMXBean> COLLECTORS =
            ManagementFactory.getGarbageCollectorMXBeans();
    private static final double NANOS_PER_MS = 1e6;
    /** Shorter ones need no look at the collectors. */
    private static final long NOTABLE_NANOS = 100_000;

    private long startCpu;
    private long startWall;
    private long collections = collections();
    private long worstCpu;
    private long worstWall;

    private static long collections() {
        return COLLECTORS.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    /** The next step begins. */
    void begin() {
        startCpu = THREADS.getCurrentThreadCpuTime();
        startWall = System.nanoTime();
    }

    /** The step ends, and another begins. */
    void lap() {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        if (wall - startWall > Math.min(NOTABLE_NANOS, worstWall)) {
            note(cpu - startCpu, wall - startWall);
        }
        startCpu = cpu;
        startWall = wall;
    }

    private void note(long cpu, long wall) {
        long now = collections();
        if (now == collections) {
            // Virtual machines may charge a thread for time that it was not given.
            worstCpu = Math.max(worstCpu, Math.min(cpu, wall));
            worstWall = Math.max(worstWall, wall);
        }
        collections = now;
    }

    double cpuMs() {
        return worstCpu / NANOS_PER_MS;
    }

    double wallMs() {
        return worstWall / NANOS_PER_MS;
    }
}
