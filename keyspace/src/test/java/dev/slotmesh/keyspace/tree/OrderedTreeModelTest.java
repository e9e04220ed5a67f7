package dev.slotmesh.keyspace.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.memory.Arena;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.table.Element;
import dev.slotmesh.keyspace.table.ElementTable;
import dev.slotmesh.keyspace.table.TableKind;
import dev.slotmesh.keyspace.table.TableStructure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded random operations on a tree and on a sorted list side by side; any difference names seed and step. */
class OrderedTreeModelTest {
    private static final int OPERATIONS = Integer.getInteger("slotmesh.model.operations", 100_000);

    private final Arena arena = new Arena(1, 0x5EC2E7L);
    private final ArenaStripe stripe = arena.stripe(0);
    private final NativeBuffer buffer = new NativeBuffer(64);
    private final ByteSpan span = new ByteSpan();
    private final List<Member> model = new ArrayList<>();
    private final Map<String, Long> elements = new HashMap<>();
    private long table;
    private long tree;

    private record Member(double score, String name) implements Comparable<Member> {
        @Override
        public int compareTo(Member other) {
            return score < other.score ? -1 : score > other.score ? 1 : name.compareTo(other.name);
        }
    }

    @BeforeEach
    void create() {
        table = ElementTable.create(stripe, TableKind.SCORES);
        tree = stripe.allocate(OrderedTree.HEAD_BYTES);
        OrderedTree.initialise(tree);
    }

    @AfterEach
    void close() {
        buffer.close();
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 40, 10", "2, 300, 1", "3, 3000, 50", "4, 12000, 1000000", "5, 12000, 3"})
    void shouldAnswerAsASortedListDoes(long seed, int names, int scores) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < OPERATIONS; step++) {
            String run = "seed " + seed + ", step " + step;
            // Growth and shrinking take turns.
            boolean growing = step / (2 * names) % 2 == 0;
            Member member =
                    new Member(random.nextInt(scores) - scores / 2.0, "m" + random.nextInt(names));
            if (elements.containsKey(member.name)) {
                if (random.nextInt(4) < (growing ? 1 : 3)) {
                    remove(member.name);
                }
                if (random.nextInt(growing ? 400 : 40) == 0) {
                    removeRange(random);
                }
            } else if (random.nextInt(4) < (growing ? 3 : 1)) {
                add(member);
            }
            ask(member, random, run);
            if (random.nextInt(2000) == 0) {
                TreeInvariants.check(tree, run);
                walk(run);
            }
        }

        finish("seed " + seed);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "-1, 0", "0, 1", "0, -1"})
    void shouldFillNodesWithElementsThatComeInOrder(int scoreStep, int nameStep) {
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            int number = 50_000 + i * (nameStep == 0 ? 1 : nameStep);
            add(new Member(i * scoreStep, String.format("m%08d", number)));
        }

        TreeInvariants.check(tree, "in order");
        assertThat(OrderedTree.nodeBytes(tree)).isLessThan(17L * count);
        finish("in order");
    }

    @Test
    void shouldTakeLessThanTwentyBytesAnElementInRandomOrder() {
        SplittableRandom random = new SplittableRandom(7);
        int count = 50_000;
        for (int i = 0; i < count; i++) {
            put(new Member(random.nextInt(1_000_000), "m" + i));
        }

        TreeInvariants.check(tree, "random order");
        assertThat(OrderedTree.nodeBytes(tree)).isLessThan(20L * count);
    }

    @Test
    void shouldShrinkFromEitherEndAndFromTheMiddle() {
        for (int from : new int[] {0, 1, 2}) {
            for (int i = 0; i < 10_000; i++) {
                add(new Member(i, "m" + i));
            }
            while (!model.isEmpty()) {
                int rank = from == 0 ? 0 : from == 1 ? model.size() - 1 : model.size() / 2;
                remove(model.get(rank).name);
                if (model.size() % 500 == 0) {
                    TreeInvariants.check(tree, "from " + from + ", left " + model.size());
                    walk("from " + from);
                }
            }
            assertThat(OrderedTree.nodeBytes(tree)).isZero();
        }
        finish("shrunk");
    }

    @Test
    void shouldRefuseToRemoveWhatIsNotThere() {
        add(new Member(1, "a"));
        long other = element(new Member(1, "b"));

        assertThatThrownBy(() -> OrderedTree.remove(stripe, tree, 1, other))
                .isInstanceOf(IllegalStateException.class);
        assertThat(OrderedTree.size(tree)).isEqualTo(1);
    }

    private void ask(Member probe, SplittableRandom random, String run) {
        boolean orEqual = random.nextBoolean();
        int at = Collections.binarySearch(model, new Member(probe.score, orEqual ? "~" : ""));
        assertThat(OrderedTree.countBelow(tree, probe.score, orEqual))
                .as(run)
                .isEqualTo(at < 0 ? -at - 1 : at);
        if (model.isEmpty()) {
            return;
        }
        int rank = random.nextInt(model.size());
        Member member = model.get(rank);
        long element = elements.get(member.name);
        assertThat(OrderedTree.rank(tree, member.score, element)).as(run).isEqualTo(rank);
        long place = OrderedTree.at(tree, rank);
        assertThat(OrderedTree.element(place)).as(run).isEqualTo(element);
        assertThat(OrderedTree.score(place)).as(run).isEqualTo(member.score);
        if (model.get(0).score == model.get(model.size() - 1).score) {
            int byName = Collections.binarySearch(model, new Member(member.score, probe.name));
            int expected = byName < 0 ? -byName - 1 : orEqual ? byName + 1 : byName;
            assertThat(OrderedTree.countBelow(tree, buffer.put(probe.name), orEqual))
                    .as(run)
                    .isEqualTo(expected);
        }
    }

    private void walk(String run) {
        long place = model.isEmpty() ? 0 : OrderedTree.at(tree, 0);
        for (int rank = 0; rank < model.size(); rank++) {
            assertThat(name(place)).as(run).isEqualTo(model.get(rank).name);
            if (rank + 1 < model.size()) {
                place = OrderedTree.step(tree, place, rank + 1, 1);
            }
        }
        for (int rank = model.size() - 1; rank >= 0; rank--) {
            assertThat(name(place)).as(run).isEqualTo(model.get(rank).name);
            if (rank > 0) {
                place = OrderedTree.step(tree, place, rank - 1, -1);
            }
        }
    }

    private String name(long place) {
        return Element.name(OrderedTree.element(place), span).toString();
    }

    private long element(Member member) {
        ByteSpan name = buffer.put(member.name);
        long bits = Double.doubleToRawLongBits(member.score);
        return ElementTable.insertScored(stripe, table, name, stripe.hashes().of(name), bits);
    }

    private void add(Member member) {
        put(member);
        model.add(-Collections.binarySearch(model, member) - 1, member);
    }

    private void put(Member member) {
        long element = element(member);
        OrderedTree.insert(stripe, tree, member.score, element);
        elements.put(member.name, element);
    }

    private void remove(String name) {
        long element = elements.remove(name);
        double score = Double.longBitsToDouble(Element.word(element));
        model.remove(Collections.binarySearch(model, new Member(score, name)));
        OrderedTree.remove(stripe, tree, score, element);
        ElementTable.remove(stripe, table, element, Element.hash(element, stripe.hashes()));
    }

    private void removeRange(SplittableRandom random) {
        int first = random.nextInt(model.size() + 1);
        int count = Math.min(random.nextInt(200), model.size() - first);
        long[] removed = new long[OrderedTree.MOST_IN_A_RUN];
        for (int left = count; left > 0; ) {
            int run = OrderedTree.removeRun(stripe, tree, first, left, removed);
            assertThat(run).isBetween(1, left);
            for (int i = 0; i < run; i++) {
                long element = removed[i];
                assertThat(elements.remove(model.remove(first).name)).isEqualTo(element);
                ElementTable.remove(stripe, table, element, Element.hash(element, stripe.hashes()));
            }
            left -= run;
        }
    }

    /** Frees everything in small steps. */
    private void finish(String run) {
        TreeInvariants.check(tree, run);
        walk(run);
        while (OrderedTree.size(tree) > 0 || OrderedTree.nodeBytes(tree) > 0) {
            long before = OrderedTree.nodeBytes(tree);
            int freed = OrderedTree.free(stripe, tree, 5);
            assertThat(freed).as(run).isBetween(1, 5);
            assertThat(OrderedTree.nodeBytes(tree)).as(run).isLessThan(before);
        }
        stripe.free(tree, OrderedTree.HEAD_BYTES);
        TableStructure structure = new TableStructure();
        for (long left = table; left != 0; ) {
            left = structure.free(stripe, left, 1000);
        }
        assertThat(arena.usedBytes()).as(run).isZero();
    }
}
