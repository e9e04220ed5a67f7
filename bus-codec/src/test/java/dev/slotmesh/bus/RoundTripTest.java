package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {
    private static final int MESSAGES = 500;

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void shouldDecodeWhatItEncodes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Class<?>> seen = new HashSet<>();
        for (int i = 0; i < MESSAGES; i++) {
            BusMessage message = RandomMessages.message(random);
            seen.add(message.getClass());

            ByteBuffer packet = BusEncoder.encode(message);

            assertThat(packet.remaining()).isEqualTo(BusEncoder.encodedLength(message));
            assertThat(BusDecoder.decode(packet))
                    .as("seed %d, message %d", seed, i)
                    .isEqualTo(new Decoded.Message(message));
        }
        assertThat(seen).as("kinds of messages with seed %d", seed).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void shouldCutAStreamOfMessagesAtEachEnd(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer stream = ByteBuffer.allocate(1 << 20);
        List<BusMessage> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            BusMessage message = RandomMessages.message(random);
            sent.add(message);
            BusEncoder.encode(message, stream);
        }
        stream.flip();
        BusFraming framing = new BusFraming(1 << 20);

        List<BusMessage> received = new ArrayList<>();
        while (stream.hasRemaining()) {
            BusFraming.Frame frame = framing.inspect(stream, true);
            assertThat(frame).as("seed %d", seed).isInstanceOf(BusFraming.Frame.Complete.class);
            int length = ((BusFraming.Frame.Complete) frame).lengthBytes();
            Decoded decoded = BusDecoder.decode(stream.slice(stream.position(), length));
            assertThat(decoded).as("seed %d", seed).isInstanceOf(Decoded.Message.class);
            received.add(((Decoded.Message) decoded).message());
            stream.position(stream.position() + length);
        }

        assertThat(received).as("seed %d", seed).isEqualTo(sent);
    }

    @Test
    void shouldWriteNothingWhenTheBufferIsTooSmall() {
        BusMessage message = new BusMessage.AuthAck(new HeaderBuilder(NodeId.NONE).build());
        ByteBuffer small = ByteBuffer.allocate(2255);

        assertThatThrownBy(() -> BusEncoder.encode(message, small))
                .isInstanceOf(BufferOverflowException.class);

        assertThat(small.position()).isZero();
        assertThat(small).isEqualTo(ByteBuffer.allocate(2255));
    }

    @Test
    void shouldCarryTheLargestHeartbeat() {
        SplittableRandom random = new SplittableRandom(31);
        Address address = new Address("127.0.0.1", 7000, 0, 17000);
        GossipEntry entry = new GossipEntry(RandomMessages.nodeId(random), 0, 1, address, 1);
        BusMessage message = new BusMessage.Heartbeat(
                BusMessage.HeartbeatKind.PING,
                new HeaderBuilder(RandomMessages.nodeId(random)).build(),
                Collections.nCopies(65535, entry),
                Collections.nCopies(65535, new PingExtension.Unknown(9, Payload.EMPTY)));

        ByteBuffer packet = BusEncoder.encode(message);

        assertThat(packet.remaining()).isEqualTo(2256 + 65535 * 104 + 65535 * 8);
        assertThat(BusDecoder.decode(packet).equals(new Decoded.Message(message)))
                .isTrue();
    }
}
