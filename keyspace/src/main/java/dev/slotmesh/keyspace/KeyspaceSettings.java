package dev.slotmesh.keyspace;

/**
 * What a keyspace is built with.
 *
 * @param databases how many databases, 1 to 65,536; 1 in cluster mode
 * @param lockPerSlot true: every slot has a lock of its own (cluster mode); false: all slots share one, so that commands
 *     over any keys are atomic
 * @param arenaStripes how many independently locked parts the arena has, a power of two, 1 to 256
 * @param hashSeed the key of the hash; random per process, or clients could choose keys that collide
 */
public record KeyspaceSettings(
        int databases, boolean lockPerSlot, int arenaStripes, long hashSeed) {
    private static final int LEAST_STRIPES = 4;
    private static final int MOST_STRIPES = 16;

    public KeyspaceSettings {
        if (databases < 1 || databases > 65_536) {
            throw new IllegalArgumentException("databases: " + databases);
        }
        if (arenaStripes < 1 || arenaStripes > 256 || Integer.bitCount(arenaStripes) != 1) {
            throw new IllegalArgumentException("arenaStripes: " + arenaStripes);
        }
    }

    /**
     * Cluster mode: one database, a lock per slot, and twice as many stripes as processors, 4 to 16. Each stripe has a span in part
     * empty for each size of blocks, so more of them than threads meet in is waste.
     */
    public static KeyspaceSettings cluster(long hashSeed) {
        int wanted = 2 * Runtime.getRuntime().availableProcessors();
        int stripes = Math.max(LEAST_STRIPES, Math.min(MOST_STRIPES, wanted));
        return new KeyspaceSettings(1, true, Integer.highestOneBit(stripes), hashSeed);
    }

    /** Without cluster: several databases under one shared lock. */
    public static KeyspaceSettings standalone(int databases, long hashSeed) {
        return new KeyspaceSettings(databases, false, 4, hashSeed);
    }
}
