package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.NodeAddress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gossip and failure detection of a modelled stock node (cluster bus facts, sections 7 and 8). */
final class StockGossip {
    private static final long BLACKLIST_MS = 60_000;

    /** PFAIL entries as the last tick counted them: no more are told. */
    int pfailCount;

    private final StockMachine machine;
    private final StockTable table;
    private final Map<NodeId, Long> blacklistUntilMs = new HashMap<>();

    StockGossip(StockMachine machine) {
        this.machine = machine;
        this.table = machine.table;
    }

    List<GossipEntry> build() {
        int fresh = table.entries.size() - 2;
        int wanted = Math.min(Math.max(3, table.entries.size() / 10), fresh);
        Set<StockEntry> chosen = new HashSet<>();
        List<GossipEntry> told = new ArrayList<>();
        for (int draws = 3 * wanted; draws > 0 && fresh > 0 && told.size() < wanted; draws--) {
            StockEntry entry = table.entries.get(machine.random.nextInt(table.entries.size()));
            if (entry.has(NodeFlags.MYSELF | NodeFlags.PFAIL)) {
                continue;
            }
            boolean hidden = entry.has(NodeFlags.HANDSHAKE | NodeFlags.NOADDR)
                    || (entry.outbound == null && entry.slotCount() == 0);
            if (hidden) {
                fresh--;
            } else if (chosen.add(entry)) {
                told.add(entry.gossip());
                fresh--;
            }
        }
        int left = pfailCount;
        for (int i = 0; left > 0 && i < table.entries.size(); i++) {
            StockEntry entry = table.entries.get(i);
            if (entry.has(NodeFlags.PFAIL) && !entry.has(NodeFlags.HANDSHAKE | NodeFlags.NOADDR)) {
                told.add(entry.gossip());
                left--;
            }
        }
        return told;
    }

    void hear(long nowMs, StockEntry sender, BusMessage.Heartbeat message) {
        for (GossipEntry told : message.gossip()) {
            StockEntry entry = table.find(told.id());
            boolean failing = NodeFlags.hasAny(told.flags(), NodeFlags.PFAIL | NodeFlags.FAIL);
            if (entry == null) {
                learn(nowMs, told);
                continue;
            }
            if (sender.has(NodeFlags.PRIMARY) && entry != table.myself) {
                hearOpinion(nowMs, sender, entry, failing);
            }
            long pongMs = told.pongReceivedSeconds() * 1000;
            boolean adopts = !failing
                    && entry.pingSentMs == 0
                    && entry.reports.isEmpty()
                    && pongMs <= nowMs + 500
                    && pongMs > entry.pongReceivedMs;
            entry.pongReceivedMs = adopts ? pongMs : entry.pongReceivedMs;
        }
    }

    private void hearOpinion(long nowMs, StockEntry sender, StockEntry entry, boolean failing) {
        if (!failing) {
            if (!entry.reports.isEmpty()) {
                entry.reports.remove(sender);
            }
            return;
        }
        entry.reports.put(sender, nowMs);
        if (!entry.has(NodeFlags.PFAIL)) {
            return;
        }
        entry.reports.values().removeIf(saidMs -> nowMs - saidMs > 2 * machine.timeoutMs);
        int voices = entry.reports.size() + (table.myself.has(NodeFlags.PRIMARY) ? 1 : 0);
        if (voices >= table.quorum()) {
            fail(nowMs, entry);
            machine.broadcast(header -> new BusMessage.Fail(header, entry.id));
        }
    }

    private void learn(long nowMs, GossipEntry told) {
        boolean welcome = !NodeFlags.has(told.flags(), NodeFlags.NOADDR)
                && blacklistUntilMs.getOrDefault(told.id(), nowMs) - nowMs <= 0;
        if (welcome) {
            NodeAddress address = new NodeAddress(
                    told.address().ip(),
                    told.address().port(),
                    told.address().plainPort(),
                    told.address().busPort(),
                    "");
            table.add(new StockEntry(told.id(), told.flags(), address, nowMs));
        }
    }

    void heardFail(long nowMs, StockEntry entry) {
        if (entry != null && !entry.has(NodeFlags.FAIL | NodeFlags.MYSELF)) {
            fail(nowMs, entry);
        }
    }

    private void fail(long nowMs, StockEntry entry) {
        entry.flags = entry.flags & ~NodeFlags.PFAIL | NodeFlags.FAIL;
        entry.failedMs = nowMs;
        table.evaluateSoon();
    }

    /** A PONG on this node's own link to it. */
    void answered(long nowMs, StockEntry entry) {
        entry.pongReceivedMs = nowMs;
        entry.pingSentMs = 0;
        boolean servesAlone = entry.has(NodeFlags.PRIMARY)
                && entry.slotCount() > 0
                && nowMs - entry.failedMs <= 2 * machine.timeoutMs;
        if (entry.has(NodeFlags.PFAIL) || (entry.has(NodeFlags.FAIL) && !servesAlone)) {
            entry.flags &= ~(NodeFlags.PFAIL | NodeFlags.FAIL);
            table.evaluateSoon();
        }
    }

    void forgotten(long nowMs, NodeId id) {
        blacklistUntilMs.put(id, nowMs + BLACKLIST_MS);
    }
}
