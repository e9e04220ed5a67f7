package dev.slotmesh.gossip;

import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of the node table: what this node knows of a peer, or of itself. Changed only by the parts of the machine;
 * the rules that tie the fields together live there.
 */
final class Node {
    /** When the entry was made; a handshake's age counts from here. */
    final long createdMs;

    /** Primaries that reported it as not reachable, oldest report first. */
    final FailureReports reports = new FailureReports();

    /** Known replicas of it, in the order in which they became that. */
    final List<Node> replicas = new ArrayList<>();

    /** What speaks against it. */
    final Suspicion suspicion = new Suspicion();

    /** How the acquaintance with it stands. */
    final Acquaintance acquaintance;

    NodeId id;
    int flags;
    NodeAddress address;
    /** The primary of a replica; null for a primary, and for a replica whose primary is not in the table. */
    Node primary;

    long configEpoch;
    long replOffset;
    /** The greatest currentEpoch it told, unsigned. */
    long toldEpoch;

    long pingSentMs;
    long pongReceivedMs;
    long dataReceivedMs;
    long failedMs;
    /** The mark and capabilities of its last message, {@link MessageFlags}; 0 of a stock node and before the first one. */
    int capabilities;
    /** The shard it told, or that of this node itself; null when it was never told. */
    NodeId shardId;
    /** Whether its last heartbeat showed that it takes any extension without complaint. */
    boolean readsExtensions;
    /** When this node last voted for a replica of it, and for which; null for none. */
    long votedMs;

    NodeId votedFor;
    /** Since when it is without replicas though it had some; 0 when it is not. */
    long orphanedMs;
    /** Outbound connection, asked for or established; null when there is none. */
    Link outbound;
    /** Bound inbound connection, or null. */
    Link inbound;

    /** When it was last sent a PING, and when last in its turn. */
    long askedMs;

    long probedMs;

    /** Whether {@link Watch} holds it for urgent, and the round in which it was last due. */
    boolean watched;

    long visitedIn;

    /** The last gossip section it was chosen for; {@link GossipSection} counts them. */
    long chosenIn;

    /** The view last made of it; {@link ViewBuilder} replaces it when something shown changed. */
    NodeView view;

    /** Its place in the table. */
    int index;

    /** Whether {@link #touched} holds it already. */
    boolean isTouched;

    /** Where it is entered when something changes that published views show; null before it is in a table. */
    List<Node> touched;

    private SlotSet slots = SlotSet.none();
    private int slotCount;

    Node(NodeId id, int flags, NodeAddress address, long nowMs) {
        this.id = id;
        this.flags = flags;
        this.address = address;
        this.createdMs = nowMs;
        this.acquaintance = new Acquaintance(nowMs);
    }

    boolean has(int anyOfFlags) {
        return (flags & anyOfFlags) != 0;
    }

    void raise(int moreFlags) {
        changeFlags(flags | moreFlags);
    }

    void clear(int fewerFlags) {
        changeFlags(flags & ~fewerFlags);
    }

    private void changeFlags(int newFlags) {
        if (flags != newFlags) {
            flags = newFlags;
            touch();
        }
    }

    /** To be called after each change of something that views show, times and offsets apart. */
    void touch() {
        if (!isTouched && touched != null) {
            isTouched = true;
            touched.add(this);
        }
    }

    /** Gives its slot claims another version; its replicas show it as well. */
    void changeConfigEpoch(long newConfigEpoch) {
        configEpoch = newConfigEpoch;
        touch();
        for (int i = 0; i < replicas.size(); i++) {
            replicas.get(i).touch();
        }
    }

    void changeAddress(NodeAddress newAddress) {
        address = newAddress;
        touch();
    }

    /** Null for none. */
    void changePrimary(Node newPrimary) {
        primary = newPrimary;
        touch();
    }

    /** Null for none. */
    void changeOutbound(Link link) {
        if ((outbound == null) != (link == null)) {
            touch();
        }
        outbound = link;
    }

    boolean isMyself() {
        return has(NodeFlags.MYSELF);
    }

    boolean isPrimary() {
        return has(NodeFlags.PRIMARY);
    }

    boolean isReplica() {
        return has(NodeFlags.REPLICA);
    }

    boolean inHandshake() {
        return has(NodeFlags.HANDSHAKE);
    }

    /** Whether its last message was that of a Slotmesh node. */
    boolean isSlotmesh() {
        return capabilities != 0;
    }

    /** Whether it probes its peers in turn, so that nobody has to ask it out of turn. */
    boolean probes() {
        return (capabilities & MessageFlags.PROBES) != 0;
    }

    /** Whether an outbound connection is up and can carry messages. */
    boolean connected() {
        return outbound != null && outbound.established();
    }

    /** How long a PING has been unanswered and no data of any kind have come; only while a PING is unanswered. */
    long silenceMs(long nowMs) {
        return Math.min(nowMs - pingSentMs, nowMs - dataReceivedMs);
    }

    /** Where to connect to it. */
    BusAddress busAddress() {
        return new BusAddress(address.ip(), address.busPort());
    }

    /** The epoch its slot claims carry: a replica speaks for its primary. */
    long shownConfigEpoch() {
        return isReplica() && primary != null ? primary.configEpoch : configEpoch;
    }

    int slotCount() {
        return slotCount;
    }

    boolean ownsSlots() {
        return slotCount > 0;
    }

    /** The slots it owns, frozen. */
    SlotSet slots() {
        slots = slots.frozen();
        return slots;
    }

    /** Only {@link SlotTable} calls this: it keeps owner and bitmap in step. */
    void takeSlot(int slot) {
        changeable().set(slot);
        slotCount++;
    }

    /** Only {@link SlotTable} calls this. */
    void dropSlot(int slot) {
        changeable().clear(slot);
        slotCount--;
    }

    /**
     * Holds that set in place of its own when both are equal: in a large cluster many tables, and many messages, then share
     * one.
     */
    void shareSlots(SlotSet same) {
        if (same.isFrozen() && slots != same && slots.equals(same)) {
            slots = same;
            touch();
        }
    }

    private SlotSet changeable() {
        touch();
        slots = slots.isFrozen() ? slots.copy() : slots;
        return slots;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
