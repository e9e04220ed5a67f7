package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.HashSlot;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * What commands cost each slot: time, bytes of requests, bytes of replies and of what replicas are sent. Each event loop has
 * {@link SlotCounters} of its own, so that counting takes no lock and no memory per command; here they are summed up. Any thread.
 */
public final class SlotLoads {
    private final List<SlotCounters> all = new CopyOnWriteArrayList<>();
    /** Sums at the last reset of each slot, as the counters have them; guarded by this object's monitor. */
    private final long[] base = new long[SlotCounters.KINDS * HashSlot.SLOT_COUNT];

    private volatile boolean counted;
    private volatile IntSupplier replicaCount = () -> 0;

    /** The sums of all slots since they were last reset. */
    public static final class Reading {
        private final long[] sums;

        private Reading(long[] sums) {
            this.sums = sums;
        }

        /** Microseconds in which commands of a slot were executed. */
        public long cpuMicros(int slot) {
            return TimeUnit.NANOSECONDS.toMicros(sum(slot, SlotCounters.NANOS));
        }

        /** Bytes of their requests. */
        public long bytesIn(int slot) {
            return sum(slot, SlotCounters.BYTES_IN);
        }

        /** Bytes of their replies, and of what each replica was sent of them. */
        public long bytesOut(int slot) {
            return sum(slot, SlotCounters.BYTES_OUT);
        }

        private long sum(int slot, int kind) {
            return sums[SlotCounters.KINDS * slot + kind];
        }
    }

    /** Whether it is counted. */
    public boolean isCounted() {
        return counted;
    }

    /** Begins or ends to count, from each loop's next turn on. */
    public void counted(boolean from) {
        counted = from;
    }

    /** Where to ask how many replicas there are. */
    public void replicaCount(IntSupplier source) {
        replicaCount = source;
    }

    int replicaCount() {
        return replicaCount.getAsInt();
    }

    /** Counters for one more loop. */
    SlotCounters ofLoop() {
        SlotCounters counters = new SlotCounters(this);
        all.add(counters);
        return counters;
    }

    public synchronized Reading read() {
        long[] sums = sums();
        for (int i = 0; i < sums.length; i++) {
            sums[i] -= base[i];
        }
        return new Reading(sums);
    }

    /** Counts all slots from 0 again. */
    synchronized void reset() {
        System.arraycopy(sums(), 0, base, 0, base.length);
    }

    /** Counts some slots from 0 again: they are somebody else's now, or were. */
    public synchronized void reset(BitSet slots) {
        if (all.isEmpty()) {
            return;
        }
        long[] sums = sums();
        slots.stream().forEach(slot -> {
            int first = SlotCounters.KINDS * slot;
            System.arraycopy(sums, first, base, first, SlotCounters.KINDS);
        });
    }

    private long[] sums() {
        long[] sums = new long[base.length];
        for (SlotCounters each : all) {
            Arrays.setAll(
                    sums,
                    i -> sums[i] + each.count(i / SlotCounters.KINDS, i % SlotCounters.KINDS));
        }
        return sums;
    }
}
