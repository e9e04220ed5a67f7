package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A cluster in virtual time: one thread, one seed, one run. Time stands still while a node works, and jumps to the next
 * event when nobody has anything to do. Invariants look at what changed after every event.
 */
public final class Simulation {
    /** Unix time at the start, where no clock was set otherwise. */
    public static final long START_MS = 1_700_000_000_000L;

    private final SplittableRandom random;
    private final EventQueue events = new EventQueue();
    private final Journal journal = new Journal();
    private final Network network;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final List<SimulatedNode> changed = new ArrayList<>();

    private long elapsedUs;
    private long writtenBytesPerSecond = 1_000_000;
    private long eventsDone;

    /** A simulation in which receivers of one message share what was decoded once. */
    public Simulation(long seed) {
        this(seed, false);
    }

    /**
     * @param everyReceiverDecodes decodes each message once for every receiver, which is slower, and shows it when a
     *     receiver changes what it got
     */
    public Simulation(long seed, boolean everyReceiverDecodes) {
        this.random = new SplittableRandom(seed);
        this.network = new Network(this, random.split(), everyReceiverDecodes);
    }

    /** A node that is not running yet; its number is its place in {@link #nodes}. */
    public SimulatedNode add(NodeKind kind, NodeSettings settings) {
        SimulatedNode node = new SimulatedNode(this, nodes.size(), kind, settings);
        nodes.add(node);
        network.listen(node, node.busAddress());
        return node;
    }

    public List<SimulatedNode> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    public SimulatedNode node(int number) {
        return nodes.get(number);
    }

    public Network network() {
        return network;
    }

    /** Decides what happens in the world; each node has a generator of its own. */
    public SplittableRandom random() {
        return random;
    }

    /** What clients write to each primary that lets them. */
    public long writtenBytesPerSecond() {
        return writtenBytesPerSecond;
    }

    public void writtenBytesPerSecond(long bytes) {
        writtenBytesPerSecond = bytes;
    }

    /** Checks this from now on; what it needs to know of the past it has missed. */
    public void watch(Invariant invariant) {
        invariants.add(invariant);
    }

    /** Virtual milliseconds since the start. */
    public long elapsedMs() {
        return elapsedUs / 1000;
    }

    /** Virtual microseconds since the start. */
    public long elapsedUs() {
        return elapsedUs;
    }

    /** Events so far. */
    public long eventsDone() {
        return eventsDone;
    }

    /** Equal for two runs only if the same bytes were sent in the same order. */
    public String fingerprint() {
        return network.messages() + " messages, " + eventsDone + " events, "
                + Long.toHexString(network.history());
    }

    /** What happened last, a line per event. */
    public String script() {
        return journal.script();
    }

    /** Does something later. */
    public void after(long delayUs, Runnable action) {
        events.add(elapsedUs + delayUs, action);
    }

    void at(long us, Runnable action) {
        events.add(us, action);
    }

    public void runFor(long durationMs) {
        runUntil(() -> false, durationMs);
    }

    /**
     * Runs until the condition holds, asked after every event.
     *
     * @return the virtual milliseconds it took, or -1 when it did not hold within {@code limitMs}
     */
    public long runUntil(BooleanSupplier condition, long limitMs) {
        long startUs = elapsedUs;
        long endUs = startUs + limitMs * 1000;
        while (!events.isEmpty() && events.nextUs() <= endUs) {
            elapsedUs = events.nextUs();
            events.take().run();
            eventsDone++;
            if (!changed.isEmpty()) {
                inspectChanged();
            }
            if (condition.getAsBoolean()) {
                return (elapsedUs - startUs) / 1000;
            }
        }
        elapsedUs = endUs;
        return -1;
    }

    /** Asks every invariant whether the cluster is as it has to be once nothing has been wrong for long enough. */
    public void checkSettled() {
        invariants.forEach(invariant -> invariant.settled(this));
    }

    Journal journal() {
        return journal;
    }

    /** That node's outlook changed, or it began a new life. */
    void changed(SimulatedNode node) {
        if (!node.markedChanged) {
            node.markedChanged = true;
            changed.add(node);
        }
    }

    void sent(SimulatedNode node, Socket socket, BusMessage message) {
        SimulatedNode to = socket.peer == null ? null : socket.peer.owner;
        journal.note(elapsedUs, node, "sends to", to, message);
        for (int i = 0; i < invariants.size(); i++) {
            invariants.get(i).sent(this, node, message);
        }
    }

    private void inspectChanged() {
        for (int i = 0; i < changed.size(); i++) {
            SimulatedNode node = changed.get(i);
            node.markedChanged = false;
            Outlook before = node.inspected;
            Outlook now = node.outlook();
            if (now != before) {
                node.inspected = now;
                for (int j = 0; j < invariants.size(); j++) {
                    invariants.get(j).outlookChanged(this, node, before);
                }
            }
        }
        changed.clear();
    }
}
