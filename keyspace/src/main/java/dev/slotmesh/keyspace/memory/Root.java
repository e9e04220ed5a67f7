package dev.slotmesh.keyspace.memory;

/**
 * The word below an entry that leads to the structure it holds: the address of the structure's first block, and the stripe
 * that all its blocks are from, so that a structure can change its slot without being copied.
 *
 * <pre>
 *  bits 0..47 address of the first block, never 0; bits 48..55 number of the stripe
 * </pre>
 */
public final class Root {
    private static final int STRIPE_SHIFT = 48;
    private static final long ADDRESS = (1L << STRIPE_SHIFT) - 1;

    private Root() {}

    /** The root of a structure whose first block is at {@code address}. */
    public static long of(ArenaStripe stripe, long address) {
        return (long) stripe.number() << STRIPE_SHIFT | address;
    }

    /** The address of the first block. */
    public static long address(long root) {
        return root & ADDRESS;
    }

    /** The number of the stripe, 0..255. */
    public static int stripe(long root) {
        return (int) (root >>> STRIPE_SHIFT);
    }
}
