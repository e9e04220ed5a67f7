package dev.slotmesh.server.session;

/**
 * One key that a client watches.
 *
 * @param of the client's watches
 * @param interest the key
 * @param absent whether the key was not there, or past its time, when the watch began
 */
record Watch(Watches of, KeyInterest interest, boolean absent) {

    /** Each watch is one of its own. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
