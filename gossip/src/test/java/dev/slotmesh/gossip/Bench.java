package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * One machine on the bench: its effects are recorded in order, its peers are played by the test through {@link Peer}. The
 * machine is {@link #ME}; peers are named by a digit, which is every digit of their id: 1 to 4 sort before it, 6 to 9 behind.
 */
final class Bench implements Effects {
    static final NodeId ME = id(5);
    static final String MY_IP = "10.0.0.5";
    static final long T = 4_000;
    static final SlotKeys NO_KEYS = new SlotKeys() {
        @Override
        public long keysIn(int slot) {
            return 0;
        }

        @Override
        public boolean empty() {
            return true;
        }
    };

    long nowMs = 1_700_000_000_000L;
    Gossip gossip;
    ClusterView view;

    final List<String> effects = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();
    final List<Opened> opened = new ArrayList<>();
    final List<Probe> probes = new ArrayList<>();
    final List<LinkId> closed = new ArrayList<>();
    final List<Notice> notices = new ArrayList<>();
    final List<BusMessage.Publish> delivered = new ArrayList<>();
    final List<SlotSet> deleted = new ArrayList<>();
    final List<SlotSet> left = new ArrayList<>();
    String saved = "";

    private final Map<Integer, Peer> peers = new HashMap<>();

    record Sent(LinkId link, BusMessage message) {}

    record Probe(NodeId node, String ip, int clientPort) {}

    record Opened(LinkId link, BusAddress address) {}

    /** A machine whose nodes.conf has these lines; {@code me} stands for its own id, {@code n3} for that of peer 3. */
    static Bench with(String... lines) {
        return with(settings(), lines);
    }

    static Bench with(GossipSettings settings, String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(expand(line)).append('\n');
        }
        NodesConf.Parsed parsed = NodesConf.parse(text.toString());
        assertThat(parsed).isInstanceOf(NodesConf.Parsed.Loaded.class);
        Bench bench = new Bench();
        ClusterConfiguration configuration = ((NodesConf.Parsed.Loaded) parsed).configuration();
        bench.gossip = new Gossip(settings, configuration, new SplittableRandom(42), bench);
        bench.gossip.start(bench.nowMs);
        return bench;
    }

    /** An empty primary that knows nobody. */
    static Bench alone() {
        return with("me " + MY_IP + ":7000@17000 myself,master - 0 0 0 connected");
    }

    /** A primary with slots 0-99 and configEpoch 5 that knows these peers, primaries with hundred slots each. */
    static Bench knowing(int... peers) {
        List<String> lines = new ArrayList<>();
        lines.add(mine());
        for (int peer : peers) {
            lines.add(line(peer));
        }
        return with(lines.toArray(String[]::new));
    }

    static String mine() {
        return "me " + MY_IP + ":7000@17000 myself,master - 0 0 5 connected 0-99";
    }

    /** Peer n at 10.0.0.n owns slots n00-n99 at configEpoch n. */
    static String line(int n) {
        return "n" + n + " 10.0.0." + n + ":7000@17000 master - 0 1 " + n + " connected " + n
                + "00-" + n + "99";
    }

    static GossipSettings settings() {
        return GossipSettings.defaults(NodeAddress.ofPorts(7000, 17000)).withNodeTimeoutMs(T);
    }

    static NodeId id(int digit) {
        return NodeId.parse(Integer.toString(digit).repeat(NodeId.LENGTH_BYTES));
    }

    static SlotSet slots(int first, int last) {
        return SlotSet.ofRange(first, last).frozen();
    }

    Peer peer(int digit) {
        return new Peer(this, digit);
    }

    /** The peer of that digit, with the connections and fields it has by now. */
    Peer lasting(int digit) {
        return peers.computeIfAbsent(digit, this::peer);
    }

    /** The entry of that id as it stands now, or null. */
    NodeView entry(NodeId id) {
        return gossip.describe().node(id);
    }

    void tick() {
        gossip.tick(nowMs);
    }

    /** Ticks every 100 ms for that long. */
    void tickFor(long durationMs) {
        for (long endMs = nowMs + durationMs; nowMs < endMs; ) {
            nowMs += TickRules.PERIOD_MS;
            tick();
        }
    }

    /** Forgets what was recorded so far. */
    Bench clear() {
        effects.clear();
        sent.clear();
        opened.clear();
        probes.clear();
        closed.clear();
        notices.clear();
        return this;
    }

    List<BusMessage> sentOn(LinkId link) {
        return sent.stream()
                .filter(one -> one.link().equals(link))
                .map(Sent::message)
                .toList();
    }

    /** Heartbeats of that kind sent on any link. */
    List<BusMessage.Heartbeat> heartbeats(BusMessage.HeartbeatKind kind) {
        return sent.stream()
                .map(Sent::message)
                .filter(BusMessage.Heartbeat.class::isInstance)
                .map(BusMessage.Heartbeat.class::cast)
                .filter(message -> message.kind() == kind)
                .toList();
    }

    <M extends BusMessage> List<M> sentOf(Class<M> type) {
        return sent.stream()
                .map(Sent::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    <N extends Notice> List<N> noticesOf(Class<N> type) {
        return notices.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<MeetOutcome> meetOutcomes() {
        return noticesOf(Notice.MeetEnded.class).stream()
                .map(Notice.MeetEnded::outcome)
                .toList();
    }

    /** The last connection asked for, which must be to that ip. */
    LinkId linkOpenedTo(String ip) {
        Opened last = null;
        for (Opened one : opened) {
            last = one.address().ip().equals(ip) ? one : last;
        }
        assertThat(last).as("a connection to " + ip).isNotNull();
        return last.link();
    }

    @Override
    public void saveConfiguration(Supplier<String> text, boolean fsync) {
        saved = text.get();
        effects.add(fsync ? "save fsync" : "save");
    }

    @Override
    public void publishView(ClusterView newView) {
        view = newView;
        effects.add("view");
    }

    @Override
    public void send(LinkId link, BusMessage message) {
        sent.add(new Sent(link, message));
        effects.add("send");
    }

    @Override
    public void openLink(LinkId link, BusAddress address) {
        opened.add(new Opened(link, address));
        effects.add("open " + address);
    }

    @Override
    public void closeLink(LinkId link) {
        closed.add(link);
        effects.add("close");
    }

    @Override
    public void probe(NodeId node, String ip, int clientPort) {
        probes.add(new Probe(node, ip, clientPort));
        effects.add("probe " + ip + ":" + clientPort);
    }

    @Override
    public void deleteSlotKeys(SlotSet slots) {
        deleted.add(slots);
        effects.add("delete keys of " + slots);
    }

    @Override
    public void leaveShardChannels(SlotSet slots) {
        left.add(slots);
    }

    @Override
    public void replicate(NodeId primary, String ip, int port) {
        effects.add("replicate " + primary.toString().charAt(0) + " at " + ip + ":" + port);
    }

    @Override
    public void promote() {
        effects.add("promote");
    }

    @Override
    public void pauseWrites(long mostMs) {
        effects.add("pause writes");
    }

    @Override
    public void resumeWrites() {
        effects.add("resume writes");
    }

    @Override
    public void deleteAllKeys() {
        effects.add("delete all keys");
    }

    @Override
    public void deliver(BusMessage.Publish publish) {
        delivered.add(publish);
    }

    @Override
    public void notice(Notice notice) {
        notices.add(notice);
    }

    private static String expand(String line) {
        String text = line.startsWith("me ") ? ME + line.substring(2) : line;
        for (int n = 1; n <= 9; n++) {
            text = text.replaceAll("\\bn" + n + "\\b", id(n).toString());
        }
        return text;
    }
}
