package dev.slotmesh.keyspace.memory;

/**
 * The native memory of one keyspace: blocks of any size from segments of the operating system, in independently locked
 * stripes. See docs/memory-layout.md.
 *
 * <p>The entries and the index of a slot use the stripe of its number. A structure below an entry may have moved here from
 * another slot; the {@link Root} says which stripe its blocks are from.
 */
public final class Arena implements AutoCloseable {
    private final ArenaStripe[] stripes;
    private final MemoryAccount account = new MemoryAccount();
    private final SpanPool pool = new SpanPool(account, MallocTuning.ofProcess());
    private final LargeReleases largeReleases = new LargeReleases();

    /**
     * An arena that holds nothing yet, with a hash of its own.
     *
     * @param stripes a power of two
     * @param secret marks free blocks, seeds the hash; unknown to clients
     */
    public Arena(int stripes, long secret) {
        this(stripes, secret, new KeyHash(secret));
    }

    /**
     * An arena that holds nothing yet.
     *
     * @param stripes a power of two
     * @param secret marks free blocks; unknown to clients
     * @param hashes what the tables in this arena are ordered by
     */
    public Arena(int stripes, long secret, KeyHash hashes) {
        if (Integer.bitCount(stripes) != 1) {
            throw new IllegalArgumentException("stripes: " + stripes);
        }
        this.stripes = new ArenaStripe[stripes];
        for (int i = 0; i < stripes; i++) {
            this.stripes[i] = new ArenaStripe(i, secret, hashes, pool, largeReleases);
        }
    }

    /** The sums that need no lock. */
    public MemoryAccount account() {
        return account;
    }

    /** Large blocks on their way back to the operating system. */
    public LargeReleases largeReleases() {
        return largeReleases;
    }

    /** The part of {@link #touchedBytes()} in which segments describe themselves; the account counts it as used. */
    public long headBytes() {
        return pool.headBytes();
    }

    /** The part of {@link #touchedBytes()} that no block is in: usable for blocks of any size. */
    public long spareBytes() {
        return pool.spareBytes();
    }

    /** Whether there are so many free spans that a segment can be given back once its blocks have moved. Takes no lock. */
    public boolean hasSurplusSegment() {
        return SparseSpans.surplusSegments(2, account.spareBytes() / SpanTable.SPAN_BYTES) > 0;
    }

    /**
     * Chooses segments that the free spans of the others have room for, to be emptied; their spans are then among those that
     * {@link ArenaStripe#chooseLeaving} chooses. Returns how many.
     */
    public int chooseSegments() {
        return pool.chooseSegments();
    }

    /** Uses chosen segments again that did not become empty. */
    public void keepSegments() {
        pool.keepSegments();
    }

    /** Gives memory back that held nothing since the last call. To be called every few seconds, by one thread. */
    public void giveBackIdle() {
        pool.giveBackIdle();
    }

    /** Gives all memory back that holds nothing. */
    public void giveBackFree() {
        pool.giveBackFree();
    }

    /** From now on until that is closed, a thread keeps memory ready for what is stored. */
    public MemoryAhead memoryAhead() {
        return new MemoryAhead(pool);
    }

    /** Bytes in blocks in use, rounded up to their size classes. */
    public long usedBytes() {
        long sum = 0;
        for (ArenaStripe stripe : stripes) {
            sum += stripe.usedBytes();
        }
        return sum;
    }

    /** The part of {@link #usedBytes()} that is index tables. */
    public long indexBytes() {
        long sum = 0;
        for (ArenaStripe stripe : stripes) {
            sum += stripe.indexBytes();
        }
        return sum;
    }

    /** Bytes of address space held; pages never written are not resident. */
    public long reservedBytes() {
        long sum = pool.reservedBytes();
        for (ArenaStripe stripe : stripes) {
            sum += stripe.largeBytes();
        }
        return sum;
    }

    /** The part of {@link #reservedBytes()} that was ever handed out, so may be resident. */
    public long touchedBytes() {
        long sum = pool.headBytes() + pool.spareBytes();
        for (ArenaStripe stripe : stripes) {
            sum += stripe.heldBytes();
        }
        return sum;
    }

    /** Gives everything back to the operating system. Nothing in it may be used afterwards. */
    @Override
    public void close() {
        for (ArenaStripe stripe : stripes) {
            stripe.close();
        }
        pool.close();
        while (largeReleases.releaseOne()) {
            // Until none is left.
        }
    }

    /** The stripe of a slot, and by its own number that of a structure. */
    public ArenaStripe stripe(int slot) {
        return stripes[slot & (stripes.length - 1)];
    }
}
