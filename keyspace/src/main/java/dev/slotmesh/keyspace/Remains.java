package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.memory.Structure;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Large structures whose key is gone, waiting to be freed in steps. Any thread adds; one thread at a time frees. No slot lock
 * is needed: nothing else can reach a structure here.
 */
public final class Remains {
    private static final int BLOCKS_A_STEP = 512;

    private final Keyspace keyspace;
    private final Queue<Remain> waiting = new ConcurrentLinkedQueue<>();
    private final LongAdder freed = new LongAdder();
    private final LongAdder pending = new LongAdder();
    private Remain present;

    Remains(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    void add(Structure structure, long root) {
        pending.increment();
        waiting.add(new Remain(structure, root));
    }

    /** Structures not yet wholly freed. */
    public long pendingCount() {
        return pending.sum();
    }

    /** Structures freed here since the start. */
    public long freedCount() {
        return freed.sum();
    }

    /** Frees for about {@code budgetNanos}, at least one step of some hundred blocks. Returns whether nothing is left. */
    public synchronized boolean free(long budgetNanos) {
        long startNanos = System.nanoTime();
        do {
            if (present == null) {
                present = waiting.poll();
            }
            if (present == null) {
                return true;
            }
            present = freeStep(present);
        } while (System.nanoTime() - startNanos < budgetNanos);
        return present == null && waiting.isEmpty();
    }

    private Remain freeStep(Remain remain) {
        var stripe = keyspace.stripe(Root.stripe(remain.root));
        long left = remain.structure.free(stripe, Root.address(remain.root), BLOCKS_A_STEP);
        if (left != 0) {
            return new Remain(remain.structure, Root.of(stripe, left));
        }
        pending.decrement();
        freed.increment();
        return null;
    }

    private record Remain(Structure structure, long root) {}
}
