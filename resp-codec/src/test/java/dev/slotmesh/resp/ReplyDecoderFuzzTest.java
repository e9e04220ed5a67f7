package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * Any bytes: byte by byte they must decode as in one piece, and what they decode to must survive
 * its encoding.
 */
class ReplyDecoderFuzzTest {
    private static final ReplyLimits LIMITS = new ReplyLimits(16, 4096, 4096, 256);

    @FuzzTest(maxDuration = "2m")
    void shouldDecodeAnyBytesTheSameHoweverTheyArrive(byte[] input) {
        ReplyStream whole = new ReplyStream(LIMITS);
        whole.arrive(input);

        ReplyStream single = new ReplyStream(LIMITS);
        for (byte b : input) {
            single.arrive(new byte[] {b});
        }

        assertThat(single.seen()).isEqualTo(whole.seen());
        assertThat(encodedAgain(whole.replies)).isEqualTo(whole.replies);
    }

    private static List<Reply> encodedAgain(List<Reply> replies) {
        ByteBuf out = Unpooled.buffer();
        ReplyEncoder encoder = new ReplyEncoder(out, 3);
        replies.forEach(encoder::reply);
        ReplyStream again = new ReplyStream(ReplyLimits.DEFAULT);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        again.arrive(bytes);
        return again.replies;
    }
}
