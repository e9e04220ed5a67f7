package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.gossip.ManualFailover;
import dev.slotmesh.gossip.NodeAddress;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.gossip.Notice;
import dev.slotmesh.gossip.OperatorResult;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A process on a host of its own: it can be stopped, ended, started again, cut off from power, and its clock can be set. Its
 * nodes.conf survives; what was not forced to disk may not survive the power.
 */
public final class SimulatedNode {
    private static final long TICK_US = 100_000;
    private static final long MAX_PROBE_US = 500_000;

    private final Simulation simulation;
    private final int number;
    private final NodeKind kind;
    private final Traffic traffic = new Traffic();
    private final List<Notice> notices = new ArrayList<>();
    private final List<Runnable> asleep = new ArrayList<>();

    private final ReplicationStream replication = new ReplicationStream(this);
    private NodeSettings settings;
    private Keys keys = Keys.NONE;
    private Machine machine;
    private Socket sockets;
    /** What the kernel holds of nodes.conf, and what the disk does; null while there is no file. */
    private Supplier<ClusterConfiguration> written;

    private Supplier<ClusterConfiguration> durable;

    private boolean hostUp = true;
    private boolean running;
    private boolean paused;
    private boolean tickMissed;
    private int lives;
    private int filesLost;
    private boolean writesPaused;
    private long clockMs;
    private long clockAtStartMs;

    /** For {@link Simulation} alone: what invariants have seen of this node. */
    Outlook inspected;

    boolean markedChanged;

    SimulatedNode(Simulation simulation, int number, NodeKind kind, NodeSettings settings) {
        this.simulation = simulation;
        this.number = number;
        this.kind = kind;
        this.settings = settings;
    }

    /** Its place among the nodes of the simulation, from 0. */
    public int number() {
        return number;
    }

    /** n1, n2, ... */
    public String name() {
        return "n" + (number + 1);
    }

    public NodeKind kind() {
        return kind;
    }

    public NodeSettings settings() {
        return settings;
    }

    /** Obeyed from the next start on. */
    public void settings(NodeSettings newSettings) {
        settings = newSettings;
    }

    public Traffic traffic() {
        return traffic;
    }

    /** What it logged, in all its lives. */
    public List<Notice> notices() {
        return notices;
    }

    public <N extends Notice> List<N> notices(Class<N> type) {
        return notices.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public boolean running() {
        return running;
    }

    public boolean paused() {
        return paused;
    }

    public boolean hostUp() {
        return hostUp;
    }

    /** How often the process was started. */
    public int lives() {
        return lives;
    }

    /** How often it lost what was written to nodes.conf and not forced to disk. */
    public int filesLost() {
        return filesLost;
    }

    public NodeId id() {
        return outlook().myself().id();
    }

    /** What it holds true; of a process that ended, what it held true last. */
    public Outlook outlook() {
        return machine.outlook();
    }

    String ip() {
        return "10.0." + number / 250 + "." + (number % 250 + 1);
    }

    /** Where it is reached, as it announces itself. */
    NodeAddress address() {
        return settings.gossip().announced().withIp(ip());
    }

    ReplicationStream replication() {
        return replication;
    }

    /** How far a replica is behind its primary; different from node to node. */
    long lagMs() {
        return 1 + number % 7;
    }

    /** Whether a client gets its writes acknowledged by this node, as far as the node is concerned. */
    public boolean acceptsWrites() {
        if (!running || paused || !outlook().stateOk()) {
            return false;
        }
        NodeView myself = outlook().myself();
        return !writesPaused && myself.isPrimary() && !myself.slots().isEmpty();
    }

    /** Writes are put off from now on, or go on. */
    void writesPaused(boolean paused) {
        replication.advance();
        writesPaused = paused;
    }

    /** The bytes it has produced as a primary or taken in as a replica. */
    public long replicationOffset() {
        replication.advance();
        return replication.offset();
    }

    Keys keys() {
        return keys;
    }

    /** Who models its keys from now on. */
    void keys(Keys newKeys) {
        keys = newKeys;
    }

    /** It replicates whoever is at that address from now on. */
    void follows(BusAddress primary) {
        SimulatedNode source = simulation.network().listener(primary);
        replication.follow(source);
        keys.follows(source);
    }

    void promoted() {
        replication.stopFollowing();
        keys.promoted();
    }

    BusAddress busAddress() {
        return new BusAddress(ip(), NodeSettings.BUS_PORT);
    }

    /** Makes its nodes.conf before the first start: the node comes into a cluster that knows it. */
    public SimulatedNode configured(ClusterConfiguration configuration) {
        written = () -> configuration;
        durable = written;
        return this;
    }

    /** Starts the process from its nodes.conf, or as a new node when it has none; its host comes up if it was down. */
    public SimulatedNode start() {
        SplittableRandom random = simulation.random().split();
        ClusterConfiguration configuration =
                written == null ? ClusterConfiguration.newNode(random) : written.get();
        hostUp = true;
        running = true;
        tickMissed = false;
        lives++;
        clockAtStartMs = clockMs;
        note("starts", null);
        replication.lose();
        writesPaused = false;
        machine = kind.machine(this, configuration, random);
        machine.start(nowMs());
        keys.started();
        simulation.changed(this);
        int life = lives;
        simulation.after(random.nextLong(TICK_US), () -> tick(life));
        return this;
    }

    /** Ends the process as SIGKILL does: its host resets the connections, and the file is as written. */
    public void kill() {
        note("is killed", null);
        end();
        while (sockets != null) {
            simulation.network().close(sockets);
        }
        keys.ended(true);
    }

    /**
     * Takes the power from the host: nobody hears anything.
     *
     * @param keepsUnsynced whether what was written but not forced to disk is still there afterwards
     */
    public void loseHost(boolean keepsUnsynced) {
        note("loses its host", keepsUnsynced ? null : "with what was not on disk");
        end();
        hostUp = false;
        while (sockets != null) {
            remove(sockets);
        }
        keys.ended(false);
        if (!keepsUnsynced) {
            filesLost++;
            written = durable;
        }
    }

    private void end() {
        running = false;
        paused = false;
        asleep.clear();
    }

    /** Stops the process as SIGSTOP does: what arrives waits. */
    public void pause() {
        if (running) {
            note("is stopped", null);
            paused = true;
        }
    }

    /** Lets it run again; whether it looks first at what arrived or at its timer is left to chance. */
    public void resume() {
        if (!paused) {
            return;
        }
        note("goes on", null);
        paused = false;
        List<Runnable> waiting = new ArrayList<>(asleep);
        asleep.clear();
        boolean timerFirst = simulation.random().nextBoolean();
        if (timerFirst) {
            catchUp();
        }
        waiting.forEach(Runnable::run);
        if (!timerFirst) {
            catchUp();
        }
    }

    /** Sets the wall clock of the host ahead, or back when negative. */
    public void setClockAhead(long milliseconds) {
        note("has its clock set ahead by ms", milliseconds);
        clockMs += milliseconds;
    }

    /** The time its process believes it is. */
    long nowMs() {
        long aheadMs = kind.hasSteadyClock() ? clockAtStartMs : clockMs;
        return Simulation.START_MS + simulation.elapsedMs() + aheadMs;
    }

    /** Whether it lists that one as a member, handshake ended. */
    public boolean lists(SimulatedNode other) {
        NodeView entry = outlook().find(other.id());
        return entry != null && !entry.isInHandshake();
    }

    public void meet(SimulatedNode other) {
        note("is told to MEET", other, null);
        expectAccepted(machine.meet(nowMs(), other));
    }

    public void forget(NodeId id) {
        note("is told to FORGET", id);
        expectAccepted(machine.forget(nowMs(), id));
    }

    /** Adds {@code first..last}, both inclusive. */
    public void addSlots(int first, int last) {
        note("is told to ADDSLOTS", first + "-" + last);
        List<Integer> slots = IntStream.rangeClosed(first, last).boxed().toList();
        expectAccepted(machine.addSlots(nowMs(), slots));
    }

    public void replicate(SimulatedNode primary) {
        note("is told to REPLICATE", primary, null);
        expectAccepted(machine.replicate(nowMs(), primary.id()));
    }

    /** Asks a replica to take over; what it says to that. */
    public OperatorResult failover(ManualFailover.Kind kind) {
        note("is told to FAILOVER", kind);
        return machine.failover(nowMs(), kind);
    }

    public void reset(boolean hard) {
        note("is told to RESET", hard ? "hard" : "soft");
        expectAccepted(machine.reset(nowMs(), hard));
    }

    private void expectAccepted(OperatorResult result) {
        Violation.unless(result == OperatorResult.OK, "%s refused: %s", name(), result);
    }

    Machine machine() {
        return machine;
    }

    Simulation simulation() {
        return simulation;
    }

    long connectTimeoutUs() {
        return settings.connectTimeoutMs() * 1000;
    }

    long probeTimeoutUs() {
        return Math.min(MAX_PROBE_US, connectTimeoutUs() / 2);
    }

    /** Now, or when the process runs again; never when it has ended by then. */
    void whenAwake(Runnable action) {
        if (paused) {
            asleep.add(action);
        } else if (running) {
            action.run();
        }
    }

    void received(Socket socket, BusMessage message) {
        simulation
                .journal()
                .note(simulation.elapsedUs(), this, "hears from", socket.peer.owner, message);
        tellReplication();
        machine.received(nowMs(), socket, message);
    }

    Socket connect(BusAddress address) {
        return simulation.network().connect(this, address);
    }

    /** Connects to the client port of whoever is at that address, and tells the machine what came of it. */
    void probe(NodeId node, String ip) {
        simulation.network().probe(this, node, new BusAddress(ip, NodeSettings.BUS_PORT));
    }

    void send(Socket socket, BusMessage message) {
        if (socket.open) {
            simulation.network().transmit(socket, message);
        }
    }

    void close(Socket socket) {
        if (socket.open) {
            simulation.network().close(socket);
        }
    }

    void save(Supplier<ClusterConfiguration> configuration, boolean fsync) {
        written = configuration;
        if (fsync) {
            durable = configuration;
            keys.saved();
        }
    }

    void outlookChanged() {
        simulation.changed(this);
    }

    void log(Notice notice) {
        if (notice.level() != Notice.Level.DEBUG) {
            note("logs", notice);
        }
        notices.add(notice);
    }

    void add(Socket socket) {
        socket.next = sockets;
        if (sockets != null) {
            sockets.previous = socket;
        }
        sockets = socket;
    }

    void remove(Socket socket) {
        if (!socket.open) {
            return;
        }
        socket.open = false;
        if (socket.previous == null) {
            sockets = socket.next;
        } else {
            socket.previous.next = socket.next;
        }
        if (socket.next != null) {
            socket.next.previous = socket.previous;
        }
        socket.previous = null;
        socket.next = null;
    }

    private void tick(int life) {
        if (life != lives || !running) {
            return;
        }
        if (paused) {
            tickMissed = true;
            return;
        }
        tellReplication();
        machine.tick(nowMs());
        simulation.after(TICK_US, () -> tick(life));
    }

    void tellReplication() {
        replication.advance();
        machine.replication(nowMs(), replication.offset(), replication.silenceMs());
    }

    /** A timer that was due while the process did not run fires once. */
    private void catchUp() {
        if (tickMissed) {
            tickMissed = false;
            tick(lives);
        }
    }

    private void note(String verb, Object detail) {
        note(verb, null, detail);
    }

    private void note(String verb, SimulatedNode other, Object detail) {
        simulation.journal().note(simulation.elapsedUs(), this, verb, other, detail);
    }
}
