package dev.slotmesh.keyspace;

/** How accesses are noted in the 24 bits every entry has for them. */
public enum AccessPolicy {
    /** Seconds of the last access: OBJECT IDLETIME answers. */
    LRU,
    /** Minutes of the last decay and a logarithmic counter: OBJECT FREQ answers. */
    LFU
}
