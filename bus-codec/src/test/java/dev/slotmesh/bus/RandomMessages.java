package dev.slotmesh.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Arbitrary valid messages, the same ones for the same generator state. */
final class RandomMessages {
    private static final String NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private RandomMessages() {}

    static NodeId nodeId(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < NodeId.LENGTH_BYTES; i++) {
            text.append(NAME_CHARACTERS.charAt(random.nextInt(NAME_CHARACTERS.length())));
        }
        return NodeId.parse(text);
    }

    static BusMessage message(SplittableRandom random) {
        Header header = header(random);
        return switch (random.nextInt(12)) {
            case 0 -> new BusMessage.Fail(header, nodeId(random));
            case 1 ->
                new BusMessage.Publish(
                        header, random.nextInt(2) == 0, payload(random), payload(random));
            case 2 -> new BusMessage.AuthRequest(header);
            case 3 -> new BusMessage.AuthAck(header);
            case 4 ->
                new BusMessage.Update(header, random.nextLong(), nodeId(random), slots(random));
            case 5 -> new BusMessage.ManualFailoverStart(header);
            case 6 ->
                new BusMessage.Module(
                        header, random.nextLong(), random.nextInt(256), payload(random));
            case 7 ->
                new BusMessage.Unknown(
                        header,
                        random.nextInt(MessageType.COUNT, MessageType.LIGHT_BIT),
                        payload(random));
            case 8 ->
                new BusMessage.LightPublish(
                        random.nextInt(2) == 0, payload(random), payload(random));
            default -> heartbeat(random, header);
        };
    }

    private static BusMessage heartbeat(SplittableRandom random, Header header) {
        List<GossipEntry> gossip = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            gossip.add(new GossipEntry(
                    nodeId(random),
                    u32(random),
                    u32(random),
                    address(random),
                    random.nextInt(0x10000)));
        }
        List<PingExtension> extensions = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            extensions.add(extension(random));
        }
        BusMessage.HeartbeatKind[] kinds = BusMessage.HeartbeatKind.values();
        return new BusMessage.Heartbeat(
                kinds[random.nextInt(kinds.length)], header, gossip, extensions);
    }

    private static PingExtension extension(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> new PingExtension.Hostname(text(random, 300));
            case 1 -> new PingExtension.HumanNodename(text(random, 300));
            case 2 -> new PingExtension.ForgottenNode(nodeId(random), random.nextLong());
            case 3 -> new PingExtension.ShardId(nodeId(random));
            case 4 -> new PingExtension.ClientIpv4(text(random, 15));
            case 5 -> new PingExtension.ClientIpv6(text(random, 45));
            case 6 -> new PingExtension.ApartSlots(nodeId(random), nodeId(random), slots(random));
            default -> {
                byte[] contents = new byte[random.nextInt(5) * 8];
                random.nextBytes(contents);
                yield new PingExtension.Unknown(
                        random.nextInt(6, 0x5000), Payload.copyOf(contents));
            }
        };
    }

    private static Header header(SplittableRandom random) {
        return new Header(
                nodeId(random),
                new Header.Claim(
                        random.nextInt(2) == 0 ? NodeId.NONE : nodeId(random), slots(random)),
                new Header.Progress(random.nextLong(), random.nextLong(), random.nextLong()),
                address(random),
                new Header.Flags(
                        random.nextInt(0x10000), random.nextInt(2), random.nextInt(0x1000000)));
    }

    private static Address address(SplittableRandom random) {
        return new Address(
                text(random, Address.MAX_IP_LENGTH),
                random.nextInt(0x10000),
                random.nextInt(0x10000),
                random.nextInt(0x10000));
    }

    private static SlotSet slots(SplittableRandom random) {
        SlotSet set = new SlotSet();
        for (int i = random.nextInt(50); i > 0; i--) {
            int first = random.nextInt(SlotSet.SLOT_COUNT);
            set.setRange(first, Math.min(first + random.nextInt(200), SlotSet.SLOT_COUNT - 1));
        }
        return set;
    }

    private static Payload payload(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        return Payload.copyOf(bytes);
    }

    /** Up to {@code maxLength} characters out of 1..255. */
    private static String text(SplittableRandom random, int maxLength) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxLength + 1); i > 0; i--) {
            text.append((char) random.nextInt(1, 256));
        }
        return text.toString();
    }

    private static long u32(SplittableRandom random) {
        return random.nextLong(1L << 32);
    }
}
