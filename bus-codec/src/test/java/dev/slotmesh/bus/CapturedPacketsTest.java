package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CapturedPacketsTest {
    static List<CapturedPackets.Captured> packets() {
        return CapturedPackets.all();
    }

    @Test
    void shouldKnowEveryCapturedPacket() {
        assertThat(packets()).hasSize(33).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldDecodeToTheDocumentedValues(CapturedPackets.Captured captured) {
        ByteBuffer packet = PacketFile.read(captured.name());

        Decoded decoded = BusDecoder.decode(packet);

        assertThat(packet.remaining()).isEqualTo(captured.lengthBytes());
        assertThat(decoded).isEqualTo(new Decoded.Message(captured.message()));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldEncodeToTheCapturedBytes(CapturedPackets.Captured captured) {
        ByteBuffer packet = PacketFile.read(captured.name());

        ByteBuffer encoded = BusEncoder.encode(captured.message());

        assertThat(BusEncoder.encodedLength(captured.message())).isEqualTo(captured.lengthBytes());
        assertThat(encoded).isEqualTo(packet);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldNotDependOnPositionOrderOrKindOfTheBuffer(CapturedPackets.Captured captured) {
        ByteBuffer packet = PacketFile.read(captured.name());
        ByteBuffer direct =
                ByteBuffer.allocateDirect(packet.remaining() + 20).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < direct.capacity(); i++) {
            direct.put(i, (byte) 0xee);
        }

        int written = BusEncoder.encode(captured.message(), direct.position(7));
        ByteBuffer frame =
                direct.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip().position(7);

        assertThat(written).isEqualTo(captured.lengthBytes());
        assertThat(frame).isEqualTo(packet);
        assertThat(direct.get(6)).isEqualTo((byte) 0xee);
        assertThat(direct.get(7 + written)).isEqualTo((byte) 0xee);
        assertThat(new BusFraming(BusFraming.DEFAULT_MAX_FRAME_BYTES).inspect(frame, true))
                .isEqualTo(new BusFraming.Frame.Complete(written));
        assertThat(BusDecoder.decode(frame)).isEqualTo(new Decoded.Message(captured.message()));
        assertThat(frame.position()).isEqualTo(7);
        assertThat(frame.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }
}
