package dev.slotmesh.gossip;

/** The rules of the machine by purpose, for those that put them in order. */
record Parts(
        Epochs epochs,
        Roles roles,
        SlotClaims claims,
        Addresses addresses,
        Handshakes handshakes,
        Introductions introductions,
        Heartbeats heartbeats,
        GossipSection gossip,
        FailureDetector failures,
        Evidence evidence,
        Census census,
        Alarms alarms,
        Rumours rumours,
        ExtensionRules extensions,
        Forgetting forgetting,
        ClusterHealth health,
        Failovers failovers,
        SlotTransfers.Rules transfers) {
    /** What tells who is silent. */
    record Watching(
            Probes probes,
            Census census,
            Looks looks,
            Alarms alarms,
            Patience patience,
            CurrentSettings settings) {}
}
