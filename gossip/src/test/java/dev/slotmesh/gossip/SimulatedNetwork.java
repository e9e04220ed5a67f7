package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusDecoder;
import dev.slotmesh.bus.BusEncoder;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Decoded;
import dev.slotmesh.bus.NodeId;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * TCP between simulated nodes in virtual time: connections with delay, per-connection order, resets, partitions and, harsher
 * than TCP, packets that are lost or doubled. Every message goes through the real codec as bytes. One seed, one run.
 */
final class SimulatedNetwork {
    static final long START_MS = 1_700_000_000_000L;

    final SplittableRandom random;
    final List<SimulatedNode> nodes = new ArrayList<>();
    final CRC32 history = new CRC32();

    long nowMs = START_MS;
    int minDelayMs = 0;
    int maxDelayMs = 2;
    double lossRate;
    double duplicationRate;
    long messages;
    Runnable afterEvent = () -> {};

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::atMs).thenComparingLong(Event::number));
    private final Map<BusAddress, SimulatedNode> listeners = new HashMap<>();
    private long lastNumber;
    /** Whether two nodes cannot reach each other. */
    private java.util.function.BiPredicate<SimulatedNode, SimulatedNode> cut = (a, b) -> false;

    SimulatedNetwork(long seed) {
        this.random = new SplittableRandom(seed);
    }

    private record Event(long atMs, long number, Runnable action) {}

    /** One end of a connection. */
    static final class Socket {
        final SimulatedNode owner;
        LinkId link;
        Socket peer;
        boolean open = true;
        long deliveredUntilMs;

        Socket(SimulatedNode owner) {
            this.owner = owner;
        }
    }

    SimulatedNode add(int number) {
        SimulatedNode node = new SimulatedNode(this, number);
        nodes.add(node);
        return node;
    }

    void listen(SimulatedNode node, BusAddress address) {
        listeners.put(address, node);
    }

    void at(long delayMs, Runnable action) {
        events.add(new Event(nowMs + delayMs, lastNumber++, action));
    }

    void runFor(long durationMs) {
        long endMs = nowMs + durationMs;
        runUntil(() -> false, endMs);
    }

    /** Runs until the condition holds, tested after every event; the virtual time it took, or -1 at the limit. */
    long runUntil(java.util.function.BooleanSupplier condition, long endMs) {
        long startMs = nowMs;
        while (!events.isEmpty() && events.peek().atMs() <= endMs) {
            Event event = events.poll();
            nowMs = event.atMs();
            event.action().run();
            afterEvent.run();
            if (condition.getAsBoolean()) {
                return nowMs - startMs;
            }
        }
        nowMs = endMs;
        return -1;
    }

    /** Cuts the nodes that match off from those that do not, both ways; existing connections go silent. */
    void partition(Predicate<SimulatedNode> side) {
        cut = (a, b) -> side.test(a) != side.test(b);
    }

    void heal() {
        cut = (a, b) -> false;
    }

    void connect(SimulatedNode from, LinkId link, BusAddress to) {
        Socket near = new Socket(from);
        near.link = link;
        from.sockets.put(link, near);
        SimulatedNode target = listeners.get(to);
        long delay = delay();
        if (target != null && cut.test(from, target)) {
            // A SYN into a partition: nothing comes back until the connect times out.
            at(2_000, () -> fail(near, ConnectFailure.TIMED_OUT));
        } else if (target == null || !target.running) {
            at(delay, () -> fail(near, ConnectFailure.REFUSED));
        } else {
            at(delay, () -> establish(near, target, to));
        }
    }

    /** A process that runs accepts on its client port; one that has ended is refused by its host. */
    void probe(SimulatedNode from, NodeId id, String ip) {
        SimulatedNode target = listeners.get(new BusAddress(ip, 17000));
        boolean silent = target != null && cut.test(from, target);
        ProbeOutcome outcome = silent
                ? ProbeOutcome.NO_ANSWER
                : target == null || !target.running ? ProbeOutcome.REFUSED : ProbeOutcome.OPEN;
        at(
                silent ? 500 : delay(),
                () -> from.whenAwake(() -> from.gossip.probed(nowMs, id, outcome)));
    }

    private void fail(Socket near, ConnectFailure reason) {
        if (near.open && near.owner.running) {
            near.open = false;
            near.owner.sockets.remove(near.link);
            near.owner.whenAwake(() -> near.owner.gossip.linkFailed(nowMs, near.link, reason));
        }
    }

    private void establish(Socket near, SimulatedNode target, BusAddress to) {
        if (!near.open) {
            return;
        }
        if (!target.running) {
            fail(near, ConnectFailure.REFUSED);
            return;
        }
        Socket far = new Socket(target);
        near.peer = far;
        far.peer = near;
        target.whenAwake(() -> {
            if (far.open) {
                far.link = target.gossip.linkAccepted(
                        nowMs, new LinkContext(to.ip(), near.owner.ip()));
                target.sockets.put(far.link, far);
            }
        });
        near.owner.whenAwake(() -> {
            if (near.open) {
                near.owner.gossip.linkOpened(
                        nowMs, near.link, new LinkContext(near.owner.ip(), to.ip()));
            }
        });
    }

    void close(Socket socket) {
        socket.open = false;
        Socket peer = socket.peer;
        if (peer != null && peer.open && !cut.test(socket.owner, peer.owner)) {
            at(delay(), () -> closed(peer));
        }
    }

    private void closed(Socket socket) {
        if (socket.open) {
            socket.owner.whenAwake(() -> {
                boolean report = socket.open && socket.link != null;
                socket.open = false;
                if (report) {
                    socket.owner.sockets.remove(socket.link);
                    socket.owner.gossip.linkClosed(nowMs, socket.link);
                }
            });
        }
    }

    void transmit(Socket from, BusMessage message) {
        ByteBuffer bytes = BusEncoder.encode(message);
        history.update(bytes.duplicate());
        messages++;
        Socket to = from.peer;
        if (to == null || cut.test(from.owner, to.owner) || chance(lossRate)) {
            return;
        }
        int copies = chance(duplicationRate) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            // Per-connection order is kept, as TCP does.
            to.deliveredUntilMs = Math.max(to.deliveredUntilMs, nowMs + delay());
            at(to.deliveredUntilMs - nowMs, () -> deliver(to, bytes.duplicate()));
        }
    }

    private void deliver(Socket to, ByteBuffer bytes) {
        to.owner.whenAwake(() -> {
            if (to.open && to.link != null) {
                Decoded decoded = BusDecoder.decode(bytes);
                if (!(decoded instanceof Decoded.Message valid)) {
                    throw new AssertionError("own bytes refused: " + decoded);
                }
                to.owner.gossip.packetReceived(nowMs, to.link, valid.message());
            }
        });
    }

    private boolean chance(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private long delay() {
        return minDelayMs + random.nextInt(maxDelayMs - minDelayMs + 1);
    }
}
