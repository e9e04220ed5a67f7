package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.Effects;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.GossipSettings;
import dev.slotmesh.gossip.LinkContext;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.MeetOutcome;
import dev.slotmesh.gossip.NodeAddress;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.gossip.NodesConf;
import dev.slotmesh.gossip.Notice;
import dev.slotmesh.gossip.OperatorResult;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The real machine with the least of a driver: its file is a string, its connections are {@link Wires}. */
final class SlotmeshParticipant implements Participant, Effects {
    private final GossipSettings settings;
    private final Dealt random;
    private final Wires wires;
    private final List<Told> told = new ArrayList<>();

    private Gossip gossip;
    private Supplier<String> nodesConf;
    /** What was read from the file as it is, or null. */
    private ClusterConfiguration stored;

    SlotmeshParticipant(int number, long nodeTimeoutMs, Wires wires) {
        NodeAddress announced = NodeAddress.ofPorts(World.PORT, World.BUS_PORT);
        this.settings = GossipSettings.defaults(announced).withNodeTimeoutMs(nodeTimeoutMs);
        this.random = new Dealt(number);
        this.wires = wires;
    }

    /** The machine, to be looked at. */
    Gossip machine() {
        return gossip;
    }

    /** What it would start from again. */
    ClusterConfiguration stored() {
        if (stored == null) {
            stored = configuration();
        }
        return stored;
    }

    @Override
    public void start(long nowMs) {
        told.clear();
        gossip = new Gossip(settings, configuration(), random, this);
        gossip.start(nowMs);
    }

    private ClusterConfiguration configuration() {
        if (nodesConf == null) {
            return ClusterConfiguration.newNode(random);
        }
        String text = nodesConf.get();
        if (NodesConf.parse(text) instanceof NodesConf.Parsed.Loaded loaded) {
            return loaded.configuration();
        }
        throw new AssertionError("a node does not read its own file:\n" + text);
    }

    @Override
    public void tick(long nowMs) {
        gossip.tick(nowMs);
    }

    @Override
    public long accepted(long nowMs, LinkContext context) {
        return gossip.linkAccepted(nowMs, context).number();
    }

    @Override
    public void opened(long nowMs, long link, LinkContext context) {
        gossip.linkOpened(nowMs, new LinkId(link), context);
    }

    @Override
    public void failed(long nowMs, long link) {
        gossip.linkFailed(nowMs, new LinkId(link), ConnectFailure.REFUSED);
    }

    @Override
    public void closed(long nowMs, long link) {
        gossip.linkClosed(nowMs, new LinkId(link));
    }

    @Override
    public void received(long nowMs, long link, BusMessage message) {
        gossip.packetReceived(nowMs, new LinkId(link), message);
    }

    @Override
    public void meet(long nowMs, String ip) {
        OperatorResult result = gossip.operator().meet(nowMs, ip, World.PORT, World.BUS_PORT);
        if (result != OperatorResult.OK) {
            throw new AssertionError("CLUSTER MEET refused: " + result);
        }
    }

    @Override
    public NodeId id() {
        return gossip.describe().myId();
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (NodeView node : gossip.describe().nodes()) {
            entries.add(new Entry(node.id(), node.address().ip(), node.flags()));
        }
        return entries;
    }

    @Override
    public int linkCount() {
        return gossip.linkCount();
    }

    @Override
    public List<Told> told() {
        return told;
    }

    @Override
    public boolean keepsItsWord() {
        return true;
    }

    @Override
    public void saveConfiguration(Supplier<String> text, boolean fsync) {
        nodesConf = text;
        stored = null;
    }

    @Override
    public void openLink(LinkId link, BusAddress address) {
        wires.open(link.number(), address);
    }

    @Override
    public void closeLink(LinkId link) {
        wires.close(link.number());
    }

    @Override
    public void send(LinkId link, BusMessage message) {
        wires.send(link.number(), message);
    }

    @Override
    public void notice(Notice notice) {
        if (notice instanceof Notice.MeetEnded ended) {
            MeetOutcome outcome = ended.outcome();
            told.add(new Told(
                    ended.ip(), outcome.text(), outcome == MeetOutcome.JOINED, outcome.last()));
        }
    }

    /** Never answered: a driver may hold probes back, and no more than suspicion depends on them. */
    @Override
    public void probe(NodeId node, String ip, int clientPort) {}

    @Override
    public void publishView(ClusterView view) {}

    @Override
    public void deleteSlotKeys(SlotSet slots) {
        throw new AssertionError("nobody owns a slot");
    }

    @Override
    public void leaveShardChannels(SlotSet slots) {}

    @Override
    public void replicate(NodeId primary, String ip, int port) {
        throw new AssertionError("nobody was told to replicate");
    }

    @Override
    public void promote() {}

    @Override
    public void pauseWrites(long mostMs) {}

    @Override
    public void resumeWrites() {}

    @Override
    public void deleteAllKeys() {}

    @Override
    public void deliver(BusMessage.Publish publish) {}
}
