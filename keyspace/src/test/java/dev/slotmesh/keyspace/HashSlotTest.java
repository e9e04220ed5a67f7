package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HashSlotTest {

    /** Slots as a Redis 7.0.15 answered CLUSTER KEYSLOT for these keys. */
    @ParameterizedTest
    @CsvSource({
        "foo, 12182",
        "bar, 5061",
        "{a}{b}, 15495",
        "a, 15495",
        "{}x, 10595",
        "'', 0",
        "{06S}, 0",
        "123456789, 12739"
    })
    void shouldAgreeWithRedisOnTheSlotOfAKey(String key, int slot) {
        assertThat(slotOf(key.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(slot);
    }

    @Test
    void shouldHashOnlyTheTagWhereverItStands() {
        int expected = slotOf("user1000".getBytes(StandardCharsets.ISO_8859_1));

        for (int before = 0; before < 20; before++) {
            String key = "x".repeat(before) + "{user1000}.following";
            assertThat(slotOf(key.getBytes(StandardCharsets.ISO_8859_1)))
                    .as(key)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldEqualTheBitwiseDefinitionOfTheCrc() {
        long seed = 20261123;
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 2_000; run++) {
            byte[] key = new byte[random.nextInt(60)];
            random.nextBytes(key);
            for (int i = 0; i < key.length; i++) {
                key[i] = key[i] == '{' ? (byte) 'x' : key[i];
            }
            assertThat(slotOf(key))
                    .as("seed %d run %d", seed, run)
                    .isEqualTo(bitwiseCrc(key) & 16383);
        }
    }

    private static int slotOf(byte[] key) {
        try (NativeBuffer buffer = new NativeBuffer(Math.max(1, key.length))) {
            return HashSlot.of(buffer.put(key));
        }
    }

    private static int bitwiseCrc(byte[] bytes) {
        int crc = 0;
        for (byte b : bytes) {
            for (int bit = 7; bit >= 0; bit--) {
                boolean in = (b >> bit & 1) != 0;
                boolean out = (crc & 0x8000) != 0;
                crc = crc << 1 & 0xFFFF ^ (in != out ? 0x1021 : 0);
            }
        }
        return crc;
    }
}
