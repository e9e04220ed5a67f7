package dev.slotmesh.keyspace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files with bits flipped, ends cut off, parts doubled, removed and put elsewhere, and lengths replaced, half of them with the
 * checksum of what they have become: each is refused or loaded, and what was loaded can be written and loaded again. No memory
 * stays and none is taken that the file does not account for. {@code -Dslotmesh.rdb.mutations=N} makes N of them for each
 * seed.
 */
class RdbFileFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("slotmesh.rdb.mutations", 1_000);
    private static final int MOST_AT_ONCE = 4;
    /** Compression makes 88 of one byte at most, and a table takes some times what its elements do. */
    private static final long MOST_EXPANSION = 500;

    private static final long FREE_BYTES = 4 << 20;
    private static final int CHECKSUM_BYTES = 8;

    private final List<byte[]> files = List.of(
            real(),
            OldForms.upTo10("REDIS0006"),
            OldForms.upTo10("REDIS0010"),
            OldForms.of12(),
            OldForms.ofValkey(),
            OldForms.ofSlotmesh(),
            modules());
    private long loaded;
    private long refused;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void shouldRefuseOrLoadWhatIsDamaged(long seed) {
        try (Keyspace keyspace = new Keyspace(new KeyspaceSettings(16, false, 2, seed));
                Keyspace again = new Keyspace(new KeyspaceSettings(16, false, 2, seed))) {
            for (int i = 0; i < MUTATIONS; i++) {
                SplittableRandom random = new SplittableRandom(seed * 1_000_003 + i);
                try {
                    round(random, keyspace, again);
                } catch (RuntimeException | AssertionError wrong) {
                    fail("seed " + seed + ", mutation " + i, wrong);
                }
            }
        }

        System.out.println("RDB mutations of seed " + seed + ": " + loaded + " loaded, " + refused
                + " refused");
        assertThat(loaded).isPositive();
        assertThat(refused).isPositive();
    }

    private void round(SplittableRandom random, Keyspace keyspace, Keyspace again) {
        byte[] file = files.get(random.nextInt(files.size()));
        for (int left = 1 + random.nextInt(MOST_AT_ONCE); left > 0; left--) {
            file = mutate(random, file);
        }
        if (random.nextBoolean() && file.length > CHECKSUM_BYTES) {
            RdbFiles.sumUp(file);
        }
        RdbLoadSettings settings = RdbLoadSettings.ofPrimary(OldForms.NOW);
        settings = random.nextBoolean() ? settings.replacing() : settings;
        try {
            RdbFiles.load(file, 1 + random.nextInt(70_000), keyspace, settings);
            loaded++;
            requireWritable(keyspace, again);
        } catch (RdbFormatException wrong) {
            refused++;
            assertThat(wrong.offset()).isBetween(0L, (long) file.length);
        }
        assertThat(keyspace.memoryUse().usedBytes())
                .isLessThan(FREE_BYTES + MOST_EXPANSION * file.length);
        RdbFiles.empty(keyspace);
        assertThat(keyspace.memoryUse().usedBytes()).isZero();
    }

    /** What was loaded is a data set like any other. */
    private static void requireWritable(Keyspace keyspace, Keyspace again) {
        byte[] written = RdbFiles.write(keyspace, true, Map.of(), OldForms.NOW);
        try {
            RdbFileSummary summary = RdbFiles.load(
                    written,
                    1 << 16,
                    again,
                    RdbLoadSettings.ofPrimary(OldForms.NOW).keepingExpired());
            assertThat(summary.emptyKeys()).isZero();
        } finally {
            RdbFiles.empty(again);
        }
    }

    private static byte[] mutate(SplittableRandom random, byte[] file) {
        if (file.length < 2) {
            return file;
        }
        byte[] changed = file.clone();
        int at = random.nextInt(file.length);
        switch (random.nextInt(8)) {
            case 0, 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> changed[at] = (byte) random.nextInt(256);
            case 3 -> {
                return Arrays.copyOf(file, at);
            }
            case 4 -> {
                int count = random.nextInt(Math.min(64, file.length - at)) + 1;
                int from = random.nextInt(file.length - count + 1);
                System.arraycopy(file, from, changed, at, count);
            }
            case 5 -> {
                return spliced(file, at, 0, random.nextInt(Math.min(300, file.length - at)) + 1);
            }
            case 6 -> {
                int end = at + random.nextInt(Math.min(300, file.length - at)) + 1;
                return spliced(file, end, end - at, 0);
            }
            default -> lengthAt(random, changed, at);
        }
        return changed;
    }

    /** The file with the {@code before} bytes before a place once more, or without the {@code gone} after it. */
    private static byte[] spliced(byte[] file, int at, int before, int gone) {
        byte[] result = new byte[file.length + before - gone];
        System.arraycopy(file, 0, result, 0, at);
        System.arraycopy(file, at - before, result, at, before);
        System.arraycopy(file, at + gone, result, at + before, file.length - at - gone);
        return result;
    }

    /** Puts a length of any size over what is there. */
    private static void lengthAt(SplittableRandom random, byte[] file, int at) {
        RdbBytes length = new RdbBytes();
        long value = random.nextLong() >>> random.nextInt(64);
        switch (random.nextInt(3)) {
            case 0 -> length.length(value & 0x3FFF);
            case 1 -> length.u8(0x80).big(value, 4);
            default -> length.u8(0x81).big(value, 8);
        }
        byte[] bytes = length.bytes();
        System.arraycopy(bytes, 0, file, at, Math.min(bytes.length, file.length - at));
    }

    /** What redis-server 7.0.15 wrote: every type in every encoding, several databases. */
    private static byte[] real() {
        try (InputStream file = RdbFileFuzzTest.class.getResourceAsStream("redis-7.0.15.rdb")) {
            return file.readAllBytes();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static byte[] modules() {
        RdbBytes file = RdbBytes.file("REDIS0010");
        file.u8(0xF7).u8(0x81).big(0x1234_5678_9ABC_DEF0L, 8).length(2).length(2);
        file.length(1).length(5).length(5).string("text").length(4).little(0, 8).length(0);
        file.u8(0xF5)
                .string("#!lua name=lib\nredis.register_function('f', function() return 1 end)");
        file.u8(0xFE).length(1).key(0, "key").string("value");
        return file.end();
    }
}
