package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.NodeAddress;
import dev.slotmesh.gossip.NodeView;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a modelled stock node knows of one node. */
final class StockEntry {
    /** Never told in gossip: 7.0 takes an entry with these for itself, or for a handshake. */
    private static final int NOT_TOLD =
            NodeFlags.MYSELF | NodeFlags.HANDSHAKE | NodeFlags.MEET | NodeFlags.NOADDR;

    final long createdMs;
    /** Who reported it as failing, and when last. */
    final Map<StockEntry, Long> reports = new LinkedHashMap<>();

    final List<StockEntry> replicas = new ArrayList<>();

    NodeId id;
    int flags;
    NodeAddress address;
    StockEntry primary;
    long configEpoch;
    long offset;
    long pingSentMs;
    long pongReceivedMs;
    long dataReceivedMs;
    long failedMs;
    /** When this node last voted for a replica of it; 0 for never. */
    long votedMs;

    StockLink outbound;
    StockLink inbound;
    /** Made anew only when something shown changed. */
    NodeView view;

    private SlotSet slots = SlotSet.none();
    private int slotCount;

    StockEntry(NodeId id, int flags, NodeAddress address, long nowMs) {
        this.id = id;
        this.flags = flags;
        this.address = address;
        this.createdMs = nowMs;
    }

    /** One end of a connection, as the node sees it. */
    static final class StockLink {
        final Socket socket;
        final long createdMs;
        /** Whose it is; null while an accepted one is anonymous. */
        StockEntry entry;

        boolean established;

        StockLink(Socket socket, long createdMs) {
            this.socket = socket;
            this.createdMs = createdMs;
        }
    }

    boolean has(int anyOf) {
        return (flags & anyOf) != 0;
    }

    boolean connected() {
        return outbound != null && outbound.established;
    }

    int slotCount() {
        return slotCount;
    }

    SlotSet slots() {
        slots = slots.frozen();
        return slots;
    }

    void take(int slot) {
        slots = slots.isFrozen() ? slots.copy() : slots;
        slots.set(slot);
        slotCount++;
    }

    void drop(int slot) {
        slots = slots.isFrozen() ? slots.copy() : slots;
        slots.clear(slot);
        slotCount--;
    }

    /** Holds an equal set in place of its own, so that a thousand tables share one. */
    void share(SlotSet same) {
        if (same.isFrozen() && same.equals(slots)) {
            slots = same;
        }
    }

    BusAddress busAddress() {
        return new BusAddress(address.ip(), address.busPort());
    }

    GossipEntry gossip() {
        Address told = new Address(
                address.ip(), address.port(), address.plaintextPort(), address.busPort());
        return new GossipEntry(
                id, pingSentMs / 1000, pongReceivedMs / 1000, told, flags & ~NOT_TOLD);
    }

    NodeView view() {
        NodeId primaryId = primary == null ? NodeId.NONE : primary.id;
        long epoch = primary == null ? configEpoch : primary.configEpoch;
        boolean same = view != null
                && view.id().equals(id)
                && view.flags() == flags
                && view.address() == address
                && view.primaryId().equals(primaryId)
                && view.configEpoch() == epoch
                && view.slots() == slots();
        if (!same) {
            view = new NodeView(
                    id,
                    address,
                    flags,
                    primaryId,
                    pingSentMs,
                    pongReceivedMs,
                    epoch,
                    outbound != null,
                    slots(),
                    offset);
        }
        return view;
    }
}
