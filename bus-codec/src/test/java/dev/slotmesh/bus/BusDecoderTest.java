package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder refuses, in which order and in which words, and what it tolerates. */
class BusDecoderTest {
    private static final int TOTLEN = 4;
    private static final int VER = 8;
    private static final int TYPE = 12;
    private static final int COUNT = 14;
    private static final int EXTENSIONS = 2214;
    private static final int MFLAGS = 2253;

    static List<CapturedPackets.Captured> packets() {
        return CapturedPackets.all();
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldRefuseEveryPrefixOfAPacket(CapturedPackets.Captured captured) {
        ByteBuffer packet = PacketFile.read(captured.name());
        for (int length = 0; length < packet.capacity(); length++) {
            Decoded.Refused refused = refused(packet.slice(0, length));

            assertThat(refused.reason()).as("length %d", length).isEqualTo(Refusal.NOT_ONE_FRAME);
            assertThat(refused.typeCode())
                    .isEqualTo(length < 16 ? -1 : captured.message().typeCode());
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldRefuseEveryPrefixThatAnnouncesItsOwnLength(CapturedPackets.Captured captured) {
        int shortest = captured.message() instanceof BusMessage.LightPublish ? 16 : 2256;
        ByteBuffer whole = PacketFile.read(captured.name());
        for (int length = 16; length < captured.lengthBytes(); length++) {
            ByteBuffer packet = whole.putInt(TOTLEN, length).slice(0, length);

            Refusal reason = refused(packet).reason();

            if (length < shortest) {
                assertThat(reason)
                        .as("length %d", length)
                        .isEqualTo(Refusal.BAD_SIGNATURE_OR_LENGTH);
            } else {
                assertThat(reason)
                        .as("length %d", length)
                        .isIn(
                                Refusal.LENGTH_MISMATCH,
                                Refusal.GOSSIP_OVERRUN,
                                Refusal.EXTENSION_OVERRUN);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldRefuseTrailingBytes(CapturedPackets.Captured captured) {
        int length = captured.lengthBytes() + 8;
        ByteBuffer packet = ByteBuffer.allocate(length);
        packet.put(PacketFile.read(captured.name())).putInt(TOTLEN, length).clear();

        String name = MessageType.statsNameOf(captured.message().typeCode());
        assertThat(refused(packet))
                .isEqualTo(new Decoded.Refused(
                        Refusal.LENGTH_MISMATCH,
                        captured.message().typeCode(),
                        "Received invalid " + name + " packet of length " + length
                                + " but expected length " + captured.lengthBytes()));
    }

    @Test
    void shouldRefuseMoreThanOneFrame() {
        ByteBuffer packet = ByteBuffer.allocate(2257);
        packet.put(PacketFile.read("13-mfstart")).clear();

        assertThat(refused(packet))
                .isEqualTo(new Decoded.Refused(
                        Refusal.NOT_ONE_FRAME,
                        8,
                        "Received 2257 bytes of a packet of length 2256"));
    }

    @Test
    void shouldCheckSignatureThenVersionThenExtensionsThenLength() {
        ByteBuffer packet = extended(16, 6, 12);
        packet.put(0, (byte) 'X').putShort(VER, (short) 2);

        Refusal first = refused(packet).reason();
        packet.put(0, (byte) 'R');
        Refusal second = refused(packet).reason();
        packet.putShort(VER, (short) 1);
        Refusal third = refused(packet).reason();
        packet.putInt(2256, 8);
        Refusal fourth = refused(packet).reason();

        assertThat(List.of(first, second, third, fourth))
                .containsExactly(
                        Refusal.BAD_SIGNATURE_OR_LENGTH,
                        Refusal.UNSUPPORTED_VERSION,
                        Refusal.EXTENSION_PADDING,
                        Refusal.LENGTH_MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 256, 65535})
    void shouldDropOtherVersionsInSilenceButNameTheType(int version) {
        ByteBuffer packet = PacketFile.read("09-fail").putShort(VER, (short) version);

        Decoded.Refused refused = refused(packet);

        assertThat(refused).isEqualTo(new Decoded.Refused(Refusal.UNSUPPORTED_VERSION, 3, ""));
        assertThat(refused.reason().isSilent()).isTrue();
        assertThat(refused.reason().closesLink()).isFalse();
    }

    @Test
    void shouldNotOverflowOnTheLargestGossipCount() {
        ByteBuffer packet = PacketFile.read("01-meet-empty").putShort(COUNT, (short) 65535);

        assertThat(refused(packet).detail())
                .isEqualTo(
                        "Received invalid meet packet with gossip count 65535 that exceeds total packet length (2256)");
    }

    @ParameterizedTest
    @CsvSource({"2, LENGTH_MISMATCH", "3, LENGTH_MISMATCH", "4, GOSSIP_OVERRUN", "5, GOSSIP_OVERRUN"
    })
    void shouldTellTooManyGossipEntriesFromTooFew(int count, Refusal reason) {
        ByteBuffer longer = ByteBuffer.allocate(2256 + 3 * 104 + 1);
        longer.put(PacketFile.read("05-ping-primary-gossip3")).clear();
        longer.putInt(TOTLEN, longer.capacity()).putShort(COUNT, (short) count);

        assertThat(refused(longer).reason()).isEqualTo(reason);
    }

    @Test
    void shouldRefuseExtensionsWithoutTheFlag() {
        ByteBuffer packet = PacketFile.read("24-ping-hostname-16").put(MFLAGS, (byte) 0);

        assertThat(refused(packet).detail())
                .isEqualTo("Received invalid ping packet of length 2584 but expected length 2568");
    }

    @Test
    void shouldDisregardAnExtensionCountWithoutTheFlag() {
        ByteBuffer packet = PacketFile.read("01-meet-empty").putShort(EXTENSIONS, (short) 65535);

        BusMessage.Heartbeat meet = (BusMessage.Heartbeat) message(packet);

        assertThat(meet.extensions()).isEmpty();
    }

    @Test
    void shouldRefuseAWrongExtensionCount() {
        ByteBuffer tooMany = PacketFile.read("24-ping-hostname-16").putShort(EXTENSIONS, (short) 2);
        ByteBuffer tooFew = PacketFile.read("24-ping-hostname-16").putShort(EXTENSIONS, (short) 0);

        assertThat(refused(tooMany))
                .isEqualTo(
                        new Decoded.Refused(
                                Refusal.EXTENSION_OVERRUN,
                                0,
                                "Received invalid ping packet with extension data that exceeds total packet length (2584)"));
        assertThat(refused(tooFew).reason()).isEqualTo(Refusal.LENGTH_MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({
        // length as unsigned 32 bit, reason
        "0, EXTENSION_PADDING",
        "1, EXTENSION_PADDING",
        "4, EXTENSION_PADDING",
        "12, EXTENSION_PADDING",
        "24, EXTENSION_OVERRUN",
        "65528, EXTENSION_OVERRUN",
        "65536, EXTENSION_PADDING",
        "65552, EXTENSION_LENGTH",
        "131072, EXTENSION_PADDING",
        "65537, EXTENSION_PADDING",
        "2147483648, EXTENSION_PADDING",
        "2147483664, EXTENSION_LENGTH",
        "4294967288, EXTENSION_LENGTH",
        "4294967295, EXTENSION_PADDING"
    })
    void shouldRefuseEveryTrapInAnExtensionLength(long length, Refusal reason) {
        ByteBuffer packet = extended(16, 0, (int) length);

        Decoded.Refused refused = refused(packet);

        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.reason().closesLink()).isFalse();
        assertThat(refused.detail())
                .isEqualTo(
                        switch (reason) {
                            case EXTENSION_PADDING ->
                                "Received a meet packet without proper padding ("
                                        + (length & 0xffff) + " bytes)";
                            case EXTENSION_OVERRUN ->
                                "Received invalid meet packet with extension data that exceeds"
                                        + " total packet length (2272)";
                            default ->
                                "Received invalid meet packet with an extension of length "
                                        + length;
                        });
    }

    @Test
    void shouldRefuseAnExtensionHeaderThatIsNotThere() {
        ByteBuffer packet = PacketFile.read("01-meet-empty")
                .put(MFLAGS, (byte) MessageFlags.EXT_DATA)
                .putShort(EXTENSIONS, (short) 1);

        assertThat(refused(packet).reason()).isEqualTo(Refusal.EXTENSION_OVERRUN);
    }

    @Test
    void shouldAcceptTheLongestExtension() {
        ByteBuffer packet = extended(65528, 0x4321, 65528);

        BusMessage.Heartbeat meet = (BusMessage.Heartbeat) message(packet);

        PingExtension.Unknown unknown =
                (PingExtension.Unknown) meet.extensions().get(0);
        assertThat(unknown.typeCode()).isEqualTo(0x4321);
        assertThat(unknown.contents().length()).isEqualTo(65520);
        assertThat(BusEncoder.encode(meet)).isEqualTo(packet);
    }

    @ParameterizedTest
    @CsvSource({
        // channel length, message length, body bytes, expected total
        "4294967295, 4294967295, 9, 8589936854",
        "4294967292, 13, 9, 4294969569",
        "2147483648, 2147483657, 9, 4294969569",
        "10, 0, 9, 2274",
        "0, 8, 9, 2272"
    })
    void shouldNotOverflowOnPublishLengths(
            long channel, long message, int bodyBytes, long expected) {
        ByteBuffer packet = PacketFile.read("10-publish")
                .putInt(2256, (int) channel)
                .putInt(2260, (int) message);

        assertThat(packet.capacity()).isEqualTo(2264 + bodyBytes);
        assertThat(refused(packet).detail())
                .isEqualTo("Received invalid publish packet of length 2273 but expected length "
                        + expected);
    }

    @Test
    void shouldNotOverflowOnLightPublishLengths() {
        ByteBuffer packet =
                PacketFile.read("v4-valkey-publish-light").putInt(16, -4).putInt(20, 13);

        assertThat(refused(packet))
                .isEqualTo(
                        new Decoded.Refused(
                                Refusal.LENGTH_MISMATCH,
                                0x8004,
                                "Received invalid publish packet of length 33 but expected length 4294967329"));
    }

    @ParameterizedTest
    @CsvSource({"11, 2280", "13, 2282", "4294967295, 4294969564"})
    void shouldNotOverflowOnModuleLengths(long length, long expected) {
        ByteBuffer packet = PacketFile.read("12-module").putInt(2264, (int) length);

        assertThat(refused(packet).detail())
                .isEqualTo("Received invalid module packet of length 2281 but expected length "
                        + expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 9, 4, 10})
    void shouldRefuseABodyThatIsNotThere(int typeCode) {
        ByteBuffer packet = PacketFile.read("13-mfstart").putShort(TYPE, (short) typeCode);

        assertThat(refused(packet).reason()).isEqualTo(Refusal.LENGTH_MISMATCH);
        assertThat(refused(packet).typeCode()).isEqualTo(typeCode);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12, 255, 256, 32767})
    void shouldTolerateUnknownTypesOfAnyLength(int typeCode) {
        ByteBuffer packet = PacketFile.read("12-module").putShort(TYPE, (short) typeCode);

        BusMessage.Unknown unknown = (BusMessage.Unknown) message(packet);

        assertThat(unknown.typeCode()).isEqualTo(typeCode);
        assertThat(unknown.header())
                .isEqualTo(((BusMessage.Full) message(PacketFile.read("12-module"))).header());
        assertThat(unknown.body().length()).isEqualTo(25);
        assertThat(BusEncoder.encode(unknown)).isEqualTo(packet);
    }

    @Test
    void shouldTolerateUnknownFlags() {
        ByteBuffer packet = PacketFile.read("05-ping-primary-gossip3");
        packet.putShort(2250, (short) 0xffff).put(2252, (byte) 200);
        packet.put(MFLAGS, (byte) 0xf8).put(MFLAGS + 1, (byte) 0x12).put(MFLAGS + 2, (byte) 0x80);
        packet.putShort(2256 + 98, (short) 0xf001);

        BusMessage.Heartbeat ping = (BusMessage.Heartbeat) message(packet);

        assertThat(ping.header().flags()).isEqualTo(new Header.Flags(0xffff, 200, 0x8012f8));
        assertThat(ping.gossip().get(0).flags()).isEqualTo(0xf001);
        assertThat(BusEncoder.encode(ping)).isEqualTo(packet);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7, 65535})
    void shouldTolerateUnknownExtensionTypes(int typeCode) {
        ByteBuffer packet = extended(24, typeCode, 24).putLong(2264, 42).putLong(2272, 43);

        BusMessage.Heartbeat meet = (BusMessage.Heartbeat) message(packet);

        assertThat(meet.extensions()).hasSize(1).allSatisfy(extension -> {
            assertThat(extension.typeCode()).isEqualTo(typeCode);
            assertThat(extension).isInstanceOf(PingExtension.Unknown.class);
        });
        assertThat(BusEncoder.encode(meet)).isEqualTo(packet);
    }

    @ParameterizedTest
    @CsvSource({"1, 24", "4, 16", "5, 16", "2, 48", "2, 64", "3, 56", "3, 40", "3, 8", "1, 8"})
    void shouldNotBelieveAKnownExtensionOfAnotherShape(int typeCode, int length) {
        ByteBuffer packet = extended(length, typeCode, length);
        for (int i = 2264; i < packet.capacity(); i++) {
            packet.put(i, (byte) 'x');
        }

        BusMessage.Heartbeat meet = (BusMessage.Heartbeat) message(packet);

        assertThat(meet.extensions().get(0)).isInstanceOf(PingExtension.Unknown.class);
        assertThat(meet.extensions().get(0).typeCode()).isEqualTo(typeCode);
        assertThat(BusEncoder.encode(meet)).isEqualTo(packet);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abcdefgh", "abc\0efgh", "\0\0\0\0\0\0\0x"})
    void shouldRefuseAHostnameThatDoesNotEndWithNul(String contents) {
        ByteBuffer packet = extended(8 + contents.length(), 0, 8 + contents.length());
        packet.put(2264, contents.getBytes(StandardCharsets.US_ASCII));

        assertThat(refused(packet))
                .isEqualTo(new Decoded.Refused(
                        Refusal.EXTENSION_TERMINATOR,
                        2,
                        "Received meet packet with missing null terminator in extension type 0"));
    }

    @Test
    void shouldReadAHostnameUpToItsFirstNul() {
        ByteBuffer packet =
                extended(16, 0, 16).put(2264, new byte[] {'a', 'b', 0, 'c', 'd', 'e', 'f', 0});
        ByteBuffer empty = extended(16, 0, 16);

        assertThat(((BusMessage.Heartbeat) message(packet)).extensions())
                .containsExactly(new PingExtension.Hostname("ab"));
        assertThat(((BusMessage.Heartbeat) message(empty)).extensions())
                .containsExactly(new PingExtension.Hostname(""));
    }

    @Test
    void shouldReadTextUpToTheFirstNul() {
        ByteBuffer packet = PacketFile.read("27-ping-announce-ip");
        packet.put(2168 + 3, (byte) 0);
        for (int i = 0; i < 46; i++) {
            packet.put(2256 + 48 + i, (byte) 'f');
        }

        BusMessage.Heartbeat ping = (BusMessage.Heartbeat) message(packet);

        assertThat(ping.header().address().ip()).isEqualTo("127");
        assertThat(ping.gossip().get(0).address().ip()).isEqualTo("f".repeat(46));
    }

    @Test
    void shouldRefuseALightHeaderOnOtherTypes() {
        ByteBuffer packet =
                PacketFile.read("v4-valkey-publish-light").putShort(TYPE, (short) 0x8009);

        assertThat(refused(packet))
                .isEqualTo(new Decoded.Refused(
                        Refusal.UNSUPPORTED_LIGHT_TYPE,
                        0x8009,
                        "Received a light module packet, which this node does not understand"));
    }

    @Test
    void shouldNotAllocateMoreThanThePacketJustifies() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer gossip = PacketFile.read("01-meet-empty").putShort(COUNT, (short) 65535);
        ByteBuffer extensions =
                PacketFile.read("v1-valkey-meet").putShort(EXTENSIONS, (short) 65535);
        ByteBuffer publish = PacketFile.read("10-publish").putInt(2256, Integer.MAX_VALUE);
        ByteBuffer module = PacketFile.read("12-module").putInt(2264, Integer.MAX_VALUE);
        List<ByteBuffer> hostile = List.of(gossip, extensions, publish, module);
        hostile.forEach(BusDecoderTest::refused);

        long before = threads.getCurrentThreadAllocatedBytes();
        hostile.forEach(BusDecoderTest::refused);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(64 * 1024);
    }

    /** A MEET with one extension of {@code bytes} bytes that says its length is {@code length}. */
    private static ByteBuffer extended(int bytes, int typeCode, int length) {
        ByteBuffer packet = ByteBuffer.allocate(2256 + bytes);
        packet.put(PacketFile.read("01-meet-empty")).clear();
        packet.putInt(TOTLEN, packet.capacity())
                .put(MFLAGS, (byte) MessageFlags.EXT_DATA)
                .putShort(EXTENSIONS, (short) 1);
        return packet.putInt(2256, length).putShort(2260, (short) typeCode);
    }

    private static Decoded.Refused refused(ByteBuffer packet) {
        Decoded decoded = BusDecoder.decode(packet);
        assertThat(decoded).isInstanceOf(Decoded.Refused.class);
        return (Decoded.Refused) decoded;
    }

    private static BusMessage message(ByteBuffer packet) {
        Decoded decoded = BusDecoder.decode(packet);
        assertThat(decoded).isInstanceOf(Decoded.Message.class);
        return ((Decoded.Message) decoded).message();
    }
}
