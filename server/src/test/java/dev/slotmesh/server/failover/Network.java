package dev.slotmesh.server.failover;

import dev.slotmesh.server.oracle.Place;

/** What the members of a cluster are connected by. */
sealed interface Network extends AutoCloseable permits Loopback, Namespaces {
    /** One on which links can be cut where the machine allows it, else the loopback, whose {@link #cut} skips the test. */
    static Network best() {
        return Namespaces.obstacle().<Network>map(Loopback::new).orElseGet(Namespaces::open);
    }

    /** A place for a member, with a port that none has had. For any thread. */
    Place place(int member);

    /** The address by which a member is known to the others. */
    String address(int member);

    /**
     * Cuts a member off from all others, and leaves it to the tests; its packets vanish without a word.
     *
     * @throws org.opentest4j.TestAbortedException when there are no links to cut, with the reason
     */
    void cut(int member);

    /** Ends {@link #cut}. */
    void mend(int member);

    @Override
    void close();
}
