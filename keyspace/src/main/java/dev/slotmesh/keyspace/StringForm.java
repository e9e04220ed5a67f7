package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;

/** Which encoding a string is labelled with when it is stored; OBJECT ENCODING shows it. */
public enum StringForm {
    /** As SET does: int when the bytes are a 64-bit integer, else embstr up to 44 bytes, else raw. */
    AUTO,
    /** As INCRBYFLOAT does: never int; embstr up to 44 bytes, else raw. */
    TEXT,
    /** As BITOP does: raw whatever the length. */
    RAW;

    ValueEncoding encodingOf(ByteSpan value) {
        if (this == RAW) {
            return ValueEncoding.RAW;
        }
        if (this == AUTO && value.isLong()) {
            return ValueEncoding.INT;
        }
        return value.length() <= ValueEncoding.EMBSTR_LIMIT
                ? ValueEncoding.EMBSTR
                : ValueEncoding.RAW;
    }
}
