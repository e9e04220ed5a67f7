package dev.slotmesh.server.cluster;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.Payload;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.GossipSettings;
import dev.slotmesh.gossip.LinkContext;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.ProbeOutcome;
import dev.slotmesh.gossip.SlotKeys;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.transport.BusInputs;
import dev.slotmesh.server.transport.BusLinks;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Feeds the gossip machine: time, packets, connections and operators' requests. Confined to the bus thread, except the two
 * counters other threads may read.
 *
 * <p>A mistake of ours inside the machine costs the input it happened in and is logged; the node goes on, since its
 * peers would otherwise take it for dead because of one packet.
 */
final class BusDriver implements BusInputs {
    static final long TICK_MS = 100;

    /** A stalled thread finds several ticks due at once; the machine wants the passed time once. */
    private static final long SHORTEST_TICK_MS = TICK_MS / 2;

    private static final Consumer<ReplyEncoder> INTERNAL_ERROR =
            reply -> reply.error("ERR internal error, see the server's log");

    private final SteadyClock clock;
    private final NodeLog log;
    private final ReplicationRole role;
    private Gossip gossip;
    private BusEffects effects;
    private BusLinks links;
    private long lastTickMs;
    /** Received packets of this type are dropped, for tests; -1 for none. */
    private int droppedType = -1;

    private volatile int linkCount;
    private volatile long linkMemoryBytes;
    private volatile long refusedPackets;

    /** @param role how far this node's data set is */
    BusDriver(SteadyClock clock, NodeLog log, ReplicationRole role) {
        this.role = role;
        this.clock = clock;
        this.log = log;
    }

    /** Starts the machine; the first call of all. */
    void start(Gossip machine, BusEffects itsEffects, BusLinks itsLinks) {
        gossip = machine;
        effects = itsEffects;
        links = itsLinks;
        input(nowMs -> gossip.start(nowMs));
        turnEnded();
    }

    private void input(LongConsumer call) {
        if (effects.isHalted()) {
            return;
        }
        try {
            call.accept(clock.nowMs());
        } catch (RuntimeException | AssertionError cause) {
            log.warning("Internal error on the cluster bus", cause);
        }
    }

    void tick() {
        long nowMs = clock.nowMs();
        if (nowMs - lastTickMs >= SHORTEST_TICK_MS) {
            lastTickMs = nowMs;
            links.tellBacklogs();
            linkMemoryBytes = links.memoryBytes();
            tellReplication();
            input(gossip::tick);
            turnEnded();
        }
    }

    private void tellReplication() {
        input(nowMs -> gossip.replication(role.offset(), role.silenceMs()));
    }

    /** Writes stand still, as the machine asked for. */
    void writesStandStill() {
        tellReplication();
        input(gossip::writesStandStill);
        turnEnded();
    }

    /** All keys of the start are there. */
    void keysLoaded(SlotKeys keys) {
        input(nowMs -> gossip.keysLoaded(nowMs, keys));
        turnEnded();
    }

    void settings(GossipSettings settings, BusLinks.Timing timing) {
        links.timing(timing);
        input(nowMs -> gossip.settings(nowMs, settings));
        turnEnded();
    }

    /** Spreads a message published at this node. */
    void publish(boolean sharded, Payload channel, Payload message) {
        input(nowMs -> gossip.publish(nowMs, sharded, channel, message));
        turnEnded();
    }

    /** Puts a client's request to the machine; what it changed is saved when this returns. */
    Consumer<ReplyEncoder> ask(BusRequest request) {
        try {
            tellReplication();
            return request.run(gossip, clock.nowMs());
        } catch (RuntimeException | AssertionError cause) {
            log.warning("Internal error on the cluster bus", cause);
            return INTERNAL_ERROR;
        } finally {
            turnEnded();
        }
    }

    /** As {@link #ask} for the node itself; what the question throws is the caller's. */
    <T> T consult(BusQuestion<T> question) {
        try {
            tellReplication();
            return question.ask(gossip, clock.nowMs());
        } finally {
            turnEnded();
        }
    }

    @Override
    public LinkId accepted(LinkContext context) {
        return gossip.linkAccepted(clock.nowMs(), context);
    }

    @Override
    public void opened(LinkId link, LinkContext context) {
        input(nowMs -> gossip.linkOpened(nowMs, link, context));
    }

    @Override
    public void failed(LinkId link, ConnectFailure reason) {
        input(nowMs -> gossip.linkFailed(nowMs, link, reason));
    }

    @Override
    public void probed(NodeId node, ProbeOutcome outcome) {
        input(nowMs -> gossip.probed(nowMs, node, outcome));
    }

    @Override
    public void closed(LinkId link) {
        input(nowMs -> gossip.linkClosed(nowMs, link));
    }

    @Override
    public void backlog(LinkId link, long queuedBytes) {
        input(nowMs -> gossip.linkBacklog(nowMs, link, queuedBytes));
    }

    /** DEBUG DROP-CLUSTER-PACKET-FILTER: packets of that type count as received and do nothing; -1 ends it. */
    void dropPackets(int typeCode) {
        droppedType = typeCode;
    }

    @Override
    public void received(LinkId link, BusMessage message) {
        if (message.typeCode() == droppedType) {
            log.warning("Packet that matches debug drop filter " + droppedType);
            input(nowMs -> gossip.packetRefused(message.typeCode()));
            return;
        }
        tellReplication();
        input(nowMs -> gossip.packetReceived(nowMs, link, message));
    }

    @Override
    public void refused(LinkId link, int typeCode, String detail) {
        refusedPackets++;
        if (!detail.isEmpty()) {
            log.warning(detail);
        }
        input(nowMs -> gossip.packetRefused(typeCode));
    }

    @Override
    public void turnEnded() {
        effects.turnEnded();
        linkCount = gossip.linkCount();
    }

    /** Links of this moment, anonymous ones included. Any thread. */
    int linkCount() {
        return linkCount;
    }

    /** Memory of the links' buffers as of the last tick, bytes. Any thread. */
    long linkMemoryBytes() {
        return linkMemoryBytes;
    }

    /** Packets refused since the start. Any thread. */
    long refusedPackets() {
        return refusedPackets;
    }
}
