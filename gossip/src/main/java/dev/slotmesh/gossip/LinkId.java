package dev.slotmesh.gossip;

/**
 * An opaque handle of one TCP connection of the cluster bus. The machine hands them all out: for connections it asks
 * for in {@link Effects#openLink}, and for accepted ones as the result of {@link Gossip#linkAccepted}. A handle is never
 * used twice in the life of a machine.
 */
public record LinkId(long number) {
    @Override
    public String toString() {
        return "link-" + number;
    }
}
