package dev.slotmesh.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What each captured packet in {@code packets/} says: built from literal values written down when the packets were taken
 * from redis-server 7.0.15 and (v1 to v5) valkey-server 8.0.1, not from this codec.
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

    private CapturedPackets() {}

    /** One packet file with its length in bytes and its meaning. */
    record Captured(String name, int lengthBytes, BusMessage message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Captured> all() {
        List<Captured> all = new ArrayList<>(meetToPause());
        all.addAll(votesToFlags());
        all.addAll(valkey());
        return all;
    }

    private static List<Captured> meetToPause() {
        return List.of(
                captured(
                        "01-meet-empty",
                        2256,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.MEET,
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(1, 1)
                                        .flags(0x0011)
                                        .failing()
                                        .build(),
                                List.of(),
                                List.of())),
                captured(
                        "02-pong-to-meet",
                        2256,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PONG,
                                from(7002)
                                        .slots(5461, 10922)
                                        .epochs(2, 2)
                                        .flags(0x0011)
                                        .failing()
                                        .build(),
                                List.of(),
                                List.of())),
                captured(
                        "03-ping-handshake",
                        2256,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7002)
                                        .slots(5461, 10922)
                                        .epochs(2, 2)
                                        .flags(0x0011)
                                        .failing()
                                        .build(),
                                List.of(),
                                List.of())),
                captured(
                        "04-meet-gossip",
                        2464,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.MEET,
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(5, 1)
                                        .flags(0x0011)
                                        .build(),
                                List.of(
                                        entry(7004, 0, 1795383830, 0x0001),
                                        entry(7005, 0, 1795383829, 0x0001)),
                                List.of())),
                captured(
                        "05-ping-primary-gossip3",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(6, 1)
                                        .offset(673)
                                        .flags(0x0111)
                                        .build(),
                                List.of(
                                        entry(7003, 0, 1795383837, 0x0101),
                                        entry(7004, 0, 1795383838, 0x0002),
                                        entry(7006, 0, 1795383838, 0x0002)),
                                List.of())),
                captured(
                        "06-pong-replica-gossip3",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PONG,
                                from(7004)
                                        .slots(0, 5460)
                                        .follows(ID.get(7001))
                                        .epochs(6, 1)
                                        .offset(673)
                                        .flags(0x0012)
                                        .build(),
                                List.of(
                                        entry(7003, 0, 1795383838, 0x0101),
                                        entry(7001, 0, 1795383838, 0x0101),
                                        entry(7002, 0, 1795383838, 0x0101)),
                                List.of())),
                captured(
                        "07-ping-pfail-gossip",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7001)
                                        .slots(0, 5460)
                                        .follows(ID.get(7004))
                                        .epochs(7, 7)
                                        .offset(673)
                                        .flags(0x0012)
                                        .build(),
                                List.of(
                                        entry(7006, 0, 1795383867, 0x0002),
                                        entry(7003, 1795383868, 1795383866, 0x0101),
                                        entry(7004, 1795383864, 1795383863, 0x0105)),
                                List.of())),
                captured(
                        "08-ping-fail-gossip",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7001)
                                        .slots(0, 5460)
                                        .follows(ID.get(7004))
                                        .epochs(7, 7)
                                        .offset(673)
                                        .flags(0x0012)
                                        .failing()
                                        .build(),
                                List.of(
                                        entry(7004, 1795383864, 1795383863, 0x0109),
                                        entry(7002, 0, 1795383868, 0x0101),
                                        entry(7005, 0, 1795383868, 0x0002)),
                                List.of())),
                captured(
                        "09-fail",
                        2296,
                        new BusMessage.Fail(
                                from(7003)
                                        .slots(10923, 16383)
                                        .epochs(7, 3)
                                        .flags(0x0111)
                                        .build(),
                                ID.get(7004))),
                captured(
                        "10-publish",
                        2273,
                        new BusMessage.Publish(
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(6, 1)
                                        .offset(673)
                                        .flags(0x0111)
                                        .build(),
                                false,
                                Payload.ofText("news"),
                                Payload.ofText("hello"))),
                captured(
                        "11-publishshard",
                        2281,
                        new BusMessage.Publish(
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(6, 1)
                                        .offset(673)
                                        .flags(0x0111)
                                        .build(),
                                true,
                                Payload.ofText("orders-3"),
                                Payload.ofText("shard-msg"))),
                captured(
                        "12-module",
                        2281,
                        new BusMessage.Module(
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(6, 1)
                                        .offset(673)
                                        .flags(0x0111)
                                        .build(),
                                0,
                                7,
                                Payload.ofText("hello-module"))),
                captured(
                        "13-mfstart",
                        2256,
                        new BusMessage.ManualFailoverStart(from(7004)
                                .slots(0, 5460)
                                .follows(ID.get(7001))
                                .epochs(6, 1)
                                .offset(673)
                                .flags(0x0012)
                                .build())),
                captured(
                        "14-ping-mf-paused",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(6, 1)
                                        .offset(673)
                                        .flags(0x0111)
                                        .messageFlags(1)
                                        .build(),
                                List.of(
                                        entry(7004, 0, 1795383856, 0x0002),
                                        entry(7003, 0, 1795383855, 0x0101),
                                        entry(7006, 0, 1795383856, 0x0002)),
                                List.of())));
    }

    private static List<Captured> votesToFlags() {
        return List.of(
                captured(
                        "15-auth-request-forceack",
                        2256,
                        new BusMessage.AuthRequest(from(7004)
                                .slots(0, 5460)
                                .follows(ID.get(7001))
                                .epochs(7, 1)
                                .offset(673)
                                .flags(0x0012)
                                .messageFlags(2)
                                .build())),
                captured(
                        "16-auth-ack",
                        2256,
                        new BusMessage.AuthAck(from(7002)
                                .slots(5461, 10922)
                                .epochs(7, 2)
                                .flags(0x0111)
                                .build())),
                captured(
                        "17-auth-ack-paused",
                        2256,
                        new BusMessage.AuthAck(from(7001)
                                .slots(0, 5460)
                                .epochs(7, 1)
                                .offset(673)
                                .flags(0x0111)
                                .messageFlags(1)
                                .build())),
                captured(
                        "18-pong-broadcast-new-primary",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PONG,
                                from(7004)
                                        .slots(0, 5460)
                                        .epochs(7, 7)
                                        .offset(673)
                                        .flags(0x0111)
                                        .messageFlags(1)
                                        .build(),
                                List.of(
                                        entry(7002, 0, 1795383856, 0x0101),
                                        entry(7003, 0, 1795383856, 0x0101),
                                        entry(7001, 0, 1795383856, 0x0001)),
                                List.of())),
                captured(
                        "19-auth-request",
                        2256,
                        new BusMessage.AuthRequest(from(7001)
                                .slots(0, 5460)
                                .follows(ID.get(7004))
                                .epochs(8, 7)
                                .offset(673)
                                .flags(0x0012)
                                .failing()
                                .build())),
                captured(
                        "20-auth-ack-auto",
                        2256,
                        new BusMessage.AuthAck(from(7003)
                                .slots(10923, 16383)
                                .epochs(8, 3)
                                .flags(0x0111)
                                .failing()
                                .build())),
                captured(
                        "21-ping-stale-primary",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7004)
                                        .slots(0, 5460)
                                        .epochs(8, 7)
                                        .flags(0x0111)
                                        .failing()
                                        .build(),
                                List.of(
                                        entry(7001, 0, 1795383873, 0x0002),
                                        entry(7006, 0, 1795383873, 0x0002),
                                        entry(7003, 0, 1795383873, 0x0101)),
                                List.of())),
                captured(
                        "22-update",
                        4352,
                        new BusMessage.Update(
                                from(7002)
                                        .slots(5461, 10922)
                                        .epochs(8, 2)
                                        .flags(0x0111)
                                        .build(),
                                8,
                                ID.get(7001),
                                SlotSet.ofRange(0, 5460))),
                captured(
                        "23-update-about-self",
                        4352,
                        new BusMessage.Update(
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(8, 8)
                                        .offset(673)
                                        .flags(0x0111)
                                        .build(),
                                8,
                                ID.get(7001),
                                SlotSet.ofRange(0, 5460))),
                captured(
                        "24-ping-hostname-16",
                        2584,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7001)
                                        .slots(0, 5460)
                                        .epochs(6, 1)
                                        .offset(673)
                                        .flags(0x0111)
                                        .messageFlags(4)
                                        .build(),
                                List.of(
                                        entry(7003, 1795383845, 1795383844, 0x0101),
                                        entry(7004, 0, 1795383844, 0x0002),
                                        entry(7006, 0, 1795383845, 0x0002)),
                                List.of(new PingExtension.Hostname("n1.test")))),
                captured(
                        "25-pong-hostname-32",
                        2600,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PONG,
                                from(7002)
                                        .slots(5461, 10922)
                                        .epochs(6, 2)
                                        .flags(0x0111)
                                        .messageFlags(4)
                                        .build(),
                                List.of(
                                        entry(7003, 0, 1795383845, 0x0101),
                                        entry(7006, 0, 1795383845, 0x0002),
                                        entry(7001, 0, 1795383845, 0x0101)),
                                List.of(new PingExtension.Hostname("node-two.example")))),
                captured(
                        "26-meet-hostname",
                        2280,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.MEET,
                                from(7007)
                                        .epochs(0, 0)
                                        .flags(0x0011)
                                        .failing()
                                        .messageFlags(4)
                                        .build(),
                                List.of(),
                                List.of(new PingExtension.Hostname("node7.test")))),
                captured(
                        "27-ping-announce-ip",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7003)
                                        .slots(10923, 16383)
                                        .ip("127.0.0.1")
                                        .epochs(6, 3)
                                        .flags(0x0111)
                                        .build(),
                                List.of(
                                        entry(7006, 0, 1795383850, 0x0002),
                                        entry(7002, 0, 1795383850, 0x0101),
                                        entry(7004, 0, 1795383850, 0x0002)),
                                List.of())),
                captured(
                        "28-ping-replica-nofailover",
                        2568,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7005)
                                        .slots(5461, 10922)
                                        .follows(ID.get(7002))
                                        .epochs(6, 2)
                                        .flags(0x0212)
                                        .build(),
                                List.of(
                                        entry(7004, 0, 1795383850, 0x0002),
                                        entry(7006, 1795383851, 1795383850, 0x0002),
                                        entry(7001, 0, 1795383850, 0x0101)),
                                List.of())));
    }

    private static List<Captured> valkey() {
        return List.of(
                captured(
                        "v1-valkey-meet",
                        2256,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.MEET,
                                from(7011)
                                        .epochs(1, 1)
                                        .flags(0x0811)
                                        .failing()
                                        .messageFlags(4)
                                        .build(),
                                List.of(),
                                List.of())),
                captured(
                        "v2-valkey-pong-4ext",
                        2368,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PONG,
                                from(7012)
                                        .epochs(2, 2)
                                        .flags(0x0811)
                                        .failing()
                                        .messageFlags(4)
                                        .build(),
                                List.of(),
                                List.of(
                                        new PingExtension.Hostname("vk12.test"),
                                        new PingExtension.HumanNodename("blue-12"),
                                        new PingExtension.ClientIpv4("10.1.2.3"),
                                        new PingExtension.ShardId(NodeId.parse(
                                                "d31f36b9bf6aabf1be258045884b24fe5e38e68e"))))),
                captured(
                        "v3-valkey-ping-to-redis",
                        2464,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PING,
                                from(7011)
                                        .epochs(4, 1)
                                        .flags(0x0811)
                                        .failing()
                                        .messageFlags(4)
                                        .build(),
                                List.of(
                                        entry(7012, 0, 1795383931, 0x0c01),
                                        entry(7013, 0, 1795383931, 0x0001)),
                                List.of())),
                captured(
                        "v4-valkey-publish-light",
                        33,
                        new BusMessage.LightPublish(
                                false, Payload.ofText("news"), Payload.ofText("hello"))),
                captured(
                        "v5-valkey-pong-forgotten",
                        2464,
                        new BusMessage.Heartbeat(
                                BusMessage.HeartbeatKind.PONG,
                                from(7011)
                                        .epochs(4, 1)
                                        .flags(0x0811)
                                        .failing()
                                        .messageFlags(4)
                                        .build(),
                                List.of(entry(7012, 0, 1795383937, 0x0c01)),
                                List.of(
                                        new PingExtension.ForgottenNode(
                                                NodeId.parse(
                                                        "a4397f79f62c9213ecbf90b465e48c82b70ae9cb"),
                                                60),
                                        new PingExtension.ShardId(NodeId.parse(
                                                "a19722078fcf792d15e436cdffde81f7f0371de4"))))));
    }

    private static Captured captured(String name, int lengthBytes, BusMessage message) {
        return new Captured(name, lengthBytes, message);
    }

    private static HeaderBuilder from(int port) {
        return new HeaderBuilder(ID.get(port)).port(port);
    }

    private static GossipEntry entry(int port, long pingSent, long pongReceived, int flags) {
        Address address = new Address("127.0.0.1", port, 0, port + 10000);
        return new GossipEntry(ID.get(port), pingSent, pongReceived, address, flags);
    }
}
