package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.LargeReleases;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.memory.Structure;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is gone but not yet freed, because freeing it at once would hold others up: large structures and blocks whose key was
 * deleted, and the keys of emptied databases. Any thread adds; threads that free take turns. No slot lock is needed: nothing
 * else can reach what is here.
 */
public final class Remains {
    private static final int BLOCKS_A_STEP = 512;

    private final Keyspace keyspace;
    private final LargeReleases largeBlocks;
    private final Queue<Remain> waiting = new ConcurrentLinkedQueue<>();
    private final LongAdder freed = new LongAdder();
    private final LongAdder pending = new LongAdder();
    private final ReentrantLock freeing = new ReentrantLock();
    /** Guarded by {@link #freeing}. */
    private Remain present;

    /** One thing to be freed in steps. */
    private interface Remain {
        /** Frees some thousand blocks at most. Returns whether nothing is left. */
        boolean freeStep();

        /** How many values it counts as. */
        long objects();
    }

    Remains(Keyspace keyspace, LargeReleases largeBlocks) {
        this.keyspace = keyspace;
        this.largeBlocks = largeBlocks;
    }

    /** Hands a former content of a database over. */
    public void add(DetachedKeys keys) {
        if (keys.keyCount() > 0) {
            add(new DetachedRemain(keys));
        } else {
            keys.free(Long.MAX_VALUE);
        }
    }

    void add(Structure structure, long root) {
        add(new StructureRemain(structure, keyspace.stripe(Root.stripe(root)), Root.address(root)));
    }

    private void add(Remain remain) {
        pending.add(remain.objects());
        waiting.add(remain);
    }

    /** Values not yet wholly freed: INFO lazyfree_pending_objects. */
    public long pendingCount() {
        return pending.sum() + largeBlocks.waitingCount();
    }

    /** Values freed here since the start: INFO lazyfreed_objects. */
    public long freedCount() {
        return freed.sum();
    }

    /**
     * Frees for about {@code budgetNanos}, at least one step of some thousand blocks; does nothing while another thread is at
     * it. Returns whether nothing is left.
     */
    public boolean free(long budgetNanos) {
        if (!freeing.tryLock()) {
            return false;
        }
        try {
            long startNanos = System.nanoTime();
            boolean left;
            do {
                left = step();
            } while (left && System.nanoTime() - startNanos < budgetNanos);
            return !left;
        } finally {
            freeing.unlock();
        }
    }

    /** Returns whether something may be left. */
    private boolean step() {
        if (largeBlocks.releaseOne()) {
            freed.increment();
            return true;
        }
        if (present == null) {
            present = waiting.poll();
        }
        if (present == null) {
            return false;
        }
        if (present.freeStep()) {
            pending.add(-present.objects());
            freed.add(present.objects());
            present = null;
        }
        return true;
    }

    private static final class StructureRemain implements Remain {
        private final Structure structure;
        private final ArenaStripe stripe;
        private long address;

        StructureRemain(Structure structure, ArenaStripe stripe, long address) {
            this.structure = structure;
            this.stripe = stripe;
            this.address = address;
        }

        @Override
        public boolean freeStep() {
            address = structure.free(stripe, address, BLOCKS_A_STEP);
            return address == 0;
        }

        @Override
        public long objects() {
            return 1;
        }
    }

    private record DetachedRemain(DetachedKeys keys) implements Remain {
        @Override
        public boolean freeStep() {
            return keys.free(0);
        }

        @Override
        public long objects() {
            return keys.keyCount();
        }
    }
}
