package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

import java.util.SortedMap;
import java.util.TreeMap;

/** Nodes an operator told this one to forget: gossip does not bring them back for a while (cluster bus facts, section 15). */
final class Blacklist {
    private static final long LASTS_MS = 60_000;

    private final SortedMap<NodeId, Long> untilMs = new TreeMap<>();

    /** Again counts from now. */
    void add(long nowMs, NodeId id) {
        untilMs.values().removeIf(until -> until - nowMs <= 0);
        untilMs.put(id, nowMs + LASTS_MS);
    }

    boolean contains(long nowMs, NodeId id) {
        Long until = untilMs.get(id);
        return until != null && until - nowMs > 0;
    }
}
