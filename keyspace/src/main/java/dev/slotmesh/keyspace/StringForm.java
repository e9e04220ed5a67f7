package dev.slotmesh.keyspace;

/** Which encoding a string is labelled with when it is stored; OBJECT ENCODING shows it. */
public enum StringForm {
    /** As SET does: int when the bytes are a 64-bit integer, else embstr up to 44 bytes, else raw. */
    AUTO,
    /** As INCRBYFLOAT does: never int; embstr up to 44 bytes, else raw. */
    TEXT,
    /** As BITOP does: raw whatever the length. */
    RAW
}
