package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random requests there and back, in random parts. A failure names its seed. */
class RequestRandomTest {
    private static final int SEEDS = 1500;

    @Test
    void shouldReadBackWhatWasWrittenInAnyParts() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<List<String>> written = new ArrayList<>();
            byte[] bytes = write(random, written);

            RequestStream stream = new RequestStream(RequestLimits.DEFAULT);
            for (int at = 0; at < bytes.length; ) {
                int part = Math.min(
                        bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 12 : 900));
                stream.arrive(Arrays.copyOfRange(bytes, at, at + part));
                at += part;
            }

            assertThat(stream.error).as("seed %d", seed).isNull();
            assertThat(stream.requests).as("seed %d", seed).isEqualTo(written);
            assertThat(stream.unreadBytes()).as("seed %d", seed).isZero();
        }
    }

    @Test
    void shouldSurviveRandomDamage() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = write(random, new ArrayList<>());
            for (int i = 0; i < 1 + bytes.length / 50; i++) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) "*$\r\n0123456789-\"' x".charAt(random.nextInt(19));
            }

            RequestStream whole = new RequestStream(RequestLimits.DEFAULT);
            whole.arrive(bytes);
            RequestStream parts = new RequestStream(RequestLimits.DEFAULT);
            int cut = random.nextInt(bytes.length);
            parts.arrive(Arrays.copyOfRange(bytes, 0, cut));
            parts.arrive(Arrays.copyOfRange(bytes, cut, bytes.length));

            assertThat(parts.seen()).as("seed %d", seed).isEqualTo(whole.seen());
        }
    }

    private static byte[] write(SplittableRandom random, List<List<String>> written) {
        ByteBuf out = Unpooled.buffer();
        RequestEncoder encoder = new RequestEncoder(out);
        int requests = 1 + random.nextInt(4);
        for (int i = 0; i < requests; i++) {
            byte[][] arguments = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 80 : 4)][];
            List<String> texts = new ArrayList<>();
            for (int k = 0; k < arguments.length; k++) {
                arguments[k] =
                        Wire.random(random, random.nextInt(random.nextInt(20) == 0 ? 2000 : 30));
                texts.add(Wire.text(arguments[k]));
            }
            encoder.request(arguments);
            written.add(texts);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }
}
