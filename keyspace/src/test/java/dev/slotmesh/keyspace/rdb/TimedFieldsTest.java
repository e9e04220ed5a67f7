package dev.slotmesh.keyspace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deadlines of fields in files: what is written is read, by those who drop what is past and those who keep it. */
class TimedFieldsTest {
    private static final long NOW = OldForms.NOW;
    private static final String NAME = "slotmesh-field-deadlines";
    private static final RdbLoadSettings PRIMARY = RdbLoadSettings.ofPrimary(NOW);

    private final Keyspace from = new Keyspace(KeyspaceSettings.standalone(16, 1));
    private final Keyspace to = new Keyspace(KeyspaceSettings.standalone(16, 2));
    private final NativeBuffer key = new NativeBuffer(64);
    private final NativeBuffer field = new NativeBuffer(64);
    private final NativeBuffer value = new NativeBuffer(64);

    @AfterEach
    void free() {
        RdbFiles.empty(from);
        RdbFiles.empty(to);
        assertThat(to.memoryUse().usedBytes()).isZero();
        from.close();
        to.close();
        key.close();
        field.close();
        value.close();
    }

    @Test
    void shouldKeepEachDeadlineOfAnyHash() {
        SplittableRandom random = new SplittableRandom(5);
        int[] sizes = {1, 2, 30, 600, 20_000};
        for (int size : sizes) {
            for (int i = 0; i < size; i++) {
                boolean timed = i == 0 || random.nextInt(4) > 0;
                long deadline = NOW + random.nextLong(size == 2 ? 1L << 45 : 100_000);
                set(from, "hash" + size, "f" + i, timed ? deadline : FieldDeadlines.NONE);
            }
        }
        set(from, "plain", "f", FieldDeadlines.NONE);

        RdbFileSummary summary = RdbFiles.load(written(NOW), 999, to, PRIMARY);

        assertThat(summary.keys()).isEqualTo(sizes.length + 1);
        assertThat(summary.aux()).isEmpty();
        for (int size : sizes) {
            for (int i = 0; i < size; i++) {
                assertThat(deadline(to, "hash" + size, "f" + i))
                        .as("f%d of hash%d", i, size)
                        .isEqualTo(deadline(from, "hash" + size, "f" + i))
                        .isNotEqualTo(FieldDeadlines.NO_FIELD);
            }
        }
        assertThat(deadline(to, "plain", "f")).isEqualTo(FieldDeadlines.NONE);
    }

    @Test
    void shouldPassOverManyFieldsWithoutDeadline() {
        for (int i = 0; i < 200_000; i++) {
            set(from, "hash", "f" + i, i == 77_777 ? NOW + 5 : FieldDeadlines.NONE);
        }

        RdbFiles.load(written(NOW), 100_000, to, PRIMARY);

        assertThat(deadline(to, "hash", "f77777")).isEqualTo(NOW + 5);
        assertThat(deadline(to, "hash", "f77778")).isEqualTo(FieldDeadlines.NONE);
        assertThat(size("hash")).isEqualTo(200_000);
    }

    @Test
    void shouldDropFieldsPastTheirTimeAsAPrimaryOnly() {
        set(from, "some", "past", NOW - 1);
        set(from, "some", "now", NOW);
        set(from, "all", "past", NOW - 1);
        byte[] file = written(NOW - 10);

        RdbFileSummary dropped = RdbFiles.load(file, 1000, to, PRIMARY);
        assertThat(dropped.keys()).isOne();
        assertThat(dropped.expiredKeys()).isOne();
        assertThat(size("some")).isOne();
        assertThat(size("all")).isZero();
        RdbFiles.empty(to);

        assertThat(RdbFiles.load(file, 1000, to, PRIMARY.keepingExpired()).keys())
                .isEqualTo(2);
        assertThat(size("some")).isEqualTo(2);
        assertThat(size("all")).isOne();
    }

    @Test
    void shouldReplaceAKeyByAHashWithDeadlines() {
        set(from, "hash", "new", NOW + 7);
        set(to, "hash", "old", NOW + 8);
        set(from, "gone", "past", NOW - 1);
        set(to, "gone", "old", FieldDeadlines.NONE);

        RdbFiles.load(written(NOW - 10), 1000, to, PRIMARY.replacing());

        assertThat(deadline(to, "hash", "new")).isEqualTo(NOW + 7);
        assertThat(deadline(to, "hash", "old")).isEqualTo(FieldDeadlines.NO_FIELD);
        assertThat(deadline(to, "gone", "old")).isEqualTo(FieldDeadlines.NONE);
    }

    @Test
    void shouldReadTheDocumentedForm() {
        byte[] file = file().u8(0xFA)
                .string(NAME)
                .string(text(0, word(1, NOW + 1), word(0, NOW + 2)))
                .u8(0xFA)
                .string(NAME)
                .string(text(0, word(0, 0), word(0, NOW + 3)))
                .u8(0xFC)
                .little(OldForms.LATER, 8)
                .key(4, "hash")
                .length(6)
                .raw(fields(6))
                .end();

        RdbFiles.load(file, 7, to, PRIMARY);

        long none = FieldDeadlines.NONE;
        long[] deadlines = {none, NOW + 1, NOW + 2, none, NOW + 3, none};
        for (int i = 0; i < deadlines.length; i++) {
            assertThat(deadline(to, "hash", "f" + i)).isEqualTo(deadlines[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 4, no known form",
        "0, 0, 4, wrong length",
        "0, 8193, 4, wrong length",
        "0, 3, 4, not there",
        "0, 1, 0, another value",
        "0, 1, 16, another value",
        "0, 1, 254, without their hash",
        "0, 1, 255, without their hash",
        "0, -1, 4, wrong length",
        "0, -2, 4, out of range"
    })
    void shouldRefuseWhatIsWrong(int form, int count, int next, String reason) {
        byte[] text = text(form, new long[Math.max(0, count)]);
        if (count == -1) {
            text = new byte[] {0, 1, 2, 3};
        } else if (count == -2) {
            text = text(form, word(0, 1L << 46));
        }
        RdbBytes file = file().u8(0xFA).string(NAME).string(text);
        switch (next) {
            case 0 -> file.key(0, "string").string("v");
            case 16 -> file.key(16, "packed").string(RdbBytes.listpack("f", "v"));
            case 254 -> file.u8(254).length(1).key(4, "hash").length(2).raw(fields(2));
            case 255 -> file.u8(0xFA).string("ctime").string("1");
            default -> file.key(4, "hash").length(2).raw(fields(2));
        }

        RdbFormatException wrong = catchThrowableOfType(
                RdbFormatException.class, () -> RdbFiles.load(file.end(), 50, to, PRIMARY));

        assertThat(wrong).hasMessageContaining(reason);
        assertThat(wrong.offset()).isPositive();
    }

    private byte[] written(long nowMs) {
        return RdbFiles.write(from, true, Map.of(), nowMs);
    }

    private static RdbBytes file() {
        return RdbBytes.file("REDIS0010").u8(0xFE).length(0);
    }

    private static byte[] fields(int count) {
        RdbBytes fields = new RdbBytes();
        for (int i = 0; i < count; i++) {
            fields.string("f" + i).string("v");
        }
        return fields.bytes();
    }

    private static long word(long passedOver, long deadline) {
        return passedOver << 48 | deadline;
    }

    private static byte[] text(int form, long... words) {
        RdbBytes text = new RdbBytes().u8(form);
        for (long word : words) {
            text.little(word, 8);
        }
        return text.bytes();
    }

    private void set(Keyspace keyspace, String name, String fieldName, long deadline) {
        keyspace.locks().lockWorld();
        try {
            Slot slot = keyspace.database(0).slot(HashSlot.of(key.put(name)));
            long entry = slot.peek(key.span(), NOW);
            if (entry == Slot.ABSENT) {
                entry = Hashes.create(slot, key.span(), NOW);
            }
            Hashes.set(slot, entry, field.put(fieldName), value.put("value"), 0);
            FieldDeadlines.set(slot, entry, field.span(), deadline);
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    private long deadline(Keyspace keyspace, String name, String fieldName) {
        keyspace.locks().lockWorld();
        try {
            Slot slot = keyspace.database(0).slot(HashSlot.of(key.put(name)));
            long entry = slot.peek(key.span(), NOW);
            return entry == Slot.ABSENT
                    ? FieldDeadlines.NO_FIELD
                    : FieldDeadlines.get(slot, entry, field.put(fieldName), 0);
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    private long size(String name) {
        to.locks().lockWorld();
        try {
            Slot slot = to.database(0).slot(HashSlot.of(key.put(name)));
            long entry = slot.peek(key.span(), NOW);
            return entry == Slot.ABSENT ? 0 : Hashes.size(slot, entry);
        } finally {
            to.locks().unlockWorld();
        }
    }
}
