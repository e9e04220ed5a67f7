package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random replies of every type there and back, in random parts. A failure names its seed. */
class ReplyRandomTest {
    private static final int SEEDS = 3000;

    @Test
    void shouldReadBackWhatWasWrittenInAnyParts() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Reply> written = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                written.add(reply(random, 4));
            }
            byte[] bytes = encoded(written);

            ReplyStream stream = new ReplyStream(ReplyLimits.DEFAULT);
            for (int at = 0; at < bytes.length; ) {
                int part = Math.min(
                        bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 8 : 300));
                stream.arrive(Arrays.copyOfRange(bytes, at, at + part));
                at += part;
            }

            assertThat(stream.refusal).as("seed %d", seed).isNull();
            assertThat(stream.replies).as("seed %d", seed).isEqualTo(written);
            assertThat(encoded(stream.replies)).as("seed %d", seed).isEqualTo(bytes);
        }
    }

    @Test
    void shouldSurviveRandomDamage() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = encoded(List.of(reply(random, 3), reply(random, 3)));
            for (int i = 0; i < 1 + bytes.length / 40; i++) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) "*$%~>|;.?\r\n0123456789-".charAt(random.nextInt(22));
            }

            ReplyStream whole = new ReplyStream(ReplyLimits.DEFAULT);
            whole.arrive(bytes);
            int cut = random.nextInt(bytes.length);
            ReplyStream parts = new ReplyStream(ReplyLimits.DEFAULT);
            parts.arrive(Arrays.copyOfRange(bytes, 0, cut));
            parts.arrive(Arrays.copyOfRange(bytes, cut, bytes.length));

            assertThat(parts.seen()).as("seed %d", seed).isEqualTo(whole.seen());
        }
    }

    private static byte[] encoded(List<Reply> replies) {
        ByteBuf out = Unpooled.buffer();
        ReplyEncoder encoder = new ReplyEncoder(out, 3);
        replies.forEach(encoder::reply);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static Reply reply(SplittableRandom random, int depth) {
        switch (random.nextInt(depth == 0 ? 10 : 15)) {
            case 0:
                return new Reply.SimpleString(line(random));
            case 1:
                return new Reply.SimpleError(line(random));
            case 2:
                return new Reply.BulkError(Wire.random(random, random.nextInt(20)));
            case 3:
                return new Reply.Integer(random.nextLong() >> random.nextInt(64));
            case 4:
                return new Reply.Null(Reply.Null.Form.values()[random.nextInt(3)]);
            case 5:
                return Reply.Double.of(Double.longBitsToDouble(random.nextLong()));
            case 6:
                return new Reply.Bool(random.nextBoolean());
            case 7:
                return new Reply.BigNumber(
                        new BigInteger(Wire.random(random, 1 + random.nextInt(20))).toString());
            case 8:
                return new Reply.Verbatim("txt", Wire.random(random, random.nextInt(20)));
            case 9:
                return new Reply.Bulk(
                        Wire.random(random, random.nextInt(random.nextInt(20) == 0 ? 2000 : 20)));
            case 10:
                return new Reply.Array(replies(random, depth));
            case 11:
                return new Reply.Set(replies(random, depth));
            case 12:
                return new Reply.Push(replies(random, depth));
            case 13:
                return new Reply.Map(pairs(random, depth));
            default:
                return new Reply.Attributed(pairs(random, depth), reply(random, depth - 1));
        }
    }

    private static List<Reply> replies(SplittableRandom random, int depth) {
        List<Reply> replies = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            replies.add(reply(random, depth - 1));
        }
        return replies;
    }

    private static List<Reply.Pair> pairs(SplittableRandom random, int depth) {
        List<Reply.Pair> pairs = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            pairs.add(new Reply.Pair(reply(random, depth - 1), reply(random, depth - 1)));
        }
        return pairs;
    }

    private static String line(SplittableRandom random) {
        return Wire.text(Wire.random(random, random.nextInt(12))).replaceAll("[\r\n]", ".");
    }
}
