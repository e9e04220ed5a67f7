package dev.slotmesh.keyspace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.NativeMemory;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on a tree and on a TreeMap side by side. */
class IdTreeTest {
    private static final int RECORD_BYTES = IdPage.ID_BYTES + 8;
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 20_000);

    /** Inserted of ten operations, and how far IDs lie apart. */
    @ParameterizedTest
    @CsvSource({"1, 5, 100", "2, 6, 30000", "3, 7, 1000000", "4, 5, 6", "5, 9, 2000000000"})
    void shouldAnswerAsATreeMapDoes(long seed, int inserted, int range) {
        try (Arena arena = new Arena(1, seed)) {
            Run run = new Run(arena.stripe(0), seed);
            for (int step = 0; step < OPERATIONS; step++) {
                run.step(inserted, range, step);
            }
            run.compareAll();
            run.dropEverything();

            assertThat(arena.usedBytes()).as("seed " + seed).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 63", "1, 64", "1, 65", "2, 4096", "3, 50000"})
    void shouldKeepFullPagesOfGrowingIds(long seed, int count) {
        try (Arena arena = new Arena(1, seed)) {
            Run run = new Run(arena.stripe(0), seed);
            for (int i = 0; i < count; i++) {
                run.insert(new StreamId(i / 7, i % 7));
                if (i % 1000 == 999) {
                    IdTree.check(run.tree);
                }
            }
            run.compareAll();
            long filled = (long) count * RECORD_BYTES;
            assertThat(IdTree.bytes(run.tree)).isLessThan(filled * 11 / 10 + 6000);

            for (StreamId id : run.model.keySet().toArray(new StreamId[0])) {
                run.remove(id);
            }
            IdTree.check(run.tree);
            run.dropEverything();

            assertThat(arena.usedBytes()).isZero();
        }
    }

    private static final class Run {
        private final ArenaStripe stripe;
        private final long tree;
        private final SplittableRandom random;
        private final String at;
        private final TreeMap<StreamId, Long> model = new TreeMap<>();

        Run(ArenaStripe stripe, long seed) {
            this.stripe = stripe;
            this.tree = stripe.allocate(IdTree.BYTES);
            this.random = new SplittableRandom(seed);
            this.at = "seed " + seed + " step %d";
            IdTree.initialise(tree);
        }

        void step(int inserted, int range, int step) {
            StreamId id = new StreamId(random.nextInt(3) - 1, random.nextInt(range));
            // Waves: the share of removals changes, so that the tree grows high and shrinks again.
            int share = step / 5000 % 2 == 0 ? inserted : 10 - inserted;
            if (random.nextInt(10) < share) {
                insert(id);
            } else if (random.nextInt(4) > 0 && !model.isEmpty()) {
                StreamId near = model.floorKey(id);
                remove(near == null ? model.firstKey() : near);
            } else {
                remove(id);
            }
            look(new StreamId(random.nextInt(3) - 1, random.nextInt(range)), step);
            if (step % 5000 == 0) {
                compareAll();
            }
        }

        void insert(StreamId id) {
            long value = random.nextLong();
            long record = IdTree.find(tree, id.ms(), id.seq());
            assertThat(record != 0).as("%s", id).isEqualTo(model.containsKey(id));
            if (record == 0) {
                record = IdTree.insert(stripe, tree, RECORD_BYTES, id.ms(), id.seq());
            }
            NativeMemory.writeLong(record + IdPage.ID_BYTES, value);
            model.put(id, value);
        }

        void remove(StreamId id) {
            boolean removed = IdTree.remove(stripe, tree, id.ms(), id.seq());
            assertThat(removed).as("%s", id).isEqualTo(model.remove(id) != null);
        }

        void look(StreamId id, int step) {
            long after = IdTree.atOrAfter(tree, id.ms(), id.seq());
            long before = IdTree.atOrBefore(tree, id.ms(), id.seq());
            compare(after, model.ceilingEntry(id), step);
            compare(before, model.floorEntry(id), step);
            if (after != 0) {
                compare(IdTree.previous(after), model.lowerEntry(id), step);
            }
            if (before != 0) {
                compare(IdTree.next(before), model.higherEntry(id), step);
            }
        }

        private void compare(long place, Map.Entry<StreamId, Long> expected, int step) {
            if (place == 0 || expected == null) {
                assertThat(place == 0).as(at, step).isEqualTo(expected == null);
                return;
            }
            long record = IdTree.record(place);
            StreamId id = new StreamId(IdPage.ms(record), IdPage.seq(record));
            assertThat(id).as(at, step).isEqualTo(expected.getKey());
            assertThat(NativeMemory.readLong(record + IdPage.ID_BYTES))
                    .as(at, step)
                    .isEqualTo(expected.getValue());
        }

        void compareAll() {
            IdTree.check(tree);
            assertThat(IdTree.size(tree)).isEqualTo(model.size());
            long place = IdTree.first(tree);
            for (Map.Entry<StreamId, Long> entry : model.entrySet()) {
                compare(place, entry, -1);
                place = IdTree.next(place);
            }
            assertThat(place).isZero();
        }

        void dropEverything() {
            while (IdTree.size(tree) > 0) {
                IdTree.dropLastLeaf(stripe, tree);
            }
            stripe.free(tree, IdTree.BYTES);
        }
    }
}
