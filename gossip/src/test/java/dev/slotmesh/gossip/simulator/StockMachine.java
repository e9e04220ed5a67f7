package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.ManualFailover;
import dev.slotmesh.gossip.NodeAddress;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.gossip.OperatorResult;
import dev.slotmesh.gossip.ProbeOutcome;
import dev.slotmesh.gossip.simulator.StockEntry.StockLink;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A model of how Redis 7.0.15 behaves on the cluster bus, written from the facts measured on it: its joining with the MEET that
 * is sent once, heartbeats, failure detection, epochs, slots and elections. Left out are manual failover, replica migration,
 * extensions and publishing.
 */
final class StockMachine implements Machine {
    private static final long STARTING_MS = 2_000;

    final SimulatedNode node;
    final SplittableRandom random;
    final StockTable table;
    final long timeoutMs;

    private final StockGossip gossip;
    private final StockClaims claims;
    private final StockElection election;
    /** Nothing leaves before the end of the input, when the file is saved. */
    private final List<Runnable> outgoing = new ArrayList<>();

    private Outlook outlook;
    private long ticks;
    private long firstEvaluationMs = -1;
    private long amongMinorityMs = Long.MIN_VALUE / 2;

    StockMachine(SimulatedNode node, ClusterConfiguration configuration, SplittableRandom random) {
        this.node = node;
        this.random = random;
        this.timeoutMs = node.settings().nodeTimeoutMs();
        this.table = new StockTable(configuration, node.nowMs());
        this.gossip = new StockGossip(this);
        this.claims = new StockClaims(this);
        this.election = new StockElection(this);
    }

    @Override
    public void start(long nowMs) {
        if (table.myself.primary != null) {
            node.follows(table.myself.primary.busAddress());
        }
        table.evaluate = true;
        finish(nowMs);
    }

    /** Section 6. */
    @Override
    public void tick(long nowMs) {
        maintain(nowMs);
        if (ticks++ % 10 == 0) {
            pingOldestOfFive(nowMs);
        }
        boolean suspected = false;
        for (StockEntry entry : table.entries) {
            if (!entry.has(NodeFlags.MYSELF | NodeFlags.NOADDR | NodeFlags.HANDSHAKE)) {
                suspected |= watch(nowMs, entry);
            }
        }
        election.step(nowMs);
        table.evaluate |= suspected || !table.stateOk;
        finish(nowMs);
    }

    private void maintain(long nowMs) {
        int pfail = 0;
        for (StockEntry entry : List.copyOf(table.entries)) {
            if (entry.has(NodeFlags.MYSELF | NodeFlags.NOADDR)) {
                continue;
            }
            if (entry.has(NodeFlags.HANDSHAKE)
                    && nowMs - entry.createdMs > Math.max(timeoutMs, 1000)) {
                delete(entry);
                continue;
            }
            pfail += entry.has(NodeFlags.PFAIL) ? 1 : 0;
            if (entry.outbound == null) {
                entry.outbound = new StockLink(node.connect(entry.busAddress()), nowMs);
                entry.outbound.entry = entry;
                entry.outbound.socket.attachment = entry.outbound;
            }
        }
        gossip.pfailCount = pfail;
    }

    private void pingOldestOfFive(long nowMs) {
        StockEntry oldest = null;
        for (int i = 0; i < 5; i++) {
            StockEntry entry = table.entries.get(random.nextInt(table.entries.size()));
            boolean candidate = entry.connected()
                    && entry.pingSentMs == 0
                    && !entry.has(NodeFlags.MYSELF | NodeFlags.HANDSHAKE);
            if (candidate && (oldest == null || entry.pongReceivedMs < oldest.pongReceivedMs)) {
                oldest = entry;
            }
        }
        if (oldest != null) {
            ping(nowMs, oldest);
        }
    }

    /** True when the entry turned PFAIL. */
    private boolean watch(long nowMs, StockEntry entry) {
        StockLink link = entry.outbound;
        if (link != null
                && nowMs - link.createdMs > timeoutMs
                && entry.pingSentMs != 0
                && nowMs - entry.pingSentMs > timeoutMs / 2
                && nowMs - entry.dataReceivedMs > timeoutMs / 2) {
            drop(link);
        }
        if (entry.outbound != null
                && entry.pingSentMs == 0
                && nowMs - entry.pongReceivedMs > timeoutMs / 2) {
            ping(nowMs, entry);
            return false;
        }
        long silenceMs = Math.min(nowMs - entry.pingSentMs, nowMs - entry.dataReceivedMs);
        if (entry.pingSentMs == 0
                || silenceMs <= timeoutMs
                || entry.has(NodeFlags.PFAIL | NodeFlags.FAIL)) {
            return false;
        }
        entry.flags |= NodeFlags.PFAIL;
        table.shows = true;
        return true;
    }

    @Override
    public void opened(long nowMs, Socket socket) {
        StockLink link = (StockLink) socket.attachment;
        link.established = true;
        // A PING pending from before the connection keeps its time.
        long pendingMs = link.entry.pingSentMs;
        if (link.entry.has(NodeFlags.MEET)) {
            heartbeat(HeartbeatKind.MEET, link);
            link.entry.flags &= ~NodeFlags.MEET;
        } else {
            ping(nowMs, link.entry);
            link.entry.pingSentMs = pendingMs == 0 ? nowMs : pendingMs;
        }
        finish(nowMs);
    }

    @Override
    public void failed(long nowMs, Socket socket, ConnectFailure reason) {
        ((StockLink) socket.attachment).entry.outbound = null;
    }

    @Override
    public void probed(long nowMs, NodeId probed, ProbeOutcome outcome) {
        throw new Violation("a stock node probes nothing");
    }

    @Override
    public void accepted(long nowMs, Socket socket) {
        StockLink link = new StockLink(socket, nowMs);
        link.established = true;
        socket.attachment = link;
    }

    @Override
    public void closed(long nowMs, Socket socket) {
        unlink((StockLink) socket.attachment);
    }

    @Override
    public void received(long nowMs, Socket socket, BusMessage message) {
        if (message instanceof BusMessage.Full full) {
            process(nowMs, (StockLink) socket.attachment, full);
            finish(nowMs);
        }
    }

    /** Section 3. */
    private void process(long nowMs, StockLink link, BusMessage.Full message) {
        Header header = message.header();
        StockEntry sender = sender(link, header);
        if (sender != null) {
            sender.dataReceivedMs = nowMs;
            sender.offset = header.replicationOffset();
            if (header.currentEpoch() > table.currentEpoch) {
                table.currentEpoch = header.currentEpoch();
                table.shows = true;
            }
            if (header.configEpoch() > sender.configEpoch) {
                sender.configEpoch = header.configEpoch();
                table.saveDurably();
            }
        }
        if (message instanceof BusMessage.Heartbeat heartbeat) {
            processHeartbeat(nowMs, link, sender, heartbeat);
        } else if (sender == null) {
            return;
        } else if (message instanceof BusMessage.Fail fail) {
            gossip.heardFail(nowMs, table.find(fail.failed()));
        } else if (message instanceof BusMessage.Update update) {
            claims.update(update);
        } else if (message instanceof BusMessage.AuthRequest) {
            election.asked(nowMs, sender, header);
        } else if (message instanceof BusMessage.AuthAck) {
            election.voted(nowMs, sender, header);
        }
    }

    /** Section 2.8. */
    private StockEntry sender(StockLink link, Header header) {
        if (link.entry != null && !link.entry.has(NodeFlags.HANDSHAKE)) {
            return link.entry;
        }
        StockEntry sender = table.find(header.sender());
        boolean bindable = sender != null && sender != table.myself && link.entry == null;
        if (bindable) {
            if (sender.inbound != null) {
                drop(sender.inbound);
            }
            link.entry = sender;
            sender.inbound = link;
        }
        return sender;
    }

    private void processHeartbeat(
            long nowMs, StockLink link, StockEntry sender, BusMessage.Heartbeat message) {
        Header header = message.header();
        boolean outbound = link.socket.outbound;
        if (message.kind() != HeartbeatKind.PONG) {
            boolean discovers = message.kind() == HeartbeatKind.MEET
                    || table.myself.address.ip().isEmpty();
            if (discovers && !table.myself.address.ip().equals(node.ip())) {
                table.myself.address = table.myself.address.withIp(node.ip());
                table.saveSoon();
            }
            if (message.kind() == HeartbeatKind.MEET && sender == null) {
                startHandshake(nowMs, link.socket.peer.owner, header.address(), 0);
            }
            heartbeat(HeartbeatKind.PONG, link);
        }
        if (outbound && link.entry.has(NodeFlags.HANDSHAKE)) {
            if (sender != null) {
                delete(link.entry);
                return;
            }
            endHandshake(link.entry, header);
        } else if (outbound && !link.entry.id.equals(header.sender())) {
            link.entry.flags |= NodeFlags.NOADDR;
            link.entry.address = NodeAddress.ofPorts(0, 0);
            table.saveSoon();
            drop(link);
            return;
        }
        if (outbound && message.kind() == HeartbeatKind.PONG) {
            gossip.answered(nowMs, link.entry);
        }
        if (sender == null || sender == table.myself) {
            return;
        }
        if (message.kind() == HeartbeatKind.PING && !outbound) {
            updateAddress(sender, link.socket.peer.owner);
        }
        claims.heard(sender, header);
        gossip.hear(nowMs, sender, message);
    }

    private void endHandshake(StockEntry entry, Header header) {
        table.rename(entry, header.sender());
        int role = header.nodeFlags() & (NodeFlags.PRIMARY | NodeFlags.REPLICA);
        entry.flags = entry.flags & ~(NodeFlags.HANDSHAKE | NodeFlags.MEET) | role;
        table.saveSoon();
    }

    /** Section 4.5. */
    private void updateAddress(StockEntry sender, SimulatedNode from) {
        if (!sender.address.ip().equals(from.ip())) {
            sender.address = from.address();
            sender.flags &= ~NodeFlags.NOADDR;
            drop(sender.outbound);
            table.saveSoon();
        }
    }

    private void startHandshake(long nowMs, SimulatedNode with, Address told, int moreFlags) {
        NodeAddress address =
                new NodeAddress(with.ip(), told.port(), told.plainPort(), told.busPort(), "");
        table.add(new StockEntry(
                Clusters.randomId(random), NodeFlags.HANDSHAKE | moreFlags, address, nowMs));
    }

    void ping(long nowMs, StockEntry entry) {
        if (entry.connected()) {
            heartbeat(HeartbeatKind.PING, entry.outbound);
        }
        entry.pingSentMs = nowMs;
    }

    void heartbeat(HeartbeatKind kind, StockLink link) {
        send(link, new BusMessage.Heartbeat(kind, header(0), gossip.build(), List.of()));
    }

    /** Section 2.2; a replica speaks for its primary. */
    Header header(int messageFlags) {
        StockEntry myself = table.myself;
        StockEntry speaker = myself.primary == null ? myself : myself.primary;
        int told = NodeFlags.PRIMARY | NodeFlags.REPLICA | NodeFlags.MYSELF | NodeFlags.MIGRATE_TO;
        return new Header(
                myself.id,
                new Header.Claim(
                        myself.primary == null ? NodeId.NONE : myself.primary.id, speaker.slots()),
                new Header.Progress(table.currentEpoch, speaker.configEpoch, myself.offset),
                new Address("", NodeSettings.PORT, 0, NodeSettings.BUS_PORT),
                new Header.Flags(myself.flags & told, table.stateOk ? 0 : 1, messageFlags));
    }

    void send(StockLink link, BusMessage message) {
        outgoing.add(() -> node.send(link.socket, message));
    }

    /** To one node, if there is a link. */
    void tell(StockEntry entry, BusMessage message) {
        if (entry.connected()) {
            send(entry.outbound, message);
        }
    }

    void broadcast(Function<Header, BusMessage> message) {
        BusMessage ready = message.apply(header(0));
        table.entries.stream()
                .filter(entry -> !entry.has(NodeFlags.MYSELF | NodeFlags.HANDSHAKE))
                .forEach(entry -> tell(entry, ready));
    }

    private void drop(StockLink link) {
        if (link != null) {
            unlink(link);
            node.close(link.socket);
        }
    }

    private static void unlink(StockLink link) {
        if (link.entry != null && link.entry.outbound == link) {
            link.entry.outbound = null;
        } else if (link.entry != null && link.entry.inbound == link) {
            link.entry.inbound = null;
        }
    }

    private void delete(StockEntry entry) {
        drop(entry.outbound);
        drop(entry.inbound);
        table.remove(entry);
    }

    /** Before sleep: state, file, outlook, and only then the network. */
    private void finish(long nowMs) {
        election.stepIfVoted(nowMs);
        if (table.evaluate) {
            table.evaluate = false;
            evaluateState(nowMs);
        }
        if (table.shows || outlook == null) {
            table.shows = false;
            outlook = table.outlook();
            node.outlookChanged();
        }
        if (table.save) {
            Outlook stored = outlook;
            node.save(() -> StockTable.stored(stored), table.fsync);
            table.save = false;
            table.fsync = false;
        }
        if (!outgoing.isEmpty()) {
            List<Runnable> ready = List.copyOf(outgoing);
            outgoing.clear();
            ready.forEach(Runnable::run);
        }
    }

    /** Section 14. */
    private void evaluateState(long nowMs) {
        boolean primary = table.myself.has(NodeFlags.PRIMARY);
        firstEvaluationMs = firstEvaluationMs < 0 ? nowMs : firstEvaluationMs;
        if (primary && !table.stateOk && nowMs - firstEvaluationMs < STARTING_MS) {
            return;
        }
        int reachable = 0;
        table.size = 0;
        for (StockEntry entry : table.entries) {
            if (entry.has(NodeFlags.PRIMARY) && entry.slotCount() > 0) {
                table.size++;
                reachable += entry.has(NodeFlags.PFAIL | NodeFlags.FAIL) ? 0 : 1;
            }
        }
        boolean majority = reachable >= table.quorum();
        amongMinorityMs = majority ? amongMinorityMs : nowMs;
        boolean ok = majority && table.isCovered();
        long rejoinMs = Math.min(Math.max(timeoutMs, 500), 5_000);
        if (ok != table.stateOk && !(ok && primary && nowMs - amongMinorityMs < rejoinMs)) {
            table.stateOk = ok;
            table.shows = true;
        }
    }

    @Override
    public Outlook outlook() {
        return outlook;
    }

    @Override
    public Outlook described() {
        return table.outlook();
    }

    @Override
    public int connectedPeers() {
        return (int) table.entries.stream()
                .filter(entry -> entry.inbound != null && !entry.has(NodeFlags.HANDSHAKE))
                .count();
    }

    @Override
    public String describe(NodeView entry) {
        return entry.toString();
    }

    @Override
    public OperatorResult meet(long nowMs, SimulatedNode other) {
        boolean underWay = table.entries.stream()
                .anyMatch(entry ->
                        entry.has(NodeFlags.HANDSHAKE) && entry.address.ip().equals(other.ip()));
        if (!underWay) {
            startHandshake(
                    nowMs,
                    other,
                    new Address("", NodeSettings.PORT, 0, NodeSettings.BUS_PORT),
                    NodeFlags.MEET);
        }
        finish(nowMs);
        return OperatorResult.OK;
    }

    @Override
    public OperatorResult forget(long nowMs, NodeId id) {
        gossip.forgotten(nowMs, id);
        if (table.find(id) != null) {
            delete(table.find(id));
        }
        finish(nowMs);
        return OperatorResult.OK;
    }

    @Override
    public OperatorResult addSlots(long nowMs, List<Integer> slots) {
        slots.forEach(slot -> table.assign(slot, table.myself));
        table.evaluateSoon();
        finish(nowMs);
        return OperatorResult.OK;
    }

    @Override
    public OperatorResult replicate(long nowMs, NodeId primary) {
        follow(table.find(primary));
        finish(nowMs);
        return OperatorResult.OK;
    }

    /** Turns this node into a replica, or into that of another primary. */
    void follow(StockEntry primary) {
        table.makeReplica(table.myself, primary);
        node.follows(primary.busAddress());
    }

    @Override
    public OperatorResult failover(long nowMs, ManualFailover.Kind kind) {
        return new OperatorResult.Rejected("manual failover is not modelled");
    }

    @Override
    public OperatorResult reset(long nowMs, boolean hard) {
        throw new UnsupportedOperationException("RESET is not modelled");
    }

    @Override
    public void replication(long nowMs, long offset, long silenceMs) {
        table.myself.offset = offset;
        election.dataAgeMs = silenceMs;
    }
}
