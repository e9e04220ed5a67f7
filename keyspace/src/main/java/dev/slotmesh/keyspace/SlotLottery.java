package dev.slotmesh.keyspace;

import java.util.SplittableRandom;

/**
 * Draws slots of one database, each as likely as it has keys. Running sums of the counts are kept for a while: they take some
 * microseconds to make, a draw a fraction of one. One thread at a time.
 */
final class SlotLottery {
    private static final int DRAWS_A_COUNT = 1024;

    private final long[] sums = new long[HashSlot.SLOT_COUNT];
    private int drawsLeft;
    private boolean counted;
    private Database database;

    /**
     * A slot that had keys when they were last counted, or -1 when the database has none now.
     *
     * @param expiring whether keys with a deadline count, or all
     */
    int draw(Database from, boolean expiring, SplittableRandom random) {
        if (drawsLeft == 0 || counted != expiring || database != from) {
            count(from, expiring);
        }
        long total = sums[sums.length - 1];
        if (total == 0) {
            drawsLeft = 0;
            return -1;
        }
        drawsLeft--;
        long ticket = random.nextLong(total);
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (sums[middle] > ticket) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Has the keys counted again before the next draw. */
    void recount() {
        drawsLeft = 0;
    }

    private void count(Database from, boolean expiring) {
        long sum = 0;
        for (int slot = 0; slot < sums.length; slot++) {
            if (!from.isApart(slot)) {
                sum += expiring ? from.expiringKeyCount(slot) : from.keyCount(slot);
            }
            sums[slot] = sum;
        }
        database = from;
        counted = expiring;
        drawsLeft = DRAWS_A_COUNT;
    }
}
