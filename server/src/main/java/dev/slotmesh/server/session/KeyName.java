package dev.slotmesh.server.session;

import java.util.Arrays;

/** A key of a database by its bytes, which are never changed: what a client waits for or watches. */
record KeyName(int database, byte[] bytes) {

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyName name
                && name.database == database
                && Arrays.equals(name.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + database;
    }
}
