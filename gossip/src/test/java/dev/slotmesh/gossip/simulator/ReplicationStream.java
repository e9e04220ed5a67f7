package dev.slotmesh.gossip.simulator;

/**
 * The data of one node as a number: the bytes of the replication stream it has produced or taken in. A primary that serves gets
 * writes all the time; a replica follows its primary a little behind, for as long as both run and hear each other.
 */
final class ReplicationStream {
    private final SimulatedNode node;

    /** Whom it follows; null for a primary. */
    private SimulatedNode source;

    private long offset;
    private long advancedUs;
    private long heardUs;
    private boolean everHeard;

    ReplicationStream(SimulatedNode node) {
        this.node = node;
    }

    void follow(SimulatedNode primary) {
        source = primary;
    }

    void stopFollowing() {
        source = null;
    }

    long offset() {
        return offset;
    }

    /** How long nothing has come from the primary; very large when nothing ever came. */
    long silenceMs() {
        long nowUs = node.simulation().elapsedUs();
        return everHeard ? (nowUs - heardUs) / 1000 : Long.MAX_VALUE / 4;
    }

    /** Brings the offset up to this moment. */
    void advance() {
        Simulation simulation = node.simulation();
        long nowUs = simulation.elapsedUs();
        long elapsedUs = nowUs - advancedUs;
        if (elapsedUs == 0) {
            // Also where the nodes follow each other in a circle.
            return;
        }
        advancedUs = nowUs;
        if (source == null) {
            if (node.acceptsWrites()) {
                offset += elapsedUs * simulation.writtenBytesPerSecond() / 1_000_000;
            }
        } else if (source.running()
                && !source.paused()
                && simulation.network().connects(node, source)) {
            source.replication().advance();
            long behind = node.lagMs() * simulation.writtenBytesPerSecond() / 1000;
            offset = Math.max(0, source.replication().offset - behind);
            heardUs = nowUs;
            everHeard = true;
        }
    }

    /** What was in memory is gone with the process; a replica gets it again. */
    void lose() {
        source = null;
        everHeard = false;
        advancedUs = node.simulation().elapsedUs();
    }
}
