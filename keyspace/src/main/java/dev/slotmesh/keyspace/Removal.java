package dev.slotmesh.keyspace;

/** Why a key goes that no command deletes. */
public enum Removal {
    /** Its time has passed. */
    EXPIRED,
    /** Memory was needed. */
    EVICTED
}
