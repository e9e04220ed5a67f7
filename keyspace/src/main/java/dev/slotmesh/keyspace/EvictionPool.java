package dev.slotmesh.keyspace;

/**
 * The best candidates for eviction met so far, up to {@value #SIZE}, the best last. Samples are small; keeping what was good
 * in earlier ones is what brings the choice near to that of a full order. A candidate may be gone or used again by the time
 * it is taken: who takes it looks. One thread at a time.
 */
final class EvictionPool {
    static final int SIZE = 16;

    private final long[] scores = new long[SIZE];
    private final long[] hashes = new long[SIZE];
    private final long[] entries = new long[SIZE];
    private final int[] slots = new int[SIZE];
    private final int[] databases = new int[SIZE];
    private int count;

    void clear() {
        count = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether a candidate of this score would be kept. */
    boolean wants(long score) {
        return count < SIZE || score > scores[0];
    }

    /** Adds a candidate unless it is there already; the worst makes room. */
    void offer(long score, long hash, long entry, int slot, int database) {
        for (int i = 0; i < count; i++) {
            if (entries[i] == entry && hashes[i] == hash) {
                return;
            }
        }
        if (count == SIZE) {
            move(1, 0, count - 1);
            count--;
        }
        int at = count;
        while (at > 0 && scores[at - 1] > score) {
            at--;
        }
        move(at, at + 1, count - at);
        scores[at] = score;
        hashes[at] = hash;
        entries[at] = entry;
        slots[at] = slot;
        databases[at] = database;
        count++;
    }

    private void move(int from, int to, int length) {
        System.arraycopy(scores, from, scores, to, length);
        System.arraycopy(hashes, from, hashes, to, length);
        System.arraycopy(entries, from, entries, to, length);
        System.arraycopy(slots, from, slots, to, length);
        System.arraycopy(databases, from, databases, to, length);
    }

    /** Takes the best candidate away; the methods below then tell of it until the next {@link #offer}. */
    void take() {
        count--;
    }

    long score() {
        return scores[count];
    }

    long hash() {
        return hashes[count];
    }

    long entry() {
        return entries[count];
    }

    int slot() {
        return slots[count];
    }

    int database() {
        return databases[count];
    }
}
