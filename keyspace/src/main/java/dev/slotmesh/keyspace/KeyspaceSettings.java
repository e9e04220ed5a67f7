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
    public KeyspaceSettings {
        if (databases < 1 || databases > 65_536) {
            throw new IllegalArgumentException("databases: " + databases);
        }
        if (arenaStripes < 1 || arenaStripes > 256 || Integer.bitCount(arenaStripes) != 1) {
            throw new IllegalArgumentException("arenaStripes: " + arenaStripes);
        }
    }

    /** Cluster mode: one database, a lock per slot. */
    public static KeyspaceSettings cluster(long hashSeed) {
        return new KeyspaceSettings(1, true, 16, hashSeed);
    }

    /** Without cluster: several databases under one shared lock. */
    public static KeyspaceSettings standalone(int databases, long hashSeed) {
        return new KeyspaceSettings(databases, false, 4, hashSeed);
    }
}
