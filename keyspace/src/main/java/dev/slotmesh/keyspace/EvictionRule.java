package dev.slotmesh.keyspace;

/**
 * Which keys make room, and how many are looked at to choose one.
 *
 * @param order by what they are chosen
 * @param onlyExpiring whether only keys with a deadline may go
 * @param samples keys drawn at random for each choice, 1 or more: the more, the nearer to the order
 */
public record EvictionRule(Order order, boolean onlyExpiring, int samples) {
    /** No key may go. */
    public static final EvictionRule NONE = new EvictionRule(Order.NONE, false, 1);

    /** What makes a key the one to go. */
    public enum Order {
        /** Nothing does. */
        NONE,
        /** The longest time without an access. */
        LEAST_RECENTLY_USED,
        /** The lowest counter of accesses. */
        LEAST_FREQUENTLY_USED,
        /** The nearest deadline. */
        FIRST_TO_EXPIRE,
        /** Chance. */
        RANDOM
    }

    public EvictionRule {
        if (samples < 1) {
            throw new IllegalArgumentException("samples: " + samples);
        }
    }
}
