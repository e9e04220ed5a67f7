package dev.slotmesh.bus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What each captured packet in {@code packets/} says, written down when the packets were taken from redis-server 7.0.15 and
 * (v1 to v5) valkey-server 8.0.1, and built into messages here without the decoder.
 */
final class CapturedPackets {
    /** Node IDs by client port; the bus port of each node is its client port + 10000. */
    private static final Map<Integer, NodeId> ID = Map.ofEntries(
            Map.entry(7001, NodeId.parse("406c817a764ff1f48103d02d9609fef2449bc845")),
            Map.entry(7002, NodeId.parse("4da0091510db6ea1d53b53979fc40310c4c55a06")),
            Map.entry(7003, NodeId.parse("48749453ca49e5f4c63e10fbe2a67a5f1a002f96")),
            Map.entry(7004, NodeId.parse("40569df9c288bafa81fa18968dae94fa422dd5b3")),
            Map.entry(7005, NodeId.parse("14343193f654c06339dbe77d695ff6dfa1a13ae6")),
            Map.entry(7006, NodeId.parse("3bd9f10e9490a7fd6209e63c910865c8c2ece9bd")),
            Map.entry(7007, NodeId.parse("628d6595917ba706f8cfd7a00eeec5f83a0a5916")),
            Map.entry(7011, NodeId.parse("df34265055d2a866e0f19ca76dc1c3f64ffd206b")),
            Map.entry(7012, NodeId.parse("5013a601a03764f60cf06bc24ce084b21cbb1887")),
            Map.entry(7013, NodeId.parse("639481bd9da00fa57d8bce8c20073d756fcb323d")),
            Map.entry(7014, NodeId.parse("a4397f79f62c9213ecbf90b465e48c82b70ae9cb")));

    /**
     * Per packet: file, length and type with its body; then an indented line for the header and one for each gossip entry
     * (node, ping sent, pong received, flags) and each extension. Nodes are named by client port.
     */
    private static final String TABLE = """
            01-meet-empty 2256 meet
                from 7001 slots 0-5460 epochs 1 1 flags 0x0011 state 1
            02-pong-to-meet 2256 pong
                from 7002 slots 5461-10922 epochs 2 2 flags 0x0011 state 1
            03-ping-handshake 2256 ping
                from 7002 slots 5461-10922 epochs 2 2 flags 0x0011 state 1
            04-meet-gossip 2464 meet
                from 7001 slots 0-5460 epochs 5 1 flags 0x0011
                gossip 7004 0 1795383830 0x0001
                gossip 7005 0 1795383829 0x0001
            05-ping-primary-gossip3 2568 ping
                from 7001 slots 0-5460 epochs 6 1 flags 0x0111 offset 673
                gossip 7003 0 1795383837 0x0101
                gossip 7004 0 1795383838 0x0002
                gossip 7006 0 1795383838 0x0002
            06-pong-replica-gossip3 2568 pong
                from 7004 slots 0-5460 epochs 6 1 flags 0x0012 offset 673 follows 7001
                gossip 7003 0 1795383838 0x0101
                gossip 7001 0 1795383838 0x0101
                gossip 7002 0 1795383838 0x0101
            07-ping-pfail-gossip 2568 ping
                from 7001 slots 0-5460 epochs 7 7 flags 0x0012 offset 673 follows 7004
                gossip 7006 0 1795383867 0x0002
                gossip 7003 1795383868 1795383866 0x0101
                gossip 7004 1795383864 1795383863 0x0105
            08-ping-fail-gossip 2568 ping
                from 7001 slots 0-5460 epochs 7 7 flags 0x0012 offset 673 follows 7004 state 1
                gossip 7004 1795383864 1795383863 0x0109
                gossip 7002 0 1795383868 0x0101
                gossip 7005 0 1795383868 0x0002
            09-fail 2296 fail 7004
                from 7003 slots 10923-16383 epochs 7 3 flags 0x0111
            10-publish 2273 publish news hello
                from 7001 slots 0-5460 epochs 6 1 flags 0x0111 offset 673
            11-publishshard 2281 publishshard orders-3 shard-msg
                from 7001 slots 0-5460 epochs 6 1 flags 0x0111 offset 673
            12-module 2281 module 0 7 hello-module
                from 7001 slots 0-5460 epochs 6 1 flags 0x0111 offset 673
            13-mfstart 2256 mfstart
                from 7004 slots 0-5460 epochs 6 1 flags 0x0012 offset 673 follows 7001
            14-ping-mf-paused 2568 ping
                from 7001 slots 0-5460 epochs 6 1 flags 0x0111 offset 673 mflags 1
                gossip 7004 0 1795383856 0x0002
                gossip 7003 0 1795383855 0x0101
                gossip 7006 0 1795383856 0x0002
            15-auth-request-forceack 2256 auth-req
                from 7004 slots 0-5460 epochs 7 1 flags 0x0012 offset 673 follows 7001 mflags 2
            16-auth-ack 2256 auth-ack
                from 7002 slots 5461-10922 epochs 7 2 flags 0x0111
            17-auth-ack-paused 2256 auth-ack
                from 7001 slots 0-5460 epochs 7 1 flags 0x0111 offset 673 mflags 1
            18-pong-broadcast-new-primary 2568 pong
                from 7004 slots 0-5460 epochs 7 7 flags 0x0111 offset 673 mflags 1
                gossip 7002 0 1795383856 0x0101
                gossip 7003 0 1795383856 0x0101
                gossip 7001 0 1795383856 0x0001
            19-auth-request 2256 auth-req
                from 7001 slots 0-5460 epochs 8 7 flags 0x0012 offset 673 follows 7004 state 1
            20-auth-ack-auto 2256 auth-ack
                from 7003 slots 10923-16383 epochs 8 3 flags 0x0111 state 1
            21-ping-stale-primary 2568 ping
                from 7004 slots 0-5460 epochs 8 7 flags 0x0111 state 1
                gossip 7001 0 1795383873 0x0002
                gossip 7006 0 1795383873 0x0002
                gossip 7003 0 1795383873 0x0101
            22-update 4352 update 8 7001 0-5460
                from 7002 slots 5461-10922 epochs 8 2 flags 0x0111
            23-update-about-self 4352 update 8 7001 0-5460
                from 7001 slots 0-5460 epochs 8 8 flags 0x0111 offset 673
            24-ping-hostname-16 2584 ping
                from 7001 slots 0-5460 epochs 6 1 flags 0x0111 offset 673 mflags 4
                gossip 7003 1795383845 1795383844 0x0101
                gossip 7004 0 1795383844 0x0002
                gossip 7006 0 1795383845 0x0002
                hostname n1.test
            25-pong-hostname-32 2600 pong
                from 7002 slots 5461-10922 epochs 6 2 flags 0x0111 mflags 4
                gossip 7003 0 1795383845 0x0101
                gossip 7006 0 1795383845 0x0002
                gossip 7001 0 1795383845 0x0101
                hostname node-two.example
            26-meet-hostname 2280 meet
                from 7007 slots - epochs 0 0 flags 0x0011 state 1 mflags 4
                hostname node7.test
            27-ping-announce-ip 2568 ping
                from 7003 slots 10923-16383 epochs 6 3 flags 0x0111 ip 127.0.0.1
                gossip 7006 0 1795383850 0x0002
                gossip 7002 0 1795383850 0x0101
                gossip 7004 0 1795383850 0x0002
            28-ping-replica-nofailover 2568 ping
                from 7005 slots 5461-10922 epochs 6 2 flags 0x0212 follows 7002
                gossip 7004 0 1795383850 0x0002
                gossip 7006 1795383851 1795383850 0x0002
                gossip 7001 0 1795383850 0x0101
            v1-valkey-meet 2256 meet
                from 7011 slots - epochs 1 1 flags 0x0811 state 1 mflags 4
            v2-valkey-pong-4ext 2368 pong
                from 7012 slots - epochs 2 2 flags 0x0811 state 1 mflags 4
                hostname vk12.test
                nodename blue-12
                ipv4 10.1.2.3
                shard d31f36b9bf6aabf1be258045884b24fe5e38e68e
            v3-valkey-ping-to-redis 2464 ping
                from 7011 slots - epochs 4 1 flags 0x0811 state 1 mflags 4
                gossip 7012 0 1795383931 0x0c01
                gossip 7013 0 1795383931 0x0001
            v4-valkey-publish-light 33 light-publish news hello
            v5-valkey-pong-forgotten 2464 pong
                from 7011 slots - epochs 4 1 flags 0x0811 state 1 mflags 4
                gossip 7012 0 1795383937 0x0c01
                forgotten a4397f79f62c9213ecbf90b465e48c82b70ae9cb 60
                shard a19722078fcf792d15e436cdffde81f7f0371de4
            """;

    private CapturedPackets() {}

    /** One packet file with its length in bytes and its meaning. */
    record Captured(String name, int lengthBytes, BusMessage message) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All packets, in the order of their files. */
    static List<Captured> all() {
        List<Captured> packets = new ArrayList<>();
        for (String row : TABLE.split("\n(?! )")) {
            List<String> lines = row.lines().toList();
            String[] first = lines.get(0).split(" ");
            String[] body = Arrays.copyOfRange(first, 3, first.length);
            packets.add(new Captured(
                    first[0],
                    Integer.parseInt(first[1]),
                    message(first[2], body, lines.subList(1, lines.size()))));
        }
        return packets;
    }

    private static BusMessage message(String type, String[] body, List<String> lines) {
        if (type.equals("light-publish")) {
            return new BusMessage.LightPublish(
                    false, Payload.ofText(body[0]), Payload.ofText(body[1]));
        }
        Header header = header(lines.get(0).strip().split(" "));
        return switch (type) {
            case "fail" -> new BusMessage.Fail(header, node(body[0]));
            case "publish", "publishshard" ->
                new BusMessage.Publish(
                        header,
                        type.equals("publishshard"),
                        Payload.ofText(body[0]),
                        Payload.ofText(body[1]));
            case "auth-req" -> new BusMessage.AuthRequest(header);
            case "auth-ack" -> new BusMessage.AuthAck(header);
            case "update" ->
                new BusMessage.Update(
                        header, Long.parseLong(body[0]), node(body[1]), slots(body[2]));
            case "mfstart" -> new BusMessage.ManualFailoverStart(header);
            case "module" ->
                new BusMessage.Module(
                        header,
                        Long.parseLong(body[0]),
                        Integer.parseInt(body[1]),
                        Payload.ofText(body[2]));
            case "ping" -> heartbeat(BusMessage.HeartbeatKind.PING, header, lines);
            case "pong" -> heartbeat(BusMessage.HeartbeatKind.PONG, header, lines);
            case "meet" -> heartbeat(BusMessage.HeartbeatKind.MEET, header, lines);
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static BusMessage heartbeat(
            BusMessage.HeartbeatKind kind, Header header, List<String> lines) {
        List<GossipEntry> gossip = new ArrayList<>();
        List<PingExtension> extensions = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.strip().split(" ");
            if (words[0].equals("gossip")) {
                int port = Integer.parseInt(words[1]);
                Address address = new Address("127.0.0.1", port, 0, port + 10000);
                gossip.add(new GossipEntry(
                        node(words[1]),
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        address,
                        Integer.decode(words[4])));
            } else {
                extensions.add(extension(words));
            }
        }
        return new BusMessage.Heartbeat(kind, header, gossip, extensions);
    }

    private static PingExtension extension(String[] words) {
        return switch (words[0]) {
            case "hostname" -> new PingExtension.Hostname(words[1]);
            case "nodename" -> new PingExtension.HumanNodename(words[1]);
            case "ipv4" -> new PingExtension.ClientIpv4(words[1]);
            case "forgotten" ->
                new PingExtension.ForgottenNode(NodeId.parse(words[1]), Long.parseLong(words[2]));
            case "shard" -> new PingExtension.ShardId(NodeId.parse(words[1]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static Header header(String[] words) {
        HeaderBuilder header = new HeaderBuilder(node(words[1])).port(Integer.parseInt(words[1]));
        for (int i = 2; i < words.length; i += 2) {
            String value = words[i + 1];
            switch (words[i]) {
                case "slots" -> header.slots(slots(value));
                case "epochs" ->
                    header.epochs(Long.parseLong(value), Long.parseLong(words[++i + 1]));
                case "flags" -> header.flags(Integer.decode(value));
                case "offset" -> header.offset(Long.parseLong(value));
                case "follows" -> header.follows(node(value));
                case "ip" -> header.ip(value);
                case "state" -> header.state(Integer.parseInt(value));
                case "mflags" -> header.messageFlags(Integer.parseInt(value));
                default -> throw new IllegalArgumentException(words[i]);
            }
        }
        return header.build();
    }

    private static SlotSet slots(String text) {
        if (text.equals("-")) {
            return SlotSet.none();
        }
        String[] ends = text.split("-");
        return SlotSet.ofRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    }

    private static NodeId node(String clientPort) {
        return ID.get(Integer.parseInt(clientPort));
    }
}
