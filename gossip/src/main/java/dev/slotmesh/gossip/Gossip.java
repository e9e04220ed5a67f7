package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.Payload;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One node's part in the cluster as a deterministic machine: inputs come as method calls, what is to be done leaves through
 * {@link Effects} before the call returns. Same configuration, same random generator, same inputs: same effects.
 *
 * <p>Not thread-safe: one thread makes all calls. {@code nowMs} is Unix time in milliseconds that never goes back (Redis puts
 * it into CLUSTER NODES and, as seconds, on the wire); the driver takes the wall clock once and counts on with a
 * monotonic one.
 *
 * <p>Life of a driver: {@link #start}; then {@link #tick} every 100 ms, and the other inputs as things happen. The
 * machine gives all link handles out. An input about a handle it has closed, or never gave, is ignored: close and arrival
 * may cross.
 */
public final class Gossip {
    private final NodeTable table;
    private final Links links;
    private final Parts parts;
    private final PacketRules packets;
    private final TickRules ticks;
    private final CurrentSettings settings;
    private final MessageCounters counters;
    private final SlotAssignment assignment;
    private final ConfigurationLoader loader;
    private final ClusterConfiguration configuration;
    private final Pending pending;
    private final Settlement settlement;
    private final OperatorRequests operator;
    private final SlotTransfers transfers;

    /**
     * A machine that has not started yet.
     *
     * @param configuration what nodes.conf holds, or a new node's
     * @param random decides ids of handshakes, whom to PING and what to gossip; nothing else draws from it
     */
    public Gossip(
            GossipSettings settings,
            ClusterConfiguration configuration,
            RandomGenerator random,
            Effects effects) {
        Assembly assembly = new Assembly(settings, configuration, random, effects);
        this.table = assembly.table;
        this.links = assembly.links;
        this.parts = assembly.parts;
        this.packets = assembly.packets;
        this.ticks = assembly.ticks;
        this.settings = assembly.settings;
        this.counters = assembly.counters;
        this.assignment = assembly.assignment;
        this.loader = assembly.loader;
        this.configuration = configuration;
        this.pending = assembly.pending;
        this.settlement = assembly.settlement;
        this.operator = assembly.operator;
        this.transfers = assembly.slotTransfers;
    }

    /** Takes the configuration as the node table, saves it when it is a new node's, and publishes the first view. */
    public void start(long nowMs) {
        loader.load(nowMs, configuration);
        assignment.started();
        parts.addresses().announce(false);
        announceNoFailover();
        parts.roles().replicateIfPossible();
        for (Node node : table.all()) {
            links.open(nowMs, node);
        }
        if (configuration.stored()) {
            pending.agenda().publish();
        } else {
            pending.agenda().saveDurably();
        }
        pending.agenda().evaluateState();
        settlement.settle(nowMs);
    }

    /**
     * Compares the slots with the keys a node has loaded since {@link #start} (cluster bus facts, section 10.3): a primary takes
     * free slots it holds keys of and marks those of others as importing. Keys of slots that it lost while it loaded are
     * deleted, as those of any lost slot; before this call they may not have been there yet.
     */
    public void keysLoaded(long nowMs, SlotKeys keys) {
        assignment.reconcile(keys);
        settlement.settle(nowMs);
    }

    /** Obeys other settings from now on. */
    public void settings(long nowMs, GossipSettings newSettings) {
        GossipSettings old = settings.get();
        settings.replace(newSettings);
        boolean ipChanged = !old.announced().ip().equals(newSettings.announced().ip());
        parts.addresses().announce(ipChanged);
        announceNoFailover();
        pending.agenda().evaluateState();
        settlement.settle(nowMs);
    }

    /** The periodic work, every 100 ms. A late tick is harmless: the machine notices that it was itself stalled. */
    public void tick(long nowMs) {
        ticks.tick(nowMs);
        settlement.settle(nowMs);
    }

    /** Another node connected to the bus port. Returns the handle to use for that connection. */
    public LinkId linkAccepted(long nowMs, LinkContext context) {
        return links.accept(nowMs, context).id();
    }

    /** The connection asked for in {@link Effects#openLink} is established. */
    public void linkOpened(long nowMs, LinkId link, LinkContext context) {
        Link known = links.find(link);
        if (known != null && known.outbound() && !known.established()) {
            known.establish(context);
            parts.evidence().alive(known.node);
            parts.handshakes().connected(nowMs, known.node);
            settlement.settle(nowMs);
        }
    }

    /** The connection asked for could not be established. */
    public void linkFailed(long nowMs, LinkId link, ConnectFailure reason) {
        Link known = links.find(link);
        if (known != null) {
            Node node = known.node;
            links.gone(nowMs, known);
            if (node != null) {
                NodeAddress address = node.address;
                pending.outbox()
                        .notice(new Notice.ConnectFailed(
                                node.id, address.ip(), address.busPort(), reason.text()));
                parts.evidence().connectFailed(nowMs, node, reason);
            }
            settlement.settle(nowMs);
        }
    }

    /** An established connection, opened or accepted, ended without {@link Effects#closeLink}. */
    public void linkClosed(long nowMs, LinkId link) {
        Link known = links.find(link);
        if (known != null) {
            Node node = known.node;
            links.gone(nowMs, known);
            if (known.outbound()) {
                parts.evidence().linkBroke(nowMs, node);
            }
            settlement.settle(nowMs);
        }
    }

    /** What the client port of a node did that {@link Effects#probe} asked for. */
    public void probed(long nowMs, NodeId node, ProbeOutcome outcome) {
        parts.evidence().probed(nowMs, node, outcome);
        parts.alarms().tell(nowMs);
        settlement.settle(nowMs);
    }

    /**
     * The bytes queued on a link because its peer does not read; to be told whenever they grew by a socket buffer or so.
     * Beyond cluster-link-sendbuf-limit the link is dropped.
     */
    public void linkBacklog(long nowMs, LinkId link, long queuedBytes) {
        Link known = links.find(link);
        long limit = settings.get().linkSendBufferLimitBytes();
        if (known != null && limit > 0 && queuedBytes > limit) {
            NodeId node = known.node == null ? null : known.node.id;
            counters.countBufferLimitExceeded();
            pending.outbox()
                    .notice(new Notice.SendBufferExceeded(known.outbound(), node, queuedBytes));
            links.drop(nowMs, known);
            settlement.settle(nowMs);
        }
    }

    /** A valid packet arrived. */
    public void packetReceived(long nowMs, LinkId link, BusMessage message) {
        Link known = links.find(link);
        if (known != null && known.established()) {
            counters.countReceived(message.typeCode());
            packets.receive(nowMs, known, message);
            parts.alarms().tell(nowMs);
            settlement.settle(nowMs);
        }
    }

    /**
     * A packet was dropped by the codec; it counts in CLUSTER INFO and nowhere else.
     *
     * @param typeCode the type field, or -1 when it had none
     */
    public void packetRefused(int typeCode) {
        counters.countReceived(typeCode);
    }

    /**
     * How replication stands. To be told before each tick and packet.
     *
     * @param offset what this node announces: produced as a primary, processed as a replica; 0 when it is unknown
     * @param silenceMs as a replica: how long nothing has come from the primary on the replication link, 0 or more; a very large
     *     number when nothing ever came
     */
    public void replication(long offset, long silenceMs) {
        Node myself = table.myself();
        if (myself.replOffset != offset) {
            myself.replOffset = offset;
            if (parts.failovers().manual().isUnderWay()) {
                pending.agenda().considerElection();
            }
        }
        parts.failovers().elections().replicationSilence(silenceMs);
    }

    /** What {@link Effects#pauseWrites} asked for is so: no write is on its way any more, and the offset stays as it is. */
    public void writesStandStill(long nowMs) {
        Node awaiting = parts.failovers().writes().stopped();
        if (awaiting != null && awaiting.connected()) {
            parts.heartbeats().ping(nowMs, awaiting);
        }
        settlement.settle(nowMs);
    }

    /** Spreads a message published here to the other nodes, or to those of this shard. */
    public void publish(long nowMs, boolean sharded, Payload channel, Payload message) {
        parts.heartbeats().publish(sharded, channel, message);
        settlement.settle(nowMs);
    }

    /** What operators ask for. */
    public OperatorRequests operator() {
        return operator;
    }

    /** Slots that move to another primary in one step. */
    public SlotTransfers transfers() {
        return transfers;
    }

    /** A view with the times and offsets of this moment. */
    public ClusterView describe() {
        return settlement.describe();
    }

    /**
     * The text of CLUSTER NODES.
     *
     * @param plaintextPorts show the plaintext client port where it is known (for plaintext clients of a TLS cluster)
     */
    public String nodesText(boolean plaintextPorts) {
        return NodesText.shown(settlement.describe(), plaintextPorts);
    }

    /** The line CLUSTER NODES has for the node, without line end. */
    public String nodeLine(NodeView node, boolean plaintextPorts) {
        StringBuilder text = new StringBuilder();
        NodesText.line(text, settlement.describe(), node, plaintextPorts);
        return text.toString();
    }

    /** The text of CLUSTER INFO: lines ending in {@code \r\n}. */
    public String infoText() {
        return InfoText.of(settlement.describe(), counters);
    }

    /** The links of known nodes, for each node the outbound before the inbound one; anonymous ones are left out. */
    public List<LinkView> links() {
        return links.views();
    }

    /** Number of links, anonymous ones included: {@code cluster_connections} of INFO. */
    public int linkCount() {
        return links.count();
    }

    private void announceNoFailover() {
        Node myself = table.myself();
        myself.clear(NodeFlags.NOFAILOVER);
        if (settings.get().failover().noFailover()) {
            myself.raise(NodeFlags.NOFAILOVER);
        }
    }
}
