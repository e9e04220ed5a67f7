package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slotmesh.bus.BusFraming.Frame;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusFramingTest {
    private static final int LIMIT = 100_000;
    private static final String BAD_START_TEXT =
            "Bad message length or signature received from Cluster bus.";

    private final BusFraming framing = new BusFraming(LIMIT);

    @Test
    void shouldAskForEightBytesThenForTheWholeAtEveryLength() {
        ByteBuffer packet = PacketFile.read("05-ping-primary-gossip3");
        for (int readable = 0; readable < 8; readable++) {
            assertThat(framing.inspect(packet.slice(0, readable), true))
                    .isEqualTo(new Frame.NeedMore(8));
        }
        for (int readable = 8; readable < 2568; readable++) {
            assertThat(framing.inspect(packet.slice(0, readable), true))
                    .isEqualTo(new Frame.NeedMore(2568));
        }
        assertThat(framing.inspect(packet, true)).isEqualTo(new Frame.Complete(2568));
    }

    @Test
    void shouldFindTheEndWhenMoreFollows() {
        ByteBuffer two = ByteBuffer.allocate(3000).put(5, (byte) 1).position(100);
        two.put(PacketFile.read("01-meet-empty")).put((byte) 'R').flip().position(100);

        assertThat(framing.inspect(two, false)).isEqualTo(new Frame.Complete(2256));
        assertThat(two.position()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 2255})
    void shouldCloseOnALengthBelowAHeader(int length) {
        ByteBuffer start = start("RCmb", length).limit(8);

        assertThat(framing.inspect(start, false))
                .isEqualTo(new Frame.Close(Refusal.BAD_SIGNATURE_OR_LENGTH, BAD_START_TEXT));
        assertThat(Refusal.BAD_SIGNATURE_OR_LENGTH.closesLink()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RCmc", "rCmb", "GET ", "\0\0\0\0"})
    void shouldCloseOnAWrongSignature(String signature) {
        assertThat(framing.inspect(start(signature, 2256).limit(8), true))
                .isEqualTo(new Frame.Close(Refusal.BAD_SIGNATURE_OR_LENGTH, BAD_START_TEXT));
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void shouldCloseOnALengthAboveTheLimit(int length) {
        Frame frame = framing.inspect(start("RCmb", length).limit(8), true);

        assertThat(frame)
                .isEqualTo(
                        new Frame.Close(
                                Refusal.OVERSIZED,
                                "Message of " + Integer.toUnsignedString(length)
                                        + " bytes received from Cluster bus exceeds the limit of 100000 bytes"));
        assertThat(Refusal.OVERSIZED.closesLink()).isTrue();
    }

    @Test
    void shouldAcceptALengthAtTheLimit() {
        assertThat(framing.inspect(start("RCmb", LIMIT), true))
                .isEqualTo(new Frame.NeedMore(LIMIT));
        assertThatIllegalArgumentException().isThrownBy(() -> new BusFraming(4351));
        assertThat(new BusFraming(4352).inspect(PacketFile.read("22-update"), false))
                .isEqualTo(new Frame.Complete(4352));
    }

    @Test
    void shouldLeaveTheVersionToTheDecoder() {
        ByteBuffer packet = PacketFile.read("13-mfstart").putShort(8, (short) 77);

        assertThat(framing.inspect(packet, false)).isEqualTo(new Frame.Complete(2256));
    }

    @Test
    void shouldCutALightMessageOnlyWhereOneIsAcceptable() {
        ByteBuffer packet = PacketFile.read("v4-valkey-publish-light");
        for (int readable = 8; readable < 14; readable++) {
            assertThat(framing.inspect(packet.slice(0, readable), true))
                    .isEqualTo(new Frame.NeedMore(14));
        }
        for (int readable = 14; readable < 33; readable++) {
            assertThat(framing.inspect(packet.slice(0, readable), true))
                    .isEqualTo(new Frame.NeedMore(33));
        }
        assertThat(framing.inspect(packet, true)).isEqualTo(new Frame.Complete(33));
        assertThat(framing.inspect(packet, false)).isInstanceOf(Frame.Close.class);
    }

    @Test
    void shouldFrameALongLightMessageOnAnyLink() {
        Payload channel = Payload.ofText("news");
        BusMessage light =
                new BusMessage.LightPublish(true, channel, Payload.copyOf(new byte[3000]));
        ByteBuffer packet = BusEncoder.encode(light);

        assertThat(framing.inspect(packet, false)).isEqualTo(new Frame.Complete(3028));
        assertThat(BusDecoder.decode(packet)).isEqualTo(new Decoded.Message(light));
    }

    @Test
    void shouldCloseOnAShortMessageWithoutTheLightMark() {
        ByteBuffer plain = start("RCmb", 33).putShort(12, (short) 4);
        ByteBuffer tooShort = start("RCmb", 15).putShort(12, (short) 0x8004);

        assertThat(framing.inspect(plain, true)).isInstanceOf(Frame.Close.class);
        assertThat(framing.inspect(tooShort, true)).isInstanceOf(Frame.Close.class);
    }

    private static ByteBuffer start(String signature, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        for (int i = 0; i < 4; i++) {
            bytes.put(i, (byte) signature.charAt(i));
        }
        return bytes.putInt(4, length);
    }
}
