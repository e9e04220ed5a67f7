package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusEncoder;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.ProbeOutcome;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;

/**
 * Connections between simulated nodes. A process that ends on a living host resets its connections, and a packet to a
 * connection that is no more is answered by a reset; a dead host and a cut network are silent.
 */
public final class Network {
    /** How late a message may be that leaves the order of its connection, in longest latencies. */
    private static final int OVERTAKING_LATENCIES = 5;

    private static final long FIRST_RETRY_US = 200_000;
    private static final long LAST_RETRY_US = 3_200_000;

    private final Simulation simulation;
    private final SplittableRandom random;
    private final Wire wire;
    private final Map<BusAddress, SimulatedNode> listeners = new HashMap<>();
    private final Map<Long, Conditions> exceptions = new HashMap<>();

    private Conditions conditions = Conditions.RACK;
    private BiPredicate<SimulatedNode, SimulatedNode> cut = (from, to) -> false;
    private long messages;
    private long bytes;

    Network(Simulation simulation, SplittableRandom random, boolean everyReceiverDecodes) {
        this.simulation = simulation;
        this.random = random;
        this.wire = new Wire(everyReceiverDecodes);
    }

    /** What holds wherever nothing else was said. */
    public Conditions conditions() {
        return conditions;
    }

    public void conditions(Conditions everywhere) {
        conditions = everywhere;
    }

    /** Other conditions for what {@code from} sends to {@code to}. */
    public void conditions(SimulatedNode from, SimulatedNode to, Conditions there) {
        exceptions.put(pair(from, to), there);
    }

    /** Messages sent so far, arrived or not. */
    public long messages() {
        return messages;
    }

    /** Their bytes. */
    public long bytes() {
        return bytes;
    }

    /**
     * Cuts the network: nothing gets from one node to another where {@code blocked} says so, the first argument being the
     * sender. Existing connections go silent; what was sent meanwhile is lost. Replaces an earlier cut.
     */
    public void cut(BiPredicate<SimulatedNode, SimulatedNode> blocked) {
        cut = blocked;
        simulation.journal().note(simulation.elapsedUs(), null, "is cut", null, null);
    }

    /** No cut any more. */
    public void heal() {
        cut = (from, to) -> false;
        simulation.journal().note(simulation.elapsedUs(), null, "is whole", null, null);
    }

    /** Whether packets get from one to the other and back. */
    public boolean connects(SimulatedNode one, SimulatedNode other) {
        return !cut.test(one, other) && !cut.test(other, one);
    }

    long history() {
        return wire.history();
    }

    void listen(SimulatedNode node, BusAddress address) {
        listeners.put(address, node);
    }

    /** Whoever listens there, dead or alive, or null. */
    SimulatedNode listener(BusAddress address) {
        return listeners.get(address);
    }

    Socket connect(SimulatedNode from, BusAddress to) {
        Socket near = new Socket(from, true);
        from.add(near);
        SimulatedNode target = listeners.get(to);
        boolean silent = target == null || !target.hostUp() || !connects(from, target);
        if (silent) {
            // A SYN to nobody: nothing comes back until the caller gives up.
            simulation.after(from.connectTimeoutUs(), () -> fail(near, ConnectFailure.TIMED_OUT));
        } else {
            simulation.after(latency(from, target), () -> arrive(near, target));
        }
        return near;
    }

    /** The SYN is there. */
    private void arrive(Socket near, SimulatedNode target) {
        if (!near.open) {
            return;
        }
        if (!target.hostUp()) {
            simulation.after(
                    near.owner.connectTimeoutUs(), () -> fail(near, ConnectFailure.TIMED_OUT));
            return;
        }
        long back = latency(target, near.owner);
        if (!target.running()) {
            simulation.after(back, () -> fail(near, ConnectFailure.REFUSED));
            return;
        }
        // The kernel accepts, whether the process runs at the moment or not.
        Socket far = new Socket(target, false);
        far.peer = near;
        near.peer = far;
        target.add(far);
        target.whenAwake(() -> {
            if (far.open) {
                target.machine().accepted(target.nowMs(), far);
            }
        });
        near.arrivedUntilUs = simulation.elapsedUs() + back;
        simulation.after(
                back,
                () -> near.owner.whenAwake(() -> {
                    if (near.open) {
                        near.owner.machine().opened(near.owner.nowMs(), near);
                    }
                }));
    }

    /** A process that runs accepts on its client port, stopped or not; of one that has ended its host refuses. */
    void probe(SimulatedNode from, NodeId node, BusAddress at) {
        SimulatedNode target = listeners.get(at);
        if (target == null || !connects(from, target)) {
            answerProbe(from, node, from.probeTimeoutUs(), ProbeOutcome.NO_ANSWER);
            return;
        }
        simulation.after(latency(from, target), () -> {
            if (target.hostUp()) {
                boolean open = target.running();
                answerProbe(
                        from,
                        node,
                        latency(target, from),
                        open ? ProbeOutcome.OPEN : ProbeOutcome.REFUSED);
            } else {
                answerProbe(from, node, from.probeTimeoutUs(), ProbeOutcome.NO_ANSWER);
            }
        });
    }

    private void answerProbe(SimulatedNode from, NodeId node, long delayUs, ProbeOutcome outcome) {
        int life = from.lives();
        simulation.after(
                delayUs,
                () -> from.whenAwake(() -> {
                    if (from.lives() == life) {
                        from.machine().probed(from.nowMs(), node, outcome);
                    }
                }));
    }

    private void fail(Socket near, ConnectFailure reason) {
        near.owner.whenAwake(() -> {
            if (near.open) {
                near.owner.remove(near);
                near.owner.machine().failed(near.owner.nowMs(), near, reason);
            }
        });
    }

    /** The owner's side ends; the other one hears of it after what is under way, unless the network is cut. */
    void close(Socket socket) {
        socket.owner.remove(socket);
        Socket peer = socket.peer;
        if (peer != null && peer.open && !cut.test(socket.owner, peer.owner)) {
            long atUs = Math.max(
                    peer.arrivedUntilUs,
                    simulation.elapsedUs() + latency(socket.owner, peer.owner));
            simulation.at(atUs, () -> reset(peer));
        }
    }

    private void reset(Socket socket) {
        socket.owner.whenAwake(() -> {
            if (socket.open) {
                socket.owner.remove(socket);
                if (socket.attachment != null) {
                    socket.owner.machine().closed(socket.owner.nowMs(), socket);
                }
            }
        });
    }

    void transmit(Socket from, BusMessage message) {
        SimulatedNode sender = from.owner;
        int length = BusEncoder.encodedLength(message);
        BusMessage arriving = wire.carry(message);
        messages++;
        bytes += length;
        sender.traffic().count(message, length);
        simulation.sent(sender, from, message);
        if (from.peer == null) {
            return;
        }
        if (isReliable(from)) {
            sendReliably(from, arriving, length);
        } else if (!cut.test(sender, from.peer.owner)) {
            sendHarshly(from, arriving, length);
        }
    }

    /** Stock nodes are not built to lose a message and keep the connection, and TCP does not do that to them. */
    private static boolean isReliable(Socket from) {
        return from.owner.kind() == NodeKind.STOCK || from.peer.owner.kind() == NodeKind.STOCK;
    }

    private void sendHarshly(Socket from, BusMessage arriving, int length) {
        Conditions here = between(from.owner, from.peer.owner);
        if (chance(here.loss())) {
            return;
        }
        int copies = chance(here.duplication()) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            boolean overtaken = chance(here.reordering());
            long atUs = arrivalUs(from, length, here, overtaken);
            simulation.at(atUs, () -> deliver(from.peer, arriving));
        }
    }

    /** What gets lost is sent again later, and everything behind it waits: TCP, with its first timeout and a shorter last one. */
    private void sendReliably(Socket from, BusMessage arriving, int length) {
        Conditions here = between(from.owner, from.peer.owner);
        boolean lost = cut.test(from.owner, from.peer.owner) || chance(here.loss());
        boolean waiting = from.unsent != null && !from.unsent.isEmpty();
        if (waiting || lost) {
            if (!waiting) {
                from.unsent = new ArrayDeque<>();
                simulation.after(FIRST_RETRY_US, () -> retry(from, FIRST_RETRY_US));
            }
            from.unsent.add(arriving);
            return;
        }
        long atUs = arrivalUs(from, length, here, false);
        simulation.at(atUs, () -> deliver(from.peer, arriving));
    }

    private void retry(Socket from, long waitedUs) {
        if (!from.open) {
            return;
        }
        if (cut.test(from.owner, from.peer.owner)) {
            long waitUs = Math.min(2 * waitedUs, LAST_RETRY_US);
            simulation.after(waitUs, () -> retry(from, waitUs));
            return;
        }
        Conditions here = between(from.owner, from.peer.owner);
        while (!from.unsent.isEmpty()) {
            BusMessage arriving = from.unsent.remove();
            long atUs = arrivalUs(from, BusEncoder.encodedLength(arriving), here, false);
            simulation.at(atUs, () -> deliver(from.peer, arriving));
        }
    }

    private long arrivalUs(Socket from, int length, Conditions here, boolean overtaken) {
        long nowUs = simulation.elapsedUs();
        if (here.bytesPerSecond() > 0) {
            from.sentUntilUs =
                    Math.max(from.sentUntilUs, nowUs) + length * 1_000_000L / here.bytesPerSecond();
            nowUs = from.sentUntilUs;
        }
        long atUs = nowUs + here.latency().draw(random);
        if (overtaken) {
            return atUs + random.nextLong(OVERTAKING_LATENCIES * here.latency().maxUs() + 1);
        }
        Socket to = from.peer;
        to.arrivedUntilUs = Math.max(to.arrivedUntilUs, atUs);
        return to.arrivedUntilUs;
    }

    private void deliver(Socket to, BusMessage message) {
        if (!to.owner.hostUp()) {
            return;
        }
        if (!to.open) {
            answerByReset(to);
            return;
        }
        to.owner.whenAwake(() -> {
            if (to.open && to.attachment != null) {
                to.owner.received(to, message);
            }
        });
    }

    private void answerByReset(Socket gone) {
        Socket sender = gone.peer;
        if (sender.open && !cut.test(gone.owner, sender.owner)) {
            simulation.after(latency(gone.owner, sender.owner), () -> reset(sender));
        }
    }

    long latency(SimulatedNode from, SimulatedNode to) {
        return between(from, to).latency().draw(random);
    }

    private Conditions between(SimulatedNode from, SimulatedNode to) {
        return exceptions.isEmpty()
                ? conditions
                : exceptions.getOrDefault(pair(from, to), conditions);
    }

    private boolean chance(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private static Long pair(SimulatedNode from, SimulatedNode to) {
        return (long) from.number() << 32 | to.number();
    }
}
