package dev.slotmesh.gossip.simulator;

/**
 * What becomes of packets on the way from one node to another. Loss, doubling and overtaking happen to whole bus messages,
 * inside a connection that stays up: harsher than TCP, whose receiver sees none of it.
 *
 * @param latency how long they are under way
 * @param loss 0..1, how many never arrive
 * @param duplication 0..1, how many arrive twice
 * @param reordering 0..1, how many leave the order of their connection
 * @param bytesPerSecond of one connection in one direction; 0 for no limit
 */
public record Conditions(
        Latency latency, double loss, double duplication, double reordering, long bytesPerSecond) {
    /** One rack: 50 to 250 us, nothing lost. */
    public static final Conditions RACK = of(Latency.between(50, 250));

    public static Conditions of(Latency latency) {
        return new Conditions(latency, 0, 0, 0, 0);
    }

    public Conditions withLatency(Latency newLatency) {
        return new Conditions(newLatency, loss, duplication, reordering, bytesPerSecond);
    }

    /** The same with these rates, 0..1. */
    public Conditions withFaults(double newLoss, double newDuplication, double newReordering) {
        return new Conditions(latency, newLoss, newDuplication, newReordering, bytesPerSecond);
    }

    public Conditions withBytesPerSecond(long newBytesPerSecond) {
        return new Conditions(latency, loss, duplication, reordering, newBytesPerSecond);
    }
}
