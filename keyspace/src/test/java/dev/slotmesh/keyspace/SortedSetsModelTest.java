package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on a sorted set and on a sorted list side by side, in either encoding. */
class SortedSetsModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 30_000);
    private static final long NOW = SmallKeyspace.NOW;
    private static final double[] SCORES = {
        0,
        1,
        -1,
        0.1,
        2.5,
        1e17,
        -1e17,
        1e300,
        5e-324,
        1e-5,
        123_456_789.123,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        9_007_199_254_740_993.0,
        4_611_686_018_427_387_904.0,
        9_223_372_036_854_775_807.0
    };

    private final SmallKeyspace small = new SmallKeyspace();
    private final Slot slot = small.slot(3);
    private final NativeBuffer nameBuffer = new NativeBuffer(128);
    private final NativeBuffer scratch = new NativeBuffer(DecimalLong.LONGEST);
    private final ByteSpan span = new ByteSpan();
    private final Map<String, Double> scores = new HashMap<>();
    private final List<Member> order = new ArrayList<>();

    private record Member(double score, String name) implements Comparable<Member> {
        @Override
        public int compareTo(Member other) {
            return score < other.score ? -1 : score > other.score ? 1 : name.compareTo(other.name);
        }
    }

    @AfterEach
    void close() {
        nameBuffer.close();
        scratch.close();
        small.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 30", "2, 100", "3, 200", "4, 5000"})
    void shouldAnswerAsASortedListDoes(long seed, int names) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < OPERATIONS; step++) {
            String run = "seed " + seed + ", step " + step;
            String name = name(random.nextInt(names));
            if (random.nextInt(3) < (step / (3 * names) % 2 == 0 ? 1 : 2)) {
                remove(name, run);
            } else {
                put(name, score(random), run);
            }
            if (random.nextInt(10 * names) == 0) {
                removeRange(random.nextInt(order.size() + 1), random.nextInt(names), run);
            }
            if (random.nextInt(200) == 0) {
                compare(run);
            }
        }
        compare("seed " + seed);
        copyAndRemove("seed " + seed);
    }

    @Test
    void shouldTurnIntoATableWhereTheLimitsSay() {
        for (int i = 0; i < 128; i++) {
            put("m" + i, i, "limit");
        }
        assertThat(small.encoding(3, "z")).isEqualTo("listpack");
        put("m5", 1000, "limit");
        assertThat(small.encoding(3, "z")).isEqualTo("listpack");
        put("one more", 1, "limit");
        assertThat(small.encoding(3, "z")).isEqualTo("skiplist");
        compare("limit");
        copyAndRemove("limit");

        put("x".repeat(64), 1, "length");
        assertThat(small.encoding(3, "z")).isEqualTo("listpack");
        put("x".repeat(65), 1, "length");
        assertThat(small.encoding(3, "z")).isEqualTo("skiplist");
        copyAndRemove("length");
    }

    /** Integers in their only decimal form, other text, and both near the longest that stays packed. */
    private static String name(int number) {
        return switch (number % 4) {
            case 0 -> Integer.toString(number - 50);
            case 1 -> Long.toString(number * 1_234_567_890_123L - 20_000_000_000_000L);
            case 2 -> "member:" + number;
            default -> "long:" + "x".repeat(50) + number;
        };
    }

    private static double score(SplittableRandom random) {
        return random.nextInt(3) == 0
                ? SCORES[random.nextInt(SCORES.length)]
                : random.nextInt(3) == 0 ? random.nextDouble() : random.nextInt(-20, 20);
    }

    private void put(String name, double score, String run) {
        long entry = slot.find(small.key("z"), NOW);
        if (entry == Slot.ABSENT) {
            entry = SortedSets.create(slot, small.key("z"), NOW);
        }
        Double before = scores.put(name, score);
        assertThat(SortedSets.put(slot, entry, nameBuffer.put(name), score))
                .as(run)
                .isEqualTo(before == null);
        if (before != null) {
            order.remove(Collections.binarySearch(order, new Member(before, name)));
        }
        Member member = new Member(score, name);
        order.add(-Collections.binarySearch(order, member) - 1, member);
    }

    private void remove(String name, String run) {
        long entry = slot.find(small.key("z"), NOW);
        assertThat(entry != Slot.ABSENT).as(run).isEqualTo(!scores.isEmpty());
        if (entry == Slot.ABSENT) {
            return;
        }
        long member = SortedSets.find(slot, entry, nameBuffer.put(name));
        Double before = scores.remove(name);
        assertThat(member != SortedMember.ABSENT).as(run).isEqualTo(before != null);
        if (before != null) {
            assertThat(SortedMember.score(member)).as(run).isEqualTo(before);
            int rank = Collections.binarySearch(order, new Member(before, name));
            assertThat(SortedRanges.rank(slot, entry, member)).as(run).isEqualTo(rank);
            order.remove(rank);
            SortedSets.remove(slot, entry, member);
            assertThat(SortedSets.removeIfEmpty(slot, entry)).as(run).isEqualTo(scores.isEmpty());
        }
    }

    private void removeRange(int first, int most, String run) {
        int count = Math.min(most, order.size() - first);
        long entry = slot.find(small.key("z"), NOW);
        if (count > 0) {
            boolean gone = SortedRanges.remove(slot, entry, new RankExtent(first, count));
            assertThat(gone).as(run).isEqualTo(count == order.size());
            List<Member> removed = order.subList(first, first + count);
            removed.forEach(member -> scores.remove(member.name));
            removed.clear();
        }
    }

    private void compare(String run) {
        long entry = slot.find(small.key("z"), NOW);
        if (entry == Slot.ABSENT) {
            assertThat(order).as(run).isEmpty();
            return;
        }
        int size = order.size();
        assertThat(SortedSets.size(slot, entry)).as(run).isEqualTo(size);
        long place = SortedRanges.at(slot, entry, 0);
        for (int rank = 0; rank < size; rank++) {
            Member expected = order.get(rank);
            checkMember(entry, place, rank, run);
            int below = rank;
            while (below > 0 && order.get(below - 1).score == expected.score) {
                below--;
            }
            assertThat(SortedRanges.countBelow(slot, entry, expected.score, false))
                    .as(run)
                    .isEqualTo(below);
            if (rank + 1 < size) {
                place = SortedRanges.step(slot, entry, place, rank + 1, 1);
            }
        }
        for (int rank = size - 1; rank > 0; rank--) {
            place = SortedRanges.step(slot, entry, place, rank - 1, -1);
            checkMember(entry, place, rank - 1, run);
        }
    }

    private void checkMember(long entry, long place, int rank, String run) {
        long member = SortedRanges.member(place);
        assertThat(SortedMember.text(member, span, scratch).toString())
                .as(run)
                .startsWith(order.get(rank).name.substring(0, Math.min(64, span.length())));
        assertThat(span.length()).as(run).isEqualTo(order.get(rank).name.length());
        assertThat(SortedMember.score(member)).as(run).isEqualTo(order.get(rank).score);
        assertThat(SortedSets.find(slot, entry, nameBuffer.put(order.get(rank).name)))
                .as(run)
                .isEqualTo(member);
        assertThat(SortedRanges.member(SortedRanges.at(slot, entry, rank)))
                .as(run)
                .isEqualTo(member);
    }

    private void copyAndRemove(String run) {
        long entry = slot.find(small.key("z"), NOW);
        if (entry != Slot.ABSENT) {
            slot.copyTo(entry, small.slot(4), small.key("copy"), NOW);
            slot.remove(small.key("z"), NOW);
            long copy = small.slot(4).find(small.key("copy"), NOW);
            small.slot(4).moveTo(copy, slot, small.key("z"));
            compare(run);
            removeRange(order.size() / 10, order.size() / 10 * 8, run);
            compare(run);
            slot.remove(small.key("z"), NOW);
        }
        while (!small.keyspace.remains().free(1_000_000)) {
            assertThat(small.keyspace.remains().pendingCount()).as(run).isPositive();
        }
        assertThat(small.keyspace.memoryUse().usedBytes()
                        - small.keyspace.memoryUse().indexBytes())
                .as(run)
                .isZero();
        order.clear();
        scores.clear();
    }
}
