package dev.slotmesh.gossip;

/** What changes primaries and replicas, in the order in which it is looked at (cluster bus facts, section 6). */
record Failovers(
        StandingWrites writes,
        ManualFailover manual,
        Elections elections,
        Votes votes,
        ReplicaMigration migration) {
    /** At the end of an input on which an election may depend. */
    void step(long nowMs) {
        writes.step(nowMs);
        manual.step(nowMs);
        elections.step(nowMs);
    }
}
