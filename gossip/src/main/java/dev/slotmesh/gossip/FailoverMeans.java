package dev.slotmesh.gossip;

import java.util.random.RandomGenerator;

/** What those who change primaries and replicas use of the rest of the machine. */
record FailoverMeans(
        Epochs epochs,
        Roles roles,
        ClusterHealth health,
        CurrentSettings settings,
        Heartbeats heartbeats,
        RandomGenerator random) {}
