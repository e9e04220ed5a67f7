package dev.slotmesh.keyspace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on the groups of a stream and on maps side by side. */
class GroupModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 10_000);

    @ParameterizedTest
    @CsvSource({"1, 3, 2000", "2, 1000, 5000", "3, 40, 60"})
    void shouldAnswerAsMapsDo(long seed, int consumers, int ids) {
        try (Arena arena = new Arena(2, seed)) {
            Run run = new Run(arena, seed, consumers, ids);
            try {
                for (int step = 0; step < OPERATIONS; step++) {
                    run.step();
                    if (step % 4000 == 3999) {
                        run.compareAll(run.stream);
                        run.copyAndCompare();
                    }
                }
            } catch (AssertionError | IllegalStateException failure) {
                throw new AssertionError("seed " + seed, failure);
            }
            run.free(run.stream, arena.stripe(0), 5);
            run.name.close();

            assertThat(arena.usedBytes()).as("seed " + seed).isZero();
        }
    }

    private record Delivery(String consumer, long timeMs, long count) {}

    private static final class Group {
        private final TreeMap<String, Long> consumers = new TreeMap<>();
        private final TreeMap<StreamId, Delivery> pending = new TreeMap<>();
    }

    private static final class Run {
        private static final StreamStructure STRUCTURE = new StreamStructure();

        private final Arena arena;
        private final ArenaStripe stripe;
        private final SplittableRandom random;
        private final int consumers;
        private final int ids;
        private final long stream;
        private final NativeBuffer name = new NativeBuffer(16);
        private final ByteSpan span = new ByteSpan();
        private final TreeMap<String, Group> model = new TreeMap<>();

        Run(Arena arena, long seed, int consumers, int ids) {
            this.arena = arena;
            this.stripe = arena.stripe(0);
            this.random = new SplittableRandom(seed);
            this.consumers = consumers;
            this.ids = ids;
            this.stream = StreamHead.create(stripe);
        }

        void step() {
            String groupName = "g" + random.nextInt(4);
            Group expected = model.get(groupName);
            long group = Groups.find(stream, name.put(groupName));
            assertThat(group != 0).isEqualTo(expected != null);
            if (group == 0) {
                Groups.create(stripe, stream, name.put(groupName), id());
                model.put(groupName, new Group());
            } else if (random.nextInt(2000) == 0) {
                Groups.remove(stripe, stream, group);
                free(group, 3);
                model.remove(groupName);
            } else {
                act(group, expected);
            }
        }

        private void act(long group, Group expected) {
            String consumerName = "c" + random.nextInt(consumers);
            long consumer = Consumers.find(group, name.put(consumerName));
            assertThat(consumer != 0).isEqualTo(expected.consumers.containsKey(consumerName));
            if (consumer == 0) {
                long seenMs = random.nextLong();
                consumer = Consumers.create(stripe, group, name.put(consumerName), seenMs);
                expected.consumers.put(consumerName, seenMs);
            } else if (random.nextInt(60) == 0) {
                long count = Consumers.remove(stripe, group, consumer);
                int before = expected.pending.size();
                expected.pending.values().removeIf(entry -> entry.consumer.equals(consumerName));
                assertThat(count).isEqualTo(before - expected.pending.size());
                expected.consumers.remove(consumerName);
                return;
            }
            StreamId id = id();
            if (random.nextInt(10) < 3) {
                assertThat(Pending.remove(stripe, group, id.ms(), id.seq()))
                        .isEqualTo(expected.pending.remove(id) != null);
                return;
            }
            long entry = Pending.find(group, id.ms(), id.seq());
            assertThat(entry != 0).isEqualTo(expected.pending.containsKey(id));
            if (entry == 0) {
                entry = Pending.add(stripe, group, consumer, id.ms(), id.seq());
            } else {
                Pending.assign(stripe, entry, consumer);
            }
            Delivery delivery = new Delivery(consumerName, random.nextLong(), random.nextInt());
            Pending.deliveryTime(entry, delivery.timeMs);
            Pending.deliveryCount(entry, delivery.count);
            expected.pending.put(id, delivery);
        }

        private StreamId id() {
            return new StreamId(random.nextInt(ids) - 3L, random.nextInt(3));
        }

        void compareAll(long other) {
            List<String> names = new ArrayList<>();
            Groups.forEach(other, group -> {
                names.add(text(Groups.name(group, span)));
                compare(group, model.get(names.get(names.size() - 1)));
            });
            assertThat(names).containsExactlyElementsOf(model.keySet());
            assertThat(Groups.count(other)).isEqualTo(model.size());
        }

        private void compare(long group, Group expected) {
            List<String> names = new ArrayList<>();
            Consumers.forEach(group, consumer -> {
                String consumerName = text(Consumers.name(consumer, span));
                names.add(consumerName);
                assertThat(Consumers.seenTime(consumer))
                        .isEqualTo(expected.consumers.get(consumerName));
                List<StreamId> own = new ArrayList<>();
                PendingCursor cursor = PendingCursor.ofConsumer(consumer, StreamId.MIN);
                while (cursor.next()) {
                    own.add(cursor.id());
                }
                List<StreamId> wanted = new ArrayList<>();
                expected.pending.forEach((id, delivery) -> {
                    if (delivery.consumer.equals(consumerName)) {
                        wanted.add(id);
                    }
                });
                assertThat(own).isEqualTo(wanted);
            });
            assertThat(names).containsExactlyElementsOf(expected.consumers.keySet());
            IdTree.check(Groups.pending(group));
            PendingCursor cursor = PendingCursor.ofGroup(group, StreamId.MIN);
            expected.pending.forEach((id, delivery) -> {
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.id()).isEqualTo(id);
                long entry = Pending.find(group, id.ms(), id.seq());
                assertThat(text(Consumers.name(Pending.consumer(entry), span)))
                        .isEqualTo(delivery.consumer);
                assertThat(Pending.deliveryTime(entry)).isEqualTo(delivery.timeMs);
                assertThat(Pending.deliveryCount(entry)).isEqualTo(delivery.count);
            });
            assertThat(cursor.next()).isFalse();
        }

        void copyAndCompare() {
            ArenaStripe into = arena.stripe(1);
            long before = arena.usedBytes();
            long copy = STRUCTURE.copy(stream, into);
            compareAll(copy);
            assertThat(STRUCTURE.bytes(copy, 0)).isEqualTo(arena.usedBytes() - before);
            free(copy, into, 4);
            assertThat(arena.usedBytes()).isEqualTo(before);
        }

        void free(long handle, ArenaStripe from, int blocksAStep) {
            long left = handle;
            while (left != 0) {
                left = STRUCTURE.free(from, left, blocksAStep);
            }
        }

        private void free(long group, int blocksAStep) {
            GroupStructure structure = new GroupStructure();
            assertThat(structure.blocks(group)).isPositive();
            long left = group;
            while (left != 0) {
                left = structure.free(stripe, left, blocksAStep);
            }
        }

        private static String text(ByteSpan bytes) {
            return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
        }
    }
}
