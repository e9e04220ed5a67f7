package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * Any bytes: cut in two or byte by byte they must decode as in one piece, and what they decode to
 * must survive its encoding.
 */
class RequestDecoderFuzzTest {
    private static final RequestLimits LIMITS = new RequestLimits(256, 1 << 20, 4096);

    @FuzzTest(maxDuration = "2m")
    void shouldDecodeAnyBytesTheSameHoweverTheyArrive(byte[] input) {
        RequestStream whole = new RequestStream(LIMITS);
        whole.arrive(input);

        RequestStream single = new RequestStream(LIMITS);
        for (byte b : input) {
            single.arrive(new byte[] {b});
        }

        assertThat(single.seen()).isEqualTo(whole.seen());
        assertThat(encodedAgain(whole.requests)).isEqualTo(whole.requests);
    }

    private static List<List<String>> encodedAgain(List<List<String>> requests) {
        ByteBuf out = Unpooled.buffer();
        RequestEncoder encoder = new RequestEncoder(out);
        for (List<String> request : requests) {
            encoder.request(request.stream().map(Wire::bytes).toArray(byte[][]::new));
        }
        RequestStream again = new RequestStream(LIMITS);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        again.arrive(bytes);
        return again.requests;
    }
}
