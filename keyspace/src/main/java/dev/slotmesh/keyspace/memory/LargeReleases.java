package dev.slotmesh.keyspace.memory;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.bytes.BytesStore;

/**
 * Blocks of a mebibyte and more that nobody uses any more, waiting to be given back to the operating system, which takes tens of
 * milliseconds for half a gigabyte. They count as held until then. Thread safe.
 */
public final class LargeReleases {
    /** Smaller blocks are given back at once. */
    static final long LEAST_BYTES = 1024 * 1024;

    /** No more than this waits while others ask for blocks of that size. */
    private static final long MOST_WAITING_BYTES = 128 * LEAST_BYTES;

    private final ConcurrentLinkedQueue<Release> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    private record Release(ArenaStripe stripe, BytesStore<?, Void> store, long blockBytes) {}

    LargeReleases() {}

    void add(ArenaStripe stripe, BytesStore<?, Void> store, long blockBytes) {
        count.incrementAndGet();
        bytes.addAndGet(blockBytes);
        waiting.add(new Release(stripe, store, blockBytes));
    }

    /** Before a large block is obtained: gives others back when the background does not keep up. */
    void relieve() {
        while (bytes.get() > MOST_WAITING_BYTES && releaseOne()) {
            // Until few enough wait.
        }
    }

    /** Blocks that wait. */
    public int waitingCount() {
        return count.get();
    }

    /** Gives one block back; a step of up to tens of milliseconds that holds no lock. Returns whether there was one. */
    public boolean releaseOne() {
        Release release = waiting.poll();
        if (release == null) {
            return false;
        }
        release.stripe.release(release.store, release.blockBytes);
        count.decrementAndGet();
        bytes.addAndGet(-release.blockBytes);
        return true;
    }
}
