package dev.slotmesh.server.failover;

import dev.slotmesh.server.oracle.Place;

import org.opentest4j.TestAbortedException;

/** The loopback of this machine, on which nothing can be cut. */
final class Loopback implements Network {
    private final String reason;

    /** @param reason why there is nothing better */
    Loopback(String reason) {
        this.reason = reason;
    }

    @Override
    public Place place(int member) {
        return Place.ofLoopback();
    }

    @Override
    public String address(int member) {
        return "127.0.0.1";
    }

    @Override
    public void cut(int member) {
        throw new TestAbortedException("no link can be cut: " + reason);
    }

    @Override
    public void mend(int member) {}

    @Override
    public void close() {}
}
