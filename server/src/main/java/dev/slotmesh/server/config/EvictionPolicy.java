package dev.slotmesh.server.config;

/** Which keys make room when {@code maxmemory} is reached. */
public enum EvictionPolicy {
    VOLATILE_LRU,
    VOLATILE_LFU,
    VOLATILE_RANDOM,
    VOLATILE_TTL,
    ALLKEYS_LRU,
    ALLKEYS_LFU,
    ALLKEYS_RANDOM,
    NOEVICTION;

    /** Whether it looks at how often a key is used, not at when it was used last. */
    public boolean countsAccesses() {
        return this == VOLATILE_LFU || this == ALLKEYS_LFU;
    }

    /** Whether it looks at how a key is used at all, so that a key's use is worth keeping with it. */
    public boolean ordersByAccess() {
        return countsAccesses() || this == VOLATILE_LRU || this == ALLKEYS_LRU;
    }
}
