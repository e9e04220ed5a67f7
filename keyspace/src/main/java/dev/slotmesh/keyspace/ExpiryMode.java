package dev.slotmesh.keyspace;

/** What becomes of a key whose time has passed, when a command looks it up. */
public enum ExpiryMode {
    /** It is deleted at once and counted: a primary. */
    DELETE,
    /** It is answered as absent but kept until the primary's DEL arrives: a replica. */
    HIDE,
    /** It is answered as present: while loading, or serving the primary's own stream. */
    IGNORE
}
