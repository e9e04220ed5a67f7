package dev.slotmesh.gossip;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.PingExtension;
import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.List;

/** Another node as a test plays it: what its header says are its fields, and each verb is a packet of it. */
final class Peer {
    final NodeId id;
    final String ip;

    NodeId primary = NodeId.NONE;
    SlotSet slots;
    long currentEpoch;
    long configEpoch;
    long offset;
    int flags = NodeFlags.PRIMARY | NodeFlags.MYSELF;
    /** A stock node's; {@link #slotmesh()} sets the mark. */
    int messageFlags;

    String announcedIp = "";
    int port = 7000;
    int busPort = 17000;
    String hostname = "";
    /** What its heartbeats carry behind the host name. */
    final List<PingExtension> extensions = new ArrayList<>();

    private final Bench bench;
    private LinkId outbound;
    private LinkId inbound;

    Peer(Bench bench, int digit) {
        this.bench = bench;
        this.id = Bench.id(digit);
        this.ip = "10.0.0." + digit;
        this.configEpoch = digit;
        this.slots = Bench.slots(digit * 100, digit * 100 + 99);
    }

    /** The peer's own connection to the machine. */
    LinkId inbound() {
        if (inbound == null) {
            inbound = bench.gossip.linkAccepted(bench.nowMs, new LinkContext(Bench.MY_IP, ip));
        }
        return inbound;
    }

    /** The machine's connection to the peer, established. */
    LinkId outbound() {
        if (outbound == null) {
            outbound = bench.linkOpenedTo(ip);
            bench.gossip.linkOpened(bench.nowMs, outbound, new LinkContext(Bench.MY_IP, ip));
        }
        return outbound;
    }

    /** Connections the peer had are void; the next use makes or takes new ones. */
    Peer reconnecting() {
        outbound = null;
        inbound = null;
        return this;
    }

    /** From now on it speaks as a Slotmesh node with flat heartbeats. */
    Peer slotmesh() {
        messageFlags = MessageFlags.SLOTMESH | MessageFlags.PROBES;
        return this;
    }

    /** Both connections up, and the PING answered. */
    Peer acquainted() {
        pongs();
        pings();
        return this;
    }

    Peer pings(GossipEntry... gossip) {
        receive(inbound(), heartbeat(HeartbeatKind.PING, gossip));
        return this;
    }

    Peer pongs(GossipEntry... gossip) {
        receive(outbound(), heartbeat(HeartbeatKind.PONG, gossip));
        return this;
    }

    Peer meets(GossipEntry... gossip) {
        receive(inbound(), heartbeat(HeartbeatKind.MEET, gossip));
        return this;
    }

    Peer says(BusMessage message) {
        receive(inbound(), message);
        return this;
    }

    Header header() {
        return new Header(
                id,
                new Header.Claim(primary, slots),
                new Header.Progress(currentEpoch, configEpoch, offset),
                new Address(announcedIp, port, 0, busPort),
                new Header.Flags(flags, Header.Flags.STATE_OK, messageFlags));
    }

    BusMessage.Heartbeat heartbeat(HeartbeatKind kind, GossipEntry... gossip) {
        List<PingExtension> all = new ArrayList<>();
        if (!hostname.isEmpty()) {
            all.add(new PingExtension.Hostname(hostname));
        }
        all.addAll(extensions);
        return new BusMessage.Heartbeat(kind, header(), List.of(gossip), all);
    }

    /** What somebody gossips about this peer. */
    GossipEntry gossiped(int toldFlags) {
        return gossiped(toldFlags, 0);
    }

    GossipEntry gossiped(int toldFlags, long pongSeconds) {
        return new GossipEntry(id, 0, pongSeconds, new Address(ip, port, 0, busPort), toldFlags);
    }

    void receive(LinkId link, BusMessage message) {
        bench.gossip.packetReceived(bench.nowMs, link, message);
    }
}
