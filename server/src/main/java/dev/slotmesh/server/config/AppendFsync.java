package dev.slotmesh.server.config;

/** When the append-only file is forced to disk. The order is that of the error text. */
public enum AppendFsync {
    EVERYSEC,
    ALWAYS,
    NO
}
