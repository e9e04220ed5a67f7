package dev.slotmesh.keyspace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.ByteSpans;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on a stream and on a TreeMap of entries side by side. */
class StreamModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 8_000);
    private static final StreamStructure STRUCTURE = new StreamStructure();

    /** The limits of a node, and of how many entries are kept. */
    @ParameterizedTest
    @CsvSource({"1, 4096, 100, 3000", "2, 300, 1000, 500", "3, 65536, 300, 4000", "4, 1, 1, 200"})
    void shouldAnswerAsATreeMapDoes(long seed, int nodeBytes, int nodeEntries, int kept) {
        try (Arena arena = new Arena(2, seed)) {
            Run run = new Run(arena, seed, nodeBytes, nodeEntries);
            try {
                for (int step = 0; step < OPERATIONS; step++) {
                    run.step(kept);
                    if (step % 2000 == 1999) {
                        run.compareAll(run.stream);
                        run.copyAndCompare();
                    }
                }
                run.compareAll(run.stream);
            } catch (AssertionError | IllegalStateException failure) {
                throw new AssertionError("seed " + seed, failure);
            }
            run.free(run.stream, 7);
            run.close();

            assertThat(arena.usedBytes()).as("seed " + seed).isZero();
        }
    }

    private static final class Run implements AutoCloseable {
        private final Arena arena;
        private final ArenaStripe stripe;
        private final SplittableRandom random;
        private final int nodeBytes;
        private final int nodeEntries;
        private final long stream;
        private final TreeMap<StreamId, List<String>> model = new TreeMap<>();
        private final EntryCursor cursor = new EntryCursor();
        private final ByteSpan span = new ByteSpan();
        private final Texts texts = new Texts();
        private StreamId maxDeleted = StreamId.MIN;
        private StreamId last = StreamId.MIN;
        private long added;

        Run(Arena arena, long seed, int nodeBytes, int nodeEntries) {
            this.arena = arena;
            this.stripe = arena.stripe(0);
            this.random = new SplittableRandom(seed);
            this.nodeBytes = nodeBytes;
            this.nodeEntries = nodeEntries;
            this.stream = StreamHead.create(stripe);
        }

        void step(int kept) {
            int dice = random.nextInt(100);
            if (dice < 60) {
                add();
            } else if (dice < 80) {
                delete();
            } else if (dice < 82 && model.size() > kept) {
                trim(kept / 2 + random.nextInt(kept));
            } else {
                range();
            }
            assertThat(StreamHead.length(stream)).isEqualTo(model.size());
            assertThat(StreamHead.lastId(stream)).isEqualTo(last);
            assertThat(StreamHead.maxDeletedId(stream)).isEqualTo(maxDeleted);
            assertThat(StreamHead.entriesAdded(stream)).isEqualTo(added);
            assertThat(StreamHead.firstId(stream))
                    .isEqualTo(model.isEmpty() ? StreamId.MIN : model.firstKey());
        }

        private void add() {
            last = random.nextInt(3) == 0
                    ? new StreamId(last.ms() + 1 + random.nextLong(1L << random.nextInt(40)), 0)
                    : new StreamId(last.ms(), last.seq() + 1 + random.nextInt(300));
            List<String> words = words();
            StreamHead.lastId(stream, last.ms(), last.seq());
            long bytes = texts.set(words);
            boolean toTail = StreamEntries.tailTakes(stream, bytes, nodeBytes, nodeEntries);
            StreamEntries.append(stripe, stream, texts, 0, toTail);
            model.put(last, words);
            added++;
        }

        private List<String> words() {
            List<String> words = new ArrayList<>();
            int pairs = random.nextInt(3) > 0 ? 2 : 1 + random.nextInt(5);
            for (int i = 0; i < pairs; i++) {
                words.add(random.nextInt(5) > 0 ? "field" + i : value());
                words.add(value());
            }
            return words;
        }

        private String value() {
            return switch (random.nextInt(5)) {
                case 0 -> Long.toString(random.nextLong() >> random.nextInt(64));
                case 1 -> "";
                case 2 -> "x".repeat(random.nextInt(200));
                case 3 -> "0" + random.nextInt(10);
                default -> "v" + random.nextInt(1000);
            };
        }

        private void delete() {
            if (model.isEmpty()) {
                return;
            }
            StreamId some = somewhere();
            StreamId id = random.nextInt(5) == 0 ? some : model.floorKey(some);
            id = id == null ? model.firstKey() : id;
            boolean there = model.remove(id) != null;
            assertThat(StreamEntries.delete(stripe, stream, id.ms(), id.seq())).isEqualTo(there);
            if (there && maxDeleted.isBefore(id)) {
                maxDeleted = id;
            }
        }

        private void trim(int length) {
            boolean approximate = random.nextBoolean();
            if (random.nextBoolean()) {
                int limit = approximate ? random.nextInt(3) * 150 : 0;
                long gone = StreamEntries.trim(
                        stripe, stream, Trimming.toLength(length, approximate, limit));
                long most = Math.max(0, model.size() - length);
                assertThat(gone).isBetween(approximate ? 0 : most, most);
                if (limit > 0) {
                    assertThat(gone).isLessThanOrEqualTo(limit);
                }
                dropFirst(gone);
            } else {
                StreamId from = somewhere();
                long gone = StreamEntries.trim(stripe, stream, Trimming.toId(from, approximate, 0));
                long most = model.headMap(from, false).size();
                assertThat(gone).isBetween(approximate ? 0 : most, most);
                dropFirst(gone);
            }
        }

        private void dropFirst(long count) {
            for (long i = 0; i < count; i++) {
                model.pollFirstEntry();
            }
        }

        private StreamId somewhere() {
            if (model.isEmpty()) {
                return new StreamId(random.nextInt(5), random.nextInt(5));
            }
            long low = model.firstKey().ms();
            long high = model.lastKey().ms();
            return new StreamId(low + random.nextLong(high - low + 1), random.nextInt(2000));
        }

        private void range() {
            StreamId one = somewhere();
            StreamId other = random.nextInt(4) == 0 ? StreamId.MAX : somewhere();
            StreamId from = one.isBefore(other) ? one : other;
            StreamId to = one.isBefore(other) ? other : one;
            NavigableMap<StreamId, List<String>> expected = model.subMap(from, true, to, true);
            int most = 1 + random.nextInt(50);
            boolean backward = random.nextBoolean();
            if (backward) {
                cursor.backward(stream, to, from);
                expected = expected.descendingMap();
            } else {
                cursor.forward(stream, from, to);
            }
            int seen = 0;
            for (var entry : expected.entrySet()) {
                if (seen++ == most) {
                    return;
                }
                assertThat(cursor.next()).isTrue();
                compare(entry.getKey(), entry.getValue());
            }
            assertThat(cursor.next()).isFalse();
        }

        private void compare(StreamId id, List<String> words) {
            assertThat(cursor.id()).isEqualTo(id);
            assertThat(cursor.fieldCount()).isEqualTo(words.size() / 2);
            for (String word : words) {
                cursor.nextPart();
                String text = cursor.isInteger()
                        ? Long.toString(cursor.integer())
                        : new String(
                                cursor.string(span).toByteArray(), StandardCharsets.ISO_8859_1);
                assertThat(text).isEqualTo(word);
            }
        }

        void compareAll(long other) {
            IdTree.check(StreamHead.nodes(other));
            cursor.forward(other, StreamId.MIN, StreamId.MAX);
            model.forEach((id, words) -> {
                assertThat(cursor.next()).isTrue();
                compare(id, words);
            });
            assertThat(cursor.next()).isFalse();
        }

        /** By COPY's way and by that of RESTORE. */
        void copyAndCompare() {
            ArenaStripe into = arena.stripe(1);
            long before = arena.usedBytes();
            long copy = STRUCTURE.copy(stream, into);
            compareAll(copy);
            assertThat(STRUCTURE.bytes(copy, 0)).isEqualTo(arena.usedBytes() - before);
            assertThat(STRUCTURE.free(into, copy, Integer.MAX_VALUE)).isZero();

            long built = StreamHead.create(into);
            NodeCursor nodes = new NodeCursor(stream);
            while (nodes.next()) {
                boolean good = StreamParts.addNode(
                        into, built, nodes.ms(), nodes.seq(), nodes.listpack(span));
                assertThat(good).isTrue();
            }
            assertThat(StreamParts.complete(built, model.size() + 1, last)).isFalse();
            assertThat(StreamParts.complete(built, model.size(), last)).isTrue();
            compareAll(built);
            assertThat(StreamHead.firstId(built)).isEqualTo(StreamHead.firstId(stream));
            assertThat(STRUCTURE.free(into, built, Integer.MAX_VALUE)).isZero();
            assertThat(arena.usedBytes()).isEqualTo(before);
        }

        void free(long handle, int blocksAStep) {
            long left = handle;
            while (left != 0) {
                left = STRUCTURE.free(stripe, left, blocksAStep);
            }
        }

        @Override
        public void close() {
            texts.close();
        }
    }

    /** Words in native memory. */
    private static final class Texts implements ByteSpans, AutoCloseable {
        private final List<NativeBuffer> buffers = new ArrayList<>();
        private int count;

        long set(List<String> words) {
            count = words.size();
            long bytes = 0;
            for (int i = 0; i < count; i++) {
                if (i == buffers.size()) {
                    buffers.add(new NativeBuffer(16));
                }
                buffers.get(i).put(words.get(i));
                bytes += words.get(i).length();
            }
            return bytes;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public ByteSpan span(int index) {
            return buffers.get(index).span();
        }

        @Override
        public void close() {
            buffers.forEach(NativeBuffer::close);
        }
    }
}
