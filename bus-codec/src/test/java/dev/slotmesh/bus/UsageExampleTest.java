package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The example of package-info and README, compiled and run. */
class UsageExampleTest {
    @Test
    void shouldPrintWhoSpeaksAndWhichSlotsItClaims() {
        ByteBuffer received = PacketFile.read("01-meet-empty");
        StringBuilder out = new StringBuilder();

        BusFraming framing = new BusFraming(BusFraming.DEFAULT_MAX_FRAME_BYTES);
        if (framing.inspect(received, false) instanceof BusFraming.Frame.Complete frame) {
            Decoded decoded =
                    BusDecoder.decode(received.slice(received.position(), frame.lengthBytes()));
            if (decoded instanceof Decoded.Message valid
                    && valid.message() instanceof BusMessage.Full full) {
                out.append(full.header().sender() + " claims " + full.header().slots());
                ByteBuffer reply = BusEncoder.encode(new BusMessage.AuthAck(full.header()));
                assertThat(reply.remaining()).isEqualTo(2256);
            } else if (decoded instanceof Decoded.Refused refused) {
                out.append(refused.reason() + ": " + refused.detail());
            }
        }

        assertThat(out).hasToString("406c817a764ff1f48103d02d9609fef2449bc845 claims 0-5460");
    }
}
