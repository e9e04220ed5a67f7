package dev.slotmesh.server.config;

/** Who may use a dangerous facility such as DEBUG: nobody, everybody, or clients that connect from this machine. */
public enum GuardedAccess {
    NO,
    YES,
    LOCAL
}
