package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.LinkContext;
import dev.slotmesh.gossip.LinkId;

import java.util.ArrayList;
import java.util.List;

/**
 * How a Redis 7.0 gets to know others, as far as the handshake goes (cluster bus facts, sections 3 to 7): an empty primary without
 * slots and epochs. It has the stock node's defects, which are what it is for: the MEET flag goes when the MEET is written, each
 * MEET packet makes a handshake of its own, and nobody looks after a membership that has remained one-sided.
 */
final class StockParticipant implements Participant {
    private static final int TICKS_PER_RANDOM_PING = 10;
    private static final int RANDOM_PING_SAMPLES = 5;

    private final Dealt random;
    private final long timeoutMs;
    private final Wires wires;
    private final NodeId id;

    /** Without itself, in order of arrival. */
    private final List<Peer> peers = new ArrayList<>();
    /** Accepted connections nobody has shown to be his. */
    private final List<Wire> anonymous = new ArrayList<>();

    private String ip = "";
    private long lastLink;
    private long ticks;

    StockParticipant(int number, long timeoutMs, Wires wires) {
        this.random = new Dealt(number);
        this.timeoutMs = timeoutMs;
        this.wires = wires;
        this.id = newId();
    }

    /** An entry of the table. */
    private static final class Peer {
        NodeId id;
        int flags;
        String ip;
        final long createdMs;
        long pingSentMs;
        long pongReceivedMs;
        long dataReceivedMs;
        Wire outbound;
        Wire inbound;

        Peer(NodeId id, int flags, String ip, long createdMs) {
            this.id = id;
            this.flags = flags;
            this.ip = ip;
            this.createdMs = createdMs;
        }

        boolean inHandshake() {
            return NodeFlags.has(flags, NodeFlags.HANDSHAKE);
        }
    }

    /** A connection; {@code context} is null until it is established. */
    private static final class Wire {
        final LinkId number;
        final boolean outbound;
        final long createdMs;
        LinkContext context;
        Peer peer;

        Wire(long number, boolean outbound, long createdMs, Peer peer) {
            this.number = new LinkId(number);
            this.outbound = outbound;
            this.createdMs = createdMs;
            this.peer = peer;
        }
    }

    private NodeId newId() {
        StringBuilder text = new StringBuilder();
        while (text.length() < NodeId.LENGTH_BYTES) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return NodeId.parse(text);
    }

    /** What the file holds is every entry but handshakes: it is written whenever one of them comes or changes. */
    @Override
    public void start(long nowMs) {
        List<Peer> stored = new ArrayList<>(peers);
        peers.clear();
        anonymous.clear();
        lastLink = 0;
        ticks = 0;
        for (Peer peer : stored) {
            if (!peer.inHandshake()) {
                Peer loaded = new Peer(peer.id, peer.flags & ~NodeFlags.PFAIL, peer.ip, nowMs);
                loaded.pingSentMs = peer.pingSentMs == 0 ? 0 : nowMs;
                loaded.pongReceivedMs = peer.pongReceivedMs == 0 ? 0 : nowMs;
                peers.add(loaded);
            }
        }
    }

    @Override
    public void tick(long nowMs) {
        for (Peer peer : List.copyOf(peers)) {
            if (peer.inHandshake() && nowMs - peer.createdMs > Math.max(timeoutMs, 1_000)) {
                remove(peer);
            } else if (peer.outbound == null && !NodeFlags.has(peer.flags, NodeFlags.NOADDR)) {
                peer.outbound = new Wire(++lastLink, true, nowMs, peer);
                wires.open(lastLink, new BusAddress(peer.ip, World.BUS_PORT));
            }
        }
        if (ticks++ % TICKS_PER_RANDOM_PING == 0) {
            pingRandomPeer(nowMs);
        }
        for (Peer peer : peers) {
            if (!NodeFlags.hasAny(peer.flags, NodeFlags.HANDSHAKE | NodeFlags.NOADDR)) {
                watch(nowMs, peer);
            }
        }
    }

    private void pingRandomPeer(long nowMs) {
        Peer oldest = null;
        for (int i = 0; i < RANDOM_PING_SAMPLES; i++) {
            int drawn = random.nextInt(peers.size() + 1);
            Peer peer = drawn == 0 ? null : peers.get(drawn - 1);
            boolean candidate =
                    peer != null && connected(peer) && peer.pingSentMs == 0 && !peer.inHandshake();
            if (candidate && (oldest == null || peer.pongReceivedMs < oldest.pongReceivedMs)) {
                oldest = peer;
            }
        }
        if (oldest != null) {
            ping(nowMs, oldest);
        }
    }

    private void watch(long nowMs, Peer peer) {
        boolean pending = peer.pingSentMs != 0;
        if (peer.outbound != null
                && pending
                && nowMs - peer.outbound.createdMs > timeoutMs
                && nowMs - peer.pingSentMs > timeoutMs / 2
                && nowMs - peer.dataReceivedMs > timeoutMs / 2) {
            drop(peer.outbound);
        }
        if (peer.outbound != null && !pending && nowMs - peer.pongReceivedMs > timeoutMs / 2) {
            if (connected(peer)) {
                ping(nowMs, peer);
            } else {
                peer.pingSentMs = nowMs;
            }
        } else if (pending
                && Math.min(nowMs - peer.pingSentMs, nowMs - peer.dataReceivedMs) > timeoutMs) {
            peer.flags |= NodeFlags.PFAIL;
        }
    }

    @Override
    public long accepted(long nowMs, LinkContext context) {
        Wire wire = new Wire(++lastLink, false, nowMs, null);
        wire.context = context;
        anonymous.add(wire);
        return lastLink;
    }

    @Override
    public void opened(long nowMs, long link, LinkContext context) {
        Wire wire = find(link);
        wire.context = context;
        Peer peer = wire.peer;
        long pendingSinceMs = peer.pingSentMs;
        if (NodeFlags.has(peer.flags, NodeFlags.MEET)) {
            // The defect: from here on nobody remembers that this node was to be met.
            peer.flags &= ~NodeFlags.MEET;
            send(HeartbeatKind.MEET, wire);
        } else {
            ping(nowMs, peer);
        }
        peer.pingSentMs = pendingSinceMs == 0 ? peer.pingSentMs : pendingSinceMs;
    }

    @Override
    public void failed(long nowMs, long link) {
        forget(find(link));
    }

    @Override
    public void closed(long nowMs, long link) {
        forget(find(link));
    }

    @Override
    public void received(long nowMs, long link, BusMessage message) {
        if (!(message instanceof BusMessage.Heartbeat heartbeat)) {
            return;
        }
        Wire wire = find(link);
        Header header = heartbeat.header();
        Peer sender = identify(wire, header.sender());
        if (sender != null) {
            sender.dataReceivedMs = nowMs;
        }
        if (heartbeat.kind() != HeartbeatKind.PONG) {
            asked(nowMs, wire, sender, heartbeat);
        }
        if (wire.outbound && wire.peer.inHandshake()) {
            boolean known = sender != null || header.sender().equals(id);
            if (known) {
                remove(wire.peer);
                return;
            }
            wire.peer.id = header.sender();
            wire.peer.flags &= ~(NodeFlags.HANDSHAKE | NodeFlags.MEET);
            wire.peer.flags |= header.nodeFlags() & (NodeFlags.PRIMARY | NodeFlags.REPLICA);
        } else if (wire.outbound && !wire.peer.id.equals(header.sender())) {
            wire.peer.flags |= NodeFlags.NOADDR;
            drop(wire.peer.outbound);
            return;
        }
        if (heartbeat.kind() == HeartbeatKind.PONG && wire.outbound) {
            wire.peer.pongReceivedMs = nowMs;
            wire.peer.pingSentMs = 0;
            wire.peer.flags &= ~NodeFlags.PFAIL;
        }
        if (sender != null) {
            hear(nowMs, heartbeat.gossip());
        }
    }

    /** A PING or MEET: it teaches this node its own address, may come from somebody to get to know, and is answered at once. */
    private void asked(long nowMs, Wire wire, Peer sender, BusMessage.Heartbeat heartbeat) {
        boolean meet = heartbeat.kind() == HeartbeatKind.MEET;
        if (meet || ip.isEmpty()) {
            ip = wire.context.localIp();
        }
        if (meet && sender == null && !heartbeat.header().sender().equals(id)) {
            peers.add(new Peer(newId(), NodeFlags.HANDSHAKE, wire.context.peerIp(), nowMs));
        }
        send(HeartbeatKind.PONG, wire);
    }

    private Peer identify(Wire wire, NodeId from) {
        if (wire.peer != null && !wire.peer.inHandshake()) {
            return wire.peer;
        }
        for (Peer peer : peers) {
            if (!peer.inHandshake() && peer.id.equals(from)) {
                if (!wire.outbound) {
                    bind(wire, peer);
                }
                return peer;
            }
        }
        return null;
    }

    private void bind(Wire wire, Peer peer) {
        if (peer.inbound != null) {
            drop(peer.inbound);
        }
        anonymous.remove(wire);
        wire.peer = peer;
        peer.inbound = wire;
    }

    private void hear(long nowMs, List<GossipEntry> gossip) {
        for (GossipEntry entry : gossip) {
            boolean known = entry.id().equals(id);
            for (Peer peer : peers) {
                known |= peer.id.equals(entry.id());
            }
            if (!known) {
                peers.add(new Peer(entry.id(), entry.flags(), entry.address().ip(), nowMs));
            }
        }
    }

    private void ping(long nowMs, Peer peer) {
        peer.pingSentMs = nowMs;
        send(HeartbeatKind.PING, peer.outbound);
    }

    private void send(HeartbeatKind kind, Wire wire) {
        List<GossipEntry> gossip = new ArrayList<>();
        for (Peer peer : peers) {
            if (peer != wire.peer && !peer.inHandshake() && peer.outbound != null) {
                Address address = new Address(peer.ip, World.PORT, 0, World.BUS_PORT);
                gossip.add(new GossipEntry(
                        peer.id,
                        peer.pingSentMs / 1000,
                        peer.pongReceivedMs / 1000,
                        address,
                        peer.flags));
            }
        }
        Header header = new Header(
                id,
                new Header.Claim(NodeId.NONE, SlotSet.none()),
                new Header.Progress(0, 0, 0),
                new Address("", World.PORT, 0, World.BUS_PORT),
                new Header.Flags(NodeFlags.PRIMARY | NodeFlags.MYSELF, Header.Flags.STATE_FAIL, 0));
        wires.send(wire.number.number(), new BusMessage.Heartbeat(kind, header, gossip, List.of()));
    }

    private static boolean connected(Peer peer) {
        return peer.outbound != null && peer.outbound.context != null;
    }

    private void remove(Peer peer) {
        peers.remove(peer);
        drop(peer.outbound);
        drop(peer.inbound);
    }

    private void drop(Wire wire) {
        if (wire != null) {
            wires.close(wire.number.number());
            forget(wire);
        }
    }

    private void forget(Wire wire) {
        anonymous.remove(wire);
        if (wire.peer != null) {
            wire.peer.outbound = wire.outbound ? null : wire.peer.outbound;
            wire.peer.inbound = wire.outbound ? wire.peer.inbound : null;
        }
    }

    private Wire find(long link) {
        for (Wire wire : anonymous) {
            if (wire.number.number() == link) {
                return wire;
            }
        }
        for (Peer peer : peers) {
            for (Wire wire : new Wire[] {peer.outbound, peer.inbound}) {
                if (wire != null && wire.number.number() == link) {
                    return wire;
                }
            }
        }
        throw new AssertionError("no link " + link);
    }

    @Override
    public void meet(long nowMs, String address) {
        for (Peer peer : peers) {
            if (peer.inHandshake() && peer.ip.equals(address)) {
                return;
            }
        }
        peers.add(new Peer(newId(), NodeFlags.HANDSHAKE | NodeFlags.MEET, address, nowMs));
    }

    @Override
    public NodeId id() {
        return id;
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(id, ip, NodeFlags.MYSELF | NodeFlags.PRIMARY));
        for (Peer peer : peers) {
            entries.add(new Entry(peer.id, peer.ip, peer.flags));
        }
        return entries;
    }

    @Override
    public int linkCount() {
        int count = anonymous.size();
        for (Peer peer : peers) {
            count += (peer.outbound == null ? 0 : 1) + (peer.inbound == null ? 0 : 1);
        }
        return count;
    }

    @Override
    public List<Told> told() {
        return List.of();
    }

    @Override
    public boolean keepsItsWord() {
        return false;
    }
}
