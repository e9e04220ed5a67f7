package dev.slotmesh.bus;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.nio.ByteBuffer;

/**
 * Arbitrary bytes against framing and decoder. A plain test run replays the inputs in the resources folder
 * {@code BusFuzzTestInputs}; with the environment variable {@code JAZZER_FUZZ=1} new ones are sought:
 * {@code JAZZER_FUZZ=1 ./mvnw -pl bus-codec test -Dtest=BusFuzzTest}.
 */
class BusFuzzTest {
    private static final BusFraming FRAMING = new BusFraming(1 << 20);

    @FuzzTest(maxDuration = "60s")
    void shouldDecodeToAMessageThatEncodesToItself(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input);
        decode(bytes);

        BusFraming.Frame frame = FRAMING.inspect(bytes, true);
        if (frame instanceof BusFraming.Frame.Complete complete) {
            require(complete.lengthBytes() <= input.length, "a frame longer than the bytes");
            Decoded decoded = decode(bytes.slice(0, complete.lengthBytes()));
            if (decoded instanceof Decoded.Refused refused) {
                require(
                        refused.reason() != Refusal.NOT_ONE_FRAME,
                        "the decoder disagrees with the framing");
            }
        } else if (frame instanceof BusFraming.Frame.NeedMore more) {
            require(more.totalBytes() > input.length, "more bytes wanted than are missing");
        } else if (frame instanceof BusFraming.Frame.Close close) {
            require(close.reason().closesLink(), "a close for a reason that does not close");
        }
    }

    private static Decoded decode(ByteBuffer packet) {
        Decoded decoded = BusDecoder.decode(packet);
        if (decoded instanceof Decoded.Message valid) {
            ByteBuffer encoded = BusEncoder.encode(valid.message());
            require(encoded.remaining() <= packet.remaining(), "more bytes written than read");
            require(
                    BusDecoder.decode(encoded).equals(decoded),
                    "a message that does not survive encoding");
        }
        return decoded;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
