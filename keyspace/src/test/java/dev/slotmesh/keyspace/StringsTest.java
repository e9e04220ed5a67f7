package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StringsTest {
    private static final long NOW = SmallKeyspace.NOW;

    private final SmallKeyspace small = new SmallKeyspace();
    private final ByteSpan span = new ByteSpan();

    @AfterEach
    void close() {
        small.close();
    }

    @ParameterizedTest
    @CsvSource({
        "12, int",
        "-9223372036854775808, int",
        "9223372036854775808, embstr",
        "012, embstr",
        "+1, embstr",
        "12345678901234567890123456789012345678901234, embstr",
        "123456789012345678901234567890123456789012345, raw"
    })
    void shouldLabelStringsAsSetDoes(String value, String encoding) {
        small.put(1, "k", value);

        assertThat(small.encoding(1, "k")).isEqualTo(encoding);
        assertThat(small.get(1, "k")).isEqualTo(value);
    }

    @Test
    void shouldLabelStringsByForm() {
        small.slot(1)
                .putString(
                        small.key("text"), small.value("3"), StringForm.TEXT, Slot.NO_EXPIRY, NOW);
        small.slot(1)
                .putString(small.key("raw"), small.value("3"), StringForm.RAW, Slot.NO_EXPIRY, NOW);

        assertThat(small.encoding(1, "text")).isEqualTo("embstr");
        assertThat(small.encoding(1, "raw")).isEqualTo("raw");
    }

    @Test
    void shouldStoreIntegersKeepingTheDeadline() {
        Strings.putLong(small.slot(1), small.key("n"), -5, NOW);
        assertThat(small.get(1, "n")).isEqualTo("-5");
        small.put(1, "n", "some text that is longer", NOW + 100);

        long entry = Strings.putLong(small.slot(1), small.key("n"), Long.MIN_VALUE, NOW);

        assertThat(small.get(1, "n")).isEqualTo("-9223372036854775808");
        assertThat(small.encoding(1, "n")).isEqualTo("int");
        assertThat(small.slot(1).expireAt(entry)).isEqualTo(NOW + 100);
        assertThat(Strings.overflows(Long.MAX_VALUE, 1)).isTrue();
        assertThat(Strings.overflows(Long.MIN_VALUE, -1)).isTrue();
        assertThat(Strings.overflows(Long.MAX_VALUE, Long.MIN_VALUE)).isFalse();
    }

    @Test
    void shouldAppendAndRelabel() {
        assertThat(Strings.append(small.slot(1), small.key("k"), small.value("12"), NOW))
                .isEqualTo(2);
        assertThat(small.encoding(1, "k")).isEqualTo("int");

        assertThat(Strings.append(small.slot(1), small.key("k"), small.value("3"), NOW))
                .isEqualTo(3);

        assertThat(small.get(1, "k")).isEqualTo("123");
        assertThat(small.encoding(1, "k")).isEqualTo("raw");
    }

    @Test
    void shouldAppendAValueToItself() {
        small.put(1, "k", "abc");
        for (int i = 0; i < 12; i++) {
            long entry = small.slot(1).find(small.key("k"), NOW);
            ByteSpan own = small.slot(1).stringValue(entry, span);
            Strings.append(small.slot(1), small.key("k"), own, NOW);
        }

        assertThat(small.get(1, "k")).isEqualTo("abc".repeat(4096));
    }

    @Test
    void shouldStoreAPartOfAValueUnderItsOwnKey() {
        small.put(1, "k", "0123456789abcdef");
        long entry = small.slot(1).find(small.key("k"), NOW);
        ByteSpan part = small.slot(1).stringValue(entry, span).slice(1, 14);

        small.slot(1).putString(small.key("k"), part, Slot.NO_EXPIRY, NOW);

        assertThat(small.get(1, "k")).isEqualTo("123456789abcde");
    }

    @Test
    void shouldAppendManyTimesWithoutCopyingEachTime() {
        for (int i = 0; i < 200_000; i++) {
            Strings.append(small.slot(1), small.key("k"), small.value("0123456789"), NOW);
        }

        assertThat(small.slot(1).stringLength(small.slot(1).find(small.key("k"), NOW)))
                .isEqualTo(2_000_000);
        assertThat(small.keyspace.memoryUse().usedBytes()).isBetween(2_000_000L, 4_300_000L);
    }

    @Test
    void shouldPadWithZerosUpToTheOffset() {
        assertThat(Strings.setRange(small.slot(1), small.key("k"), 3, small.value("xy"), NOW))
                .isEqualTo(5);
        assertThat(small.get(1, "k")).isEqualTo("\0\0\0xy");
        assertThat(small.encoding(1, "k")).isEqualTo("raw");

        assertThat(Strings.setRange(small.slot(1), small.key("k"), 1, small.value("a"), NOW))
                .isEqualTo(5);
        assertThat(Strings.setRange(small.slot(1), small.key("k"), 8, small.value("z"), NOW))
                .isEqualTo(9);

        assertThat(small.get(1, "k")).isEqualTo("\0a\0xy\0\0\0z");
    }

    @Test
    void shouldGiveTheMemoryOfLongStringsBack() {
        int last = (64 << 20) - 1;

        Strings.setRange(small.slot(1), small.key("k"), last, small.value("z"), NOW);

        long entry = small.slot(1).find(small.key("k"), NOW);
        assertThat(small.slot(1).stringLength(entry)).isEqualTo(64 << 20);
        assertThat(small.slot(1).stringValue(entry, span).byteAt(last)).isEqualTo('z');
        assertThat(small.slot(1).remove(small.key("k"), NOW)).isTrue();
        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
        assertThat(small.keyspace.remains().pendingCount()).isOne();
        assertThat(small.keyspace.remains().free(Long.MAX_VALUE)).isTrue();
        assertThat(small.keyspace.remains().freedCount()).isOne();
        assertThat(small.keyspace.memoryUse().reservedBytes()).isLessThan(64 << 20);
    }

    @Test
    void shouldRefuseLengthsOutOfRange() {
        Slot slot = small.slot(1);

        assertThatThrownBy(() -> Strings.grow(slot, small.key("k"), Strings.LONGEST + 1, NOW, span))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Strings.setRange(
                        slot, small.key("k"), Integer.MAX_VALUE, small.value("x"), NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Strings.setBit(slot, small.key("k"), 8L * Strings.LONGEST, 1, NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Strings.setBit(slot, small.key("k"), -1, 1, NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(slot.keyCount()).isZero();
    }

    @Test
    void shouldTreatBitsAsABitSetDoes() {
        long seed = 21;
        SplittableRandom random = new SplittableRandom(seed);
        BitSet model = new BitSet();
        int length = 0;
        for (int step = 0; step < 20_000; step++) {
            int offset = random.nextInt(4000);
            boolean bit = random.nextInt(4) > 0;

            int before = Strings.setBit(small.slot(1), small.key("k"), offset, bit ? 1 : 0, NOW);

            assertThat(before).as("seed %d", seed).isEqualTo(model.get(offset) ? 1 : 0);
            model.set(offset, bit);
            length = Math.max(length, offset / 8 + 1);
            ByteSpan value =
                    small.slot(1).stringValue(small.slot(1).find(small.key("k"), NOW), span);
            assertThat(value.length()).isEqualTo(length);
            int from = random.nextInt(length);
            int to = from + random.nextInt(length - from);
            int wanted = random.nextInt(2);
            assertThat(Strings.bitCount(value, from, to))
                    .as("seed %d", seed)
                    .isEqualTo(model.get(from * 8, to * 8 + 8).cardinality());
            int position = wanted == 1 ? model.nextSetBit(from * 8) : model.nextClearBit(from * 8);
            assertThat(Strings.bitPosition(value, wanted, from, to))
                    .as("seed %d", seed)
                    .isEqualTo(position > to * 8 + 7 ? -1 : position);
            assertThat(Strings.getBit(value, offset)).isEqualTo(bit ? 1 : 0);
        }
        assertThat(Strings.getBit(span, 8L * length)).isZero();
        assertThat(Strings.bitCount(span, 3, 2)).isZero();
    }

    @Test
    void shouldTakeAKeyFromStoredMemory() {
        small.put(1, "k", "name");
        long entry = small.slot(1).find(small.key("k"), NOW);
        ByteSpan stored = small.slot(1).stringValue(entry, new ByteSpan());
        try (NativeBuffer value = new NativeBuffer(4)) {
            small.slot(2).putString(stored, value.put("v"), Slot.NO_EXPIRY, NOW);
        }

        assertThat(small.get(2, "name")).isEqualTo("v");
    }
}
