package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A machine with its driver in a {@link SimulatedNetwork}: its process can be paused, killed and started again. */
final class SimulatedNode implements Effects {
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

    final int number;
    final Map<LinkId, SimulatedNetwork.Socket> sockets =
            new TreeMap<>((a, b) -> Long.compare(a.number(), b.number()));
    final List<Notice> notices = new ArrayList<>();
    final List<SlotSet> deletedSlots = new ArrayList<>();

    Gossip gossip;
    GossipSettings settings;
    ClusterView view;
    String nodesConf = "";
    boolean running;
    int lives;

    private final SimulatedNetwork network;
    private final List<Runnable> asleep = new ArrayList<>();
    private boolean paused;

    SimulatedNode(SimulatedNetwork network, int number) {
        this.network = network;
        this.number = number;
        this.settings =
                GossipSettings.defaults(NodeAddress.ofPorts(7000, 17000)).withNodeTimeoutMs(5_000);
    }

    String ip() {
        return "10.0." + number / 250 + "." + (number % 250 + 1);
    }

    NodeId id() {
        return view.myId();
    }

    /** Starts the process from its nodes.conf, or as a new node when it has none. */
    SimulatedNode start() {
        SplittableRandom random = network.random.split();
        ClusterConfiguration configuration;
        if (nodesConf.isEmpty()) {
            configuration = ClusterConfiguration.newNode(random);
        } else {
            NodesConf.Parsed parsed = NodesConf.parse(nodesConf);
            assertThat(parsed).isInstanceOf(NodesConf.Parsed.Loaded.class);
            configuration = ((NodesConf.Parsed.Loaded) parsed).configuration();
        }
        running = true;
        lives++;
        gossip = new Gossip(settings, configuration, random, this);
        network.listen(this, new BusAddress(ip(), 17000));
        gossip.start(network.nowMs);
        int life = lives;
        network.at(random.nextInt(100), () -> tick(life));
        return this;
    }

    /** Ends the process without a word: connections break. */
    void kill() {
        running = false;
        paused = false;
        asleep.clear();
        List<SimulatedNetwork.Socket> open = new ArrayList<>(sockets.values());
        sockets.clear();
        open.forEach(network::close);
    }

    /** Stops the process as SIGSTOP does: what arrives waits. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        List<Runnable> waiting = new ArrayList<>(asleep);
        asleep.clear();
        waiting.forEach(Runnable::run);
    }

    void whenAwake(Runnable action) {
        if (paused) {
            asleep.add(action);
        } else if (running) {
            action.run();
        }
    }

    void meet(SimulatedNode other) {
        assertThat(gossip.operator().meet(network.nowMs, other.ip(), 7000, 17000))
                .isEqualTo(OperatorResult.OK);
    }

    void forget(NodeId id) {
        assertThat(gossip.operator().forget(network.nowMs, id.toString()))
                .isEqualTo(OperatorResult.OK);
    }

    void addSlots(int first, int last) {
        List<Integer> slots = IntStream.rangeClosed(first, last).boxed().toList();
        assertThat(gossip.operator().addSlots(network.nowMs, slots)).isEqualTo(OperatorResult.OK);
    }

    /** Whether the node lists that one as a full member. */
    boolean lists(SimulatedNode other) {
        NodeView entry = view.node(other.id());
        return entry != null && !entry.isInHandshake();
    }

    <N extends Notice> List<N> noticesOf(Class<N> type) {
        return notices.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void saveConfiguration(Supplier<String> text, boolean fsync) {
        nodesConf = text.get();
    }

    @Override
    public void publishView(ClusterView newView) {
        view = newView;
    }

    @Override
    public void send(LinkId link, BusMessage message) {
        SimulatedNetwork.Socket socket = sockets.get(link);
        if (socket != null && socket.open) {
            network.transmit(socket, message);
        }
    }

    @Override
    public void openLink(LinkId link, BusAddress address) {
        network.connect(this, link, address);
    }

    @Override
    public void closeLink(LinkId link) {
        SimulatedNetwork.Socket socket = sockets.remove(link);
        if (socket != null) {
            network.close(socket);
        }
    }

    @Override
    public void probe(NodeId node, String ip, int clientPort) {
        network.probe(this, node, ip);
    }

    @Override
    public void deleteSlotKeys(SlotSet slots) {
        deletedSlots.add(slots);
    }

    @Override
    public void leaveShardChannels(SlotSet slots) {}

    @Override
    public void replicate(NodeId primary, String ip, int port) {}

    @Override
    public void promote() {}

    @Override
    public void deleteAllKeys() {}

    @Override
    public void deliver(BusMessage.Publish publish) {}

    @Override
    public void notice(Notice notice) {
        notices.add(notice);
    }

    private void tick(int life) {
        if (life != lives || !running) {
            return;
        }
        if (!paused) {
            gossip.tick(network.nowMs);
        }
        network.at(TickRules.PERIOD_MS, () -> tick(life));
    }
}
