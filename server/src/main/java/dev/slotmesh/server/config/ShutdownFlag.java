package dev.slotmesh.server.config;

/** What a signal does besides ending the process; none of them is the default behaviour. */
public enum ShutdownFlag {
    SAVE,
    NOSAVE,
    NOW,
    FORCE
}
