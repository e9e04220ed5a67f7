package dev.slotmesh.benchmarks;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.BusDecoder;
import dev.slotmesh.bus.BusEncoder;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Decoded;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Heartbeats of the cluster bus from and to bytes.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar BusPacket -prof gc</pre>
 */
public class BusPacketBenchmark extends HotPath {
    private static final int CLIENT_PORT = 7000;
    private static final int BUS_PORT = 17_000;
    private static final int LAST_SLOT = 5460;
    private static final long PONG_SECONDS = 1_795_383_830;

    /** Gossip entries: those of a cluster of six nodes and of one of a hundred. */
    @Param({"3", "10"})
    public int gossipEntries;

    private BusMessage message;
    private ByteBuffer packet;
    private ByteBuffer target;

    /** Builds the message and its bytes. */
    @Setup
    public void build() {
        Header header = new Header(
                nodeId(0),
                new Header.Claim(NodeId.NONE, SlotSet.ofRange(0, LAST_SLOT)),
                new Header.Progress(6, 1, 673),
                new Address("", CLIENT_PORT, 0, BUS_PORT),
                new Header.Flags(NodeFlags.PRIMARY | NodeFlags.MYSELF, Header.Flags.STATE_OK, 0));
        List<GossipEntry> gossip = IntStream.rangeClosed(1, gossipEntries)
                .mapToObj(i -> new GossipEntry(
                        nodeId(i),
                        0,
                        PONG_SECONDS,
                        new Address("127.0.0.1", CLIENT_PORT + i, 0, BUS_PORT + i),
                        NodeFlags.PRIMARY))
                .toList();
        message =
                new BusMessage.Heartbeat(BusMessage.HeartbeatKind.PING, header, gossip, List.of());
        packet = BusEncoder.encode(message);
        target = ByteBuffer.allocateDirect(packet.remaining());
        if (!BusDecoder.decode(packet).equals(new Decoded.Message(message))) {
            throw new IllegalStateException("the packet does not decode to its message");
        }
    }

    private static NodeId nodeId(int number) {
        return NodeId.parse(String.format("%040x", number + 1));
    }

    /** From bytes to the message. */
    @Benchmark
    public Decoded decode() {
        return BusDecoder.decode(packet);
    }

    /** From the message to bytes in a buffer that is used again; returns their number. */
    @Benchmark
    public int encode() {
        return BusEncoder.encode(message, target.clear());
    }
}
