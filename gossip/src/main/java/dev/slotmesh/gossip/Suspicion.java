package dev.slotmesh.gossip;

/** What this node has seen that speaks against one peer, before and beside the flags PFAIL and FAIL. */
final class Suspicion {
    /** When a broken link was last made anew without waiting for the tick ({@link Evidence}). */
    long reopenedMs;

    /** Whether a probe of the client port is under way. */
    boolean probing;

    /** When both ports were first found closed, since anything was heard of it; 0 when they were not. */
    long closedSinceMs;

    /** No probe of the client port before. */
    long nextProbeMs;

    /** When others last asked to look at it ({@link Looks}). */
    long askedMs;

    /** Since when this node looks at it; 0 when it does not. */
    long lookSinceMs;

    /** When to tell again that it is PFAIL, and how often that was told ({@link Alarms}). */
    long tellAgainMs;

    int tells;

    /** Takes time off the silence in which this node itself did not run. */
    void discount(long stalledMs) {
        lookSinceMs += lookSinceMs == 0 ? 0 : stalledMs;
        closedSinceMs = 0;
    }
}
