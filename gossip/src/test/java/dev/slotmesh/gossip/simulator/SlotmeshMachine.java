package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.Effects;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.LinkContext;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.ManualFailover;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.gossip.NodesConf;
import dev.slotmesh.gossip.Notice;
import dev.slotmesh.gossip.OperatorResult;
import dev.slotmesh.gossip.ProbeOutcome;
import dev.slotmesh.gossip.SlotKeys;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The driver of a real {@link Gossip}, as the server has one, over a simulated process. */
final class SlotmeshMachine implements Machine, Effects {
    private static final SlotKeys NO_KEYS = new SlotKeys() {
        @Override
        public long keysIn(int slot) {
            return 0;
        }

        @Override
        public boolean empty() {
            return true;
        }
    };

    private static final long WRITES_END_US = 500;

    private final SimulatedNode node;
    private final Gossip gossip;
    /** For lookup only. */
    private final Map<LinkId, Socket> sockets = new HashMap<>();

    /** Counts the pauses of writes, to know one from the next. */
    private int writePauses;

    private ClusterView view;
    private Outlook outlook;

    SlotmeshMachine(
            SimulatedNode node, ClusterConfiguration configuration, SplittableRandom random) {
        this.node = node;
        this.gossip = new Gossip(node.settings().gossip(), configuration, random, this);
    }

    @Override
    public void start(long nowMs) {
        gossip.start(nowMs);
    }

    @Override
    public void tick(long nowMs) {
        gossip.tick(nowMs);
    }

    @Override
    public void opened(long nowMs, Socket socket) {
        gossip.linkOpened(nowMs, link(socket), new LinkContext(node.ip(), socket.peer.owner.ip()));
    }

    @Override
    public void failed(long nowMs, Socket socket, ConnectFailure reason) {
        sockets.remove(link(socket));
        gossip.linkFailed(nowMs, link(socket), reason);
    }

    @Override
    public void probed(long nowMs, NodeId probed, ProbeOutcome outcome) {
        gossip.probed(nowMs, probed, outcome);
    }

    @Override
    public void accepted(long nowMs, Socket socket) {
        LinkId link =
                gossip.linkAccepted(nowMs, new LinkContext(node.ip(), socket.peer.owner.ip()));
        socket.attachment = link;
        sockets.put(link, socket);
    }

    @Override
    public void closed(long nowMs, Socket socket) {
        sockets.remove(link(socket));
        gossip.linkClosed(nowMs, link(socket));
    }

    @Override
    public void received(long nowMs, Socket socket, BusMessage message) {
        gossip.packetReceived(nowMs, link(socket), message);
    }

    /** The real machine, for what only this kind of node understands. */
    Gossip gossip() {
        return gossip;
    }

    /** The view in force. */
    ClusterView view() {
        return view;
    }

    private static LinkId link(Socket socket) {
        return (LinkId) socket.attachment;
    }

    @Override
    public Outlook outlook() {
        return outlook;
    }

    @Override
    public Outlook described() {
        return outlookOf(gossip.describe());
    }

    @Override
    public int connectedPeers() {
        return (int) gossip.links().stream().filter(link -> !link.outbound()).count();
    }

    @Override
    public String describe(NodeView entry) {
        return gossip.nodeLine(entry, false);
    }

    @Override
    public OperatorResult meet(long nowMs, SimulatedNode other) {
        return gossip.operator().meet(nowMs, other.ip(), NodeSettings.PORT, NodeSettings.BUS_PORT);
    }

    @Override
    public OperatorResult forget(long nowMs, NodeId id) {
        return gossip.operator().forget(nowMs, id.toString());
    }

    @Override
    public OperatorResult addSlots(long nowMs, List<Integer> slots) {
        return gossip.operator().addSlots(nowMs, slots);
    }

    @Override
    public OperatorResult replicate(long nowMs, NodeId primary) {
        return gossip.operator().replicate(nowMs, primary.toString(), NO_KEYS);
    }

    @Override
    public OperatorResult failover(long nowMs, ManualFailover.Kind kind) {
        return gossip.operator().failover(nowMs, kind);
    }

    @Override
    public OperatorResult reset(long nowMs, boolean hard) {
        return gossip.operator().reset(nowMs, hard, NO_KEYS);
    }

    @Override
    public void replication(long nowMs, long offset, long silenceMs) {
        gossip.replication(offset, silenceMs);
    }

    @Override
    public void saveConfiguration(Supplier<String> text, boolean fsync) {
        node.save(() -> parse(text.get()), fsync);
    }

    private static ClusterConfiguration parse(String text) {
        if (NodesConf.parse(text) instanceof NodesConf.Parsed.Loaded loaded) {
            return loaded.configuration();
        }
        throw new Violation("a node cannot read its own nodes.conf:\n" + text);
    }

    @Override
    public void publishView(ClusterView view) {
        this.view = view;
        outlook = outlookOf(view);
        node.outlookChanged();
        node.keys().viewPublished(view);
    }

    private static Outlook outlookOf(ClusterView view) {
        return new Outlook(
                view.nodes(),
                view.counts().currentEpoch(),
                view.counts().lastVoteEpoch(),
                view.stateOk());
    }

    @Override
    public void send(LinkId link, BusMessage message) {
        Socket socket = sockets.get(link);
        if (socket != null) {
            node.send(socket, message);
        }
    }

    @Override
    public void openLink(LinkId link, BusAddress address) {
        Socket socket = node.connect(address);
        socket.attachment = link;
        sockets.put(link, socket);
    }

    @Override
    public void closeLink(LinkId link) {
        Socket socket = sockets.remove(link);
        if (socket != null) {
            node.close(socket);
        }
    }

    @Override
    public void probe(NodeId probed, String ip, int clientPort) {
        node.probe(probed, ip);
    }

    @Override
    public void deleteSlotKeys(SlotSet slots) {
        node.keys().deleteSlotKeys(slots);
    }

    @Override
    public void leaveShardChannels(SlotSet slots) {
        // Nor subscribers.
    }

    @Override
    public void replicate(NodeId primary, String ip, int port) {
        node.follows(new BusAddress(ip, NodeSettings.BUS_PORT));
    }

    @Override
    public void promote() {
        node.promoted();
    }

    @Override
    public void pauseWrites(long mostMs) {
        int pause = ++writePauses;
        node.writesPaused(true);
        // The commands that have begun come to their end.
        node.simulation().after(WRITES_END_US, () -> node.whenAwake(() -> standStill(pause)));
        node.simulation()
                .after(
                        mostMs * 1000,
                        () -> node.whenAwake(() -> {
                            if (pause == writePauses) {
                                resumeWrites();
                            }
                        }));
    }

    private void standStill(int pause) {
        if (pause == writePauses && node.machine() == this) {
            node.tellReplication();
            gossip.writesStandStill(node.nowMs());
        }
    }

    @Override
    public void resumeWrites() {
        writePauses++;
        node.writesPaused(false);
    }

    @Override
    public void deleteAllKeys() {
        node.keys().deleteAllKeys();
    }

    @Override
    public void deliver(BusMessage.Publish publish) {
        // Nor subscribers.
    }

    @Override
    public void notice(Notice notice) {
        node.log(notice);
    }
}
