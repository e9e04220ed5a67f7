package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.PingExtension;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Nodes that were forgotten, each until its time is over (cluster bus facts, section 15). Redis keeps gossip from bringing such a
 * node back, and forgets that itself when it restarts. With cluster-lasting-forget nothing but an operator's MEET brings it
 * back in that time: no MEET it sends by itself, no restart of this node; and the peers that understand extensions
 * are told, so that one FORGET reaches them all.
 */
final class Tombstones {
    private static final long LASTS_MS = 60_000;
    /** A peer may ask for a longer time, but not for ever. */
    private static final long LONGEST_MS = 24 * 3_600_000L;
    /** A heartbeat tells of no more; the next one goes on from there. */
    private static final int TOLD_PER_HEARTBEAT = 64;

    private static final long SECOND_MS = 1_000;

    private final CurrentSettings settings;
    private final SortedMap<NodeId, Tombstone> byNode = new TreeMap<>();

    /** The last one told of. */
    private NodeId lastTold = NodeId.NONE;

    Tombstones(CurrentSettings settings) {
        this.settings = settings;
    }

    /**
     * One forgotten node.
     *
     * @param sinceMs when an operator said so; of one heard from a peer this follows from the time that is left
     * @param untilMs when its time is over
     * @param heard whether a peer said so and no operator at this node
     * @param told whether others are told of it
     */
    record Tombstone(long sinceMs, long untilMs, boolean heard, boolean told) {}

    /** Whether FORGET lasts, by the settings in force. */
    boolean lasting() {
        return settings.get().policies().lastingForget();
    }

    /** CLUSTER FORGET; again counts from now. */
    void bury(long nowMs, NodeId id) {
        byNode.values().removeIf(old -> old.untilMs - nowMs <= 0);
        byNode.put(id, new Tombstone(nowMs, nowMs + LASTS_MS, false, lasting()));
    }

    /**
     * A peer tells that it was told to forget a node, or heard so.
     *
     * @param ttlSeconds how long it stays forgotten there, unsigned
     * @param invitedMs when an operator last invited the node here, or 0: what is older than that does not count
     * @return whether the node is to go
     */
    boolean hear(long nowMs, NodeId id, long ttlSeconds, long invitedMs) {
        long leftMs = Long.compareUnsigned(ttlSeconds, LONGEST_MS / SECOND_MS) > 0
                ? LONGEST_MS
                : ttlSeconds * SECOND_MS;
        long sinceMs = nowMs - Math.max(0, LASTS_MS - leftMs);
        boolean outdated = invitedMs != 0 && sinceMs - invitedMs <= 0;
        if (leftMs == 0 || outdated || byNode.size() >= NodeTable.MAX_NODES) {
            return false;
        }
        Tombstone known = find(nowMs, id);
        if (known == null) {
            byNode.put(id, new Tombstone(sinceMs, nowMs + leftMs, true, true));
        }
        return true;
    }

    /**
     * An operator says of a node that is not in the table what a peer has said before; it counts from now and as said here.
     * False when no peer had said so.
     */
    boolean confirm(long nowMs, String nodeId) {
        boolean named = lasting() && NodeId.isWellFormed(nodeId);
        Tombstone known = named ? find(nowMs, NodeId.parse(nodeId)) : null;
        if (known == null || !known.heard) {
            return false;
        }
        bury(nowMs, NodeId.parse(nodeId));
        return true;
    }

    /** The node's, or null when it was not forgotten or its time is over. */
    Tombstone find(long nowMs, NodeId id) {
        Tombstone tombstone = byNode.get(id);
        return tombstone == null || tombstone.untilMs - nowMs <= 0 ? null : tombstone;
    }

    /** How long the node stays forgotten, in whole seconds as heartbeats tell it; 0 when it does not, or FORGET does not last. */
    long leftSeconds(long nowMs, NodeId id) {
        Tombstone tombstone = lasting() ? find(nowMs, id) : null;
        return tombstone == null ? 0 : (tombstone.untilMs - nowMs) / SECOND_MS;
    }

    /** Whether gossip must not bring the node back. */
    boolean bars(long nowMs, NodeId id) {
        return find(nowMs, id) != null;
    }

    /**
     * Whether the node may enter the table by a handshake, because it was not forgotten or an operator invited it since; an
     * invitation ends its time.
     *
     * @param invitedMs when an operator asked for the handshake, or 0 when none did
     */
    boolean admits(long nowMs, NodeId id, long invitedMs) {
        Tombstone tombstone = lasting() ? find(nowMs, id) : null;
        boolean invitedSince =
                tombstone != null && invitedMs != 0 && invitedMs - tombstone.sinceMs >= 0;
        if (invitedSince) {
            byNode.remove(id);
        }
        return tombstone == null || invitedSince;
    }

    /** This node leaves its cluster: what it was told to forget there is no business of the next one. */
    void keepToMyself() {
        byNode.replaceAll((id, old) -> new Tombstone(old.sinceMs, old.untilMs, old.heard, false));
    }

    /** What a heartbeat to a peer that understands it tells; each call goes on where the last one stopped. */
    List<PingExtension> tell(long nowMs) {
        if (byNode.isEmpty() || !lasting()) {
            return List.of();
        }
        List<PingExtension> told = new ArrayList<>();
        NodeId start = lastTold;
        tellFrom(nowMs, byNode.tailMap(start), told);
        tellFrom(nowMs, byNode.headMap(start), told);
        return told;
    }

    private void tellFrom(
            long nowMs, SortedMap<NodeId, Tombstone> tombstones, List<PingExtension> told) {
        for (var entry : tombstones.entrySet()) {
            // Rounded down, so that it never looks younger than it is.
            long leftSeconds = (entry.getValue().untilMs - nowMs) / SECOND_MS;
            if (leftSeconds > 0 && entry.getValue().told && told.size() < TOLD_PER_HEARTBEAT) {
                told.add(new PingExtension.ForgottenNode(entry.getKey(), leftSeconds));
                lastTold = entry.getKey();
            }
        }
    }

    /** What nodes.conf keeps of them: until when each lasts. */
    SortedMap<NodeId, Long> stored(long nowMs) {
        if (byNode.isEmpty() || !lasting()) {
            return Collections.emptySortedMap();
        }
        SortedMap<NodeId, Long> stored = new TreeMap<>();
        byNode.forEach((id, tombstone) -> {
            if (tombstone.told && tombstone.untilMs - nowMs > 0) {
                stored.put(id, tombstone.untilMs);
            }
        });
        return stored;
    }

    /** Takes up what nodes.conf kept. */
    void load(long nowMs, SortedMap<NodeId, Long> stored) {
        stored.forEach((id, untilMs) -> {
            if (lasting() && untilMs - nowMs > 0) {
                long capped = Math.min(untilMs, nowMs + LONGEST_MS);
                byNode.put(id, new Tombstone(capped - LASTS_MS, capped, false, true));
            }
        });
    }
}
