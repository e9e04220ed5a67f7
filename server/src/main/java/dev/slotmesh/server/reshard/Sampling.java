package dev.slotmesh.server.reshard;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the load of slots for a while: what the counters have gained.
 *
 * @param seconds how long; 0 takes the counters as they are
 */
record Sampling(int seconds, Terminal terminal, Interruption interruption) {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * Microseconds of processor time by slot.
     *
     * @param before the counters now
     * @throws ReshardFailure when there was no load, or it is broken off
     */
    long[] load(Cluster cluster, ClusterMap map, long[] before) throws ReshardFailure {
        long[] load = before;
        if (seconds > 0) {
            terminal.line("Measuring the load for " + seconds + " s ...");
            sleep();
            long[] after = FigureReader.read(cluster, map).cpuUsec().orElse(before);
            load = new long[before.length];
            for (int slot = 0; slot < load.length; slot++) {
                // Less than before when somebody has reset the counters: then all of it is new.
                load[slot] = after[slot] < before[slot] ? after[slot] : after[slot] - before[slot];
            }
        }
        for (long one : load) {
            if (one > 0) {
                return load;
            }
        }
        throw new ReshardFailure("no load to be seen: nobody uses the cluster");
    }

    private void sleep() throws ReshardFailure {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (deadline - System.nanoTime() > 0) {
            if (interruption.isAsked()) {
                throw new ReshardFailure("stopped as asked; nothing was changed");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
