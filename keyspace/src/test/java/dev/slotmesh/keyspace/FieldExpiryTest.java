package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deadlines of fields, with the time as a parameter. */
class FieldExpiryTest {
    private static final long NOW = SmallKeyspace.NOW;
    private static final int SLOT = 7;

    private final SmallKeyspace small = new SmallKeyspace();
    private final Slot slot = small.slot(SLOT);
    private final NativeBuffer field = new NativeBuffer(64);

    @AfterEach
    void close() {
        small.close();
        field.close();
    }

    @Test
    void shouldHideAFieldPastItsDeadlineAndShowTheOthers() {
        long entry = hash("h", "a", "b");

        FieldDeadlines.set(slot, entry, field.put("a"), NOW + 10);

        assertThat(Hashes.find(slot, entry, field.put("a"), NOW + 10)).isNotEqualTo(Hashes.ABSENT);
        assertThat(Hashes.find(slot, entry, field.put("a"), NOW + 11)).isEqualTo(Hashes.ABSENT);
        assertThat(Hashes.find(slot, entry, field.put("b"), NOW + 11)).isNotEqualTo(Hashes.ABSENT);
        assertThat(new HashWalk(slot, entry, NOW + 11).count()).isEqualTo(1);
        assertThat(Hashes.size(slot, entry)).isEqualTo(2);
    }

    @Test
    void shouldDeleteDueFieldsInTheCycleAndTheKeyWithTheLast() {
        List<Long> sizes = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        small.keyspace.expiredFieldLog((of, entry) -> sizes.add(Hashes.size(of, entry)));
        small.keyspace.fieldRemovalLog((of, entry, name) ->
                fields.add(new String(name.toByteArray(), StandardCharsets.US_ASCII)
                        + Hashes.size(of, entry)));
        long entry = hash("h", "a", "b");
        FieldDeadlines.set(slot, entry, field.put("a"), NOW + 10);
        FieldDeadlines.set(slot, entry, field.put("b"), NOW + 20);
        small.keyspace.locks().unlockWorld();
        ExpiryCycle cycle = new ExpiryCycle(small.keyspace);

        cycle.run(NOW + 10, 1_000_000_000, 1);
        long first = small.keyspace.expiredFieldCount();
        cycle.run(NOW + 11, 1_000_000_000, 1);
        long second = small.keyspace.expiredFieldCount();
        cycle.run(NOW + 21, 1_000_000_000, 1);

        assertThat(first).isZero();
        assertThat(second).isEqualTo(1);
        assertThat(small.keyspace.expiredFieldCount()).isEqualTo(2);
        assertThat(sizes).containsExactly(1L, 0L);
        assertThat(fields).containsExactly("a2", "b1");
        small.keyspace.locks().lockWorld();
        assertThat(slot.keyCount()).isZero();
        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
    }

    @Test
    void shouldForgetAHashWithItsKey() {
        Map<String, Consumer<Long>> ways = new LinkedHashMap<>();
        ways.put("deleted", slot::removeEntry);
        ways.put("renamed", entry -> slot.moveTo(entry, small.slot(9), small.key("elsewhere")));
        ways.put("a string", entry -> small.put(SLOT, "h", "value"));
        ways.put("another hash", entry -> hash("h", "a"));
        ways.put("replaced by RENAME", entry -> {
            small.put(SLOT, "s", "value");
            slot.moveTo(slot.peek(small.key("s"), NOW), slot, small.key("h"));
        });
        ways.put("expired, met", entry -> {
            slot.setExpireAt(entry, NOW - 1);
            slot.peek(small.key("h"), NOW);
        });
        ways.put("expired, found", entry -> {
            slot.setExpireAt(entry, NOW - 1);
            slot.removeDue(0, NOW, 1000);
        });

        ways.forEach((name, way) -> {
            long entry = hash("h", "a", "b");
            FieldDeadlines.set(slot, entry, field.put("a"), NOW + 10);
            assertThat(small.database.hasDeadlines(SLOT)).as(name).isTrue();

            way.accept(entry);

            assertThat(small.database.hasDeadlines(SLOT)).as(name).isFalse();
            slot.remove(small.key("h"), NOW);
        });
        small.database.flush();
        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
    }

    @Test
    void shouldForgetManyNamesInBoundedSteps() {
        for (int i = 0; i < 20_000; i++) {
            FieldDeadlines.set(slot, hash("h" + i, "a"), field.put("a"), NOW + 1000);
        }

        int steps = 1;
        while (!slot.timedHashes().freeSome()) {
            steps++;
        }

        assertThat(steps).isBetween(4, 12);
    }

    @Test
    void shouldFindHashesThatMoved() {
        long entry = hash("h", "a", "b");
        FieldDeadlines.set(slot, entry, field.put("a"), NOW + 10);
        Slot other = small.slot(9);

        slot.moveTo(entry, other, small.key("elsewhere"));
        other.copyTo(other.peek(small.key("elsewhere"), NOW), slot, small.key("copy"), NOW);
        slot.timedHashes().removeDue(slot, NOW + 11);
        other.timedHashes().removeDue(other, NOW + 11);

        assertThat(Hashes.size(slot, slot.peek(small.key("copy"), NOW))).isEqualTo(1);
        assertThat(Hashes.size(other, other.peek(small.key("elsewhere"), NOW))).isEqualTo(1);
        assertThat(small.keyspace.expiredFieldCount()).isEqualTo(2);
    }

    @Test
    void shouldForgetADeadlineWhenTheFieldIsSetAndKeepItWhenItsValueIsReplaced() {
        long entry = hash("h", "a", "b");
        FieldDeadlines.set(slot, entry, field.put("a"), NOW + 10);
        FieldDeadlines.set(slot, entry, field.put("b"), NOW + 10);

        Hashes.set(slot, entry, field.put("a"), small.value("2"), NOW);
        Hashes.replace(slot, entry, field.put("b"), small.value("2"));

        assertThat(FieldDeadlines.get(slot, entry, field.put("a"), NOW))
                .isEqualTo(FieldDeadlines.NONE);
        assertThat(FieldDeadlines.get(slot, entry, field.put("b"), NOW)).isEqualTo(NOW + 10);
        assertThat(FieldDeadlines.get(slot, entry, field.put("c"), NOW))
                .isEqualTo(FieldDeadlines.NO_FIELD);
    }

    @Test
    void shouldNameTheEncodingBySize() {
        long entry = hash("h", "a", "b");
        assertThat(slot.encoding(entry)).isEqualTo(ValueEncoding.LISTPACK);

        FieldDeadlines.set(slot, entry, field.put("a"), NOW + 10);
        assertThat(slot.encoding(entry).wireName()).isEqualTo("listpackex");

        Hashes.set(slot, entry, field.put("long"), small.value("x".repeat(65)), NOW);
        assertThat(slot.encoding(entry).wireName()).isEqualTo("hashtable");
    }

    @Test
    void shouldShowEverythingWhileDeadlinesAreIgnored() {
        long entry = hash("h", "a");
        FieldDeadlines.set(slot, entry, field.put("a"), NOW + 10);

        small.keyspace.expiryMode(ExpiryMode.IGNORE);

        assertThat(Hashes.find(slot, entry, field.put("a"), NOW + 11)).isNotEqualTo(Hashes.ABSENT);
    }

    @Test
    void shouldDeleteManyDueFieldsInBoundedSteps() {
        long entry = hash("h", "stays");
        for (int i = 0; i < 20_000; i++) {
            Hashes.set(slot, entry, field.put("f" + i), small.value("v"), NOW);
            FieldDeadlines.set(slot, entry, field.put("f" + i), NOW + 1 + i % 10);
        }

        int steps = 1;
        while (slot.timedHashes().removeDue(slot, NOW + 100)) {
            steps++;
        }

        assertThat(steps).isBetween(4, 20);
        assertThat(Hashes.size(slot, slot.peek(small.key("h"), NOW))).isEqualTo(1);
    }

    @Test
    void shouldFreeEverythingWithTheDatabase() {
        long entry = hash("h", "a", "b");
        FieldDeadlines.set(slot, entry, field.put("a"), NOW + 10);

        small.database.flush();

        assertThat(small.keyspace.memoryUse().usedBytes()).isZero();
    }

    private long hash(String key, String... fields) {
        long entry = Hashes.create(slot, small.key(key), NOW);
        for (String name : fields) {
            Hashes.set(slot, entry, field.put(name), small.value("1"), NOW);
        }
        return entry;
    }
}
