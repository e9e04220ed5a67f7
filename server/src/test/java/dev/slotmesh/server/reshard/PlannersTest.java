package dev.slotmesh.server.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The planners, on cases that can be seen through and on many that are drawn. */
final class PlannersTest {
    private static final int SLOTS = SlotRuns.SLOT_COUNT;
    private static final int RUNS = 60;

    static IntStream seeds() {
        return IntStream.range(0, RUNS);
    }

    private static Holding holding(String id, double weight, String slots) throws ReshardFailure {
        return new Holding(id, weight, slots.isEmpty() ? new BitSet() : SlotRuns.parse(slots));
    }

    private static String text(Plan plan) {
        List<String> moves = new ArrayList<>();
        plan.moves()
                .forEach(move -> moves.add(move.sourceId() + ">" + move.targetId() + " "
                        + move.slots().cardinality()));
        return String.join(" ", moves);
    }

    @Test
    void shouldGiveAThirdToTheNewcomer() throws Exception {
        List<Holding> holdings = List.of(
                holding("a", 1, "0-8191"), holding("b", 1, "8192-16383"), holding("c", 1, ""));

        assertThat(text(EvenPlanner.plan(holdings, 2))).isEqualTo("b>c 2731 a>c 2730");
    }

    @Test
    void shouldFreeWhoHasNoWeight() throws Exception {
        List<Holding> holdings = List.of(
                holding("a", 0, "0-99"),
                holding("b", 1, "100-8191"),
                holding("c", 3, "8192-16383"));

        Plan plan = EvenPlanner.plan(holdings, 2);

        Map<String, BitSet> after = after(holdings, plan);
        assertThat(after.get("a").cardinality()).isZero();
        assertThat(after.get("b").cardinality()).isEqualTo(4096);
        assertThat(after.get("c").cardinality()).isEqualTo(12288);
        assertThat(text(plan)).isEqualTo("b>c 3996 a>c 100");
    }

    @Test
    void shouldLeaveWhatIsWithinTheThreshold() throws Exception {
        List<Holding> holdings = List.of(holding("a", 1, "0-8291"), holding("b", 1, "8292-16383"));

        assertThat(EvenPlanner.plan(holdings, 2)).isEqualTo(Plan.NOTHING);
        assertThat(text(EvenPlanner.plan(holdings, 1))).isEqualTo("a>b 100");
    }

    /** Every primary ends at its share rounded down or up, and no other rounding would have moved fewer slots. */
    @ParameterizedTest
    @MethodSource("seeds")
    void shouldEqualiseWithTheFewestMoves(int seed) {
        Random random = new Random(seed);
        List<Holding> holdings = drawn(random, 1 + random.nextInt(6));
        double weights = holdings.stream().mapToDouble(Holding::weight).sum();

        Plan plan = EvenPlanner.plan(holdings, 0);

        Map<String, BitSet> after = after(holdings, plan);
        for (Holding holding : holdings) {
            double share = SLOTS * holding.weight() / weights;
            assertThat((double) after.get(holding.id()).cardinality())
                    .as("seed %d, %s", seed, holding.id())
                    .isBetween(Math.floor(share), Math.ceil(share));
        }
        assertThat(plan.slotCount()).as("seed %d", seed).isEqualTo(fewestMoves(holdings, weights));
        assertThat(plan.moves()).as("seed %d", seed).hasSizeLessThan(Math.max(1, holdings.size()));
    }

    /** Tries every way to round. */
    private static int fewestMoves(List<Holding> holdings, double weights) {
        int fewest = Integer.MAX_VALUE;
        for (int up = 0; up < 1 << holdings.size(); up++) {
            int sum = 0;
            int moved = 0;
            for (int at = 0; at < holdings.size(); at++) {
                double share = SLOTS * holdings.get(at).weight() / weights;
                int rounded = (int) ((up >> at & 1) == 1 ? Math.ceil(share) : Math.floor(share));
                sum += rounded;
                moved += Math.max(0, holdings.get(at).slotCount() - rounded);
            }
            fewest = sum == SLOTS ? Math.min(fewest, moved) : fewest;
        }
        return fewest;
    }

    @Test
    void shouldMoveTheFewGreatSlots() throws Exception {
        List<Holding> holdings = List.of(holding("a", 1, "0-8191"), holding("b", 1, "8192-16383"));
        long[] figures = figures(slot -> slot < 4 ? 1000 : slot < 8192 ? 1 : 0);

        Plan plan = FigurePlanner.plan(holdings, figures, 2);

        // The four, and of the others what 4,000 leave of 6,094, less the threshold.
        assertThat(plan.slots().get(0, 4).cardinality()).isEqualTo(4);
        assertThat(plan.slotCount()).isBetween(4 + 1972, 4 + 1974);
        assertThat(plan.slots().get(0, 8192).cardinality()).isEqualTo(plan.slotCount());
        assertThat(Deviation.of(holdings, figures, plan).after()).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldLeaveTheOneGreatSlotAndMoveTheOthersAway() throws Exception {
        List<Holding> holdings = List.of(holding("a", 1, "0-9"), holding("b", 1, "10-19"));
        long[] figures = figures(slot -> slot == 0 ? 1000 : 10);

        Plan plan = FigurePlanner.plan(holdings, figures, 2);

        assertThat(text(plan)).isEqualTo("a>b 9");
        assertThat(plan.slots().get(0)).isFalse();
    }

    @Test
    void shouldFreeWhoHasNoWeightOfEmptySlotsAsWell() throws Exception {
        List<Holding> holdings =
                List.of(holding("a", 0, "0-99"), holding("b", 1, "100-199"), holding("c", 1, ""));
        long[] figures = figures(slot -> slot < 10 ? 5 : 0);

        Map<String, BitSet> after = after(holdings, FigurePlanner.plan(holdings, figures, 2));

        assertThat(after.get("a").isEmpty()).isTrue();
        assertThat(Figures.sum(figures, after.get("b"))).isEqualTo(25);
        assertThat(Figures.sum(figures, after.get("c"))).isEqualTo(25);
    }

    @Test
    void shouldFindNothingToDoWhereNothingIs() throws Exception {
        List<Holding> holdings = List.of(holding("a", 1, "0-99"), holding("b", 1, ""));

        assertThat(FigurePlanner.plan(holdings, new long[SLOTS], 0).isEmpty()).isTrue();
    }

    /**
     * Where every slot is small against a share, all come within the threshold; the furthest off never gets further; nobody
     * loses all slots but who has no weight; and no more slots move than if slots were moved blindly.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void shouldBringSumsWithinTheThreshold(int seed) {
        Random random = new Random(seed);
        List<Holding> holdings = drawn(random, 2 + random.nextInt(7));
        long most = 1L << random.nextInt(20);
        double skew = 1 + 3 * random.nextDouble();
        long[] figures = figures(slot -> (int) (most * Math.pow(random.nextDouble(), skew)));
        double thresholdPercent = 1 + random.nextInt(10);

        Plan plan = FigurePlanner.plan(holdings, figures, thresholdPercent);

        String drawn = "seed " + seed + ", " + holdings.size() + " primaries, figures to " + most;
        Map<String, BitSet> after = after(holdings, plan);
        Deviation deviation = Deviation.of(holdings, figures, plan);
        double weights = holdings.stream().mapToDouble(Holding::weight).sum();
        double total = Arrays.stream(figures).sum();
        double smallest = holdings.stream()
                        .mapToDouble(Holding::weight)
                        .filter(weight -> weight > 0)
                        .min()
                        .orElseThrow()
                * total
                / weights;
        if (most < smallest * thresholdPercent / 100) {
            assertThat(deviation.after()).as(drawn).isLessThanOrEqualTo(thresholdPercent + 1e-6);
        }
        for (Holding holding : holdings) {
            BitSet has = after.get(holding.id());
            assertThat(has.isEmpty() && holding.weight() > 0 && !holding.slots().isEmpty())
                    .as("%s: %s is left without slots", drawn, holding.id())
                    .isFalse();
            assertThat(holding.weight() == 0 && !has.isEmpty()).as(drawn).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldTakeFromEachInProportion(int seed) {
        Random random = new Random(seed);
        List<Holding> sources = drawn(random, 1 + random.nextInt(6));
        int count = random.nextInt(SLOTS + 1);

        Plan plan = SharePlanner.byCount(sources, "target", count);

        Map<String, BitSet> after = after(sources, plan);
        assertThat(plan.slotCount()).as("seed %d", seed).isEqualTo(count);
        for (Holding source : sources) {
            int given = source.slotCount() - after.get(source.id()).cardinality();
            assertThat((double) given)
                    .as("seed %d", seed)
                    .isCloseTo((double) count * source.slotCount() / SLOTS, within(1.0));
        }
    }

    @Test
    void shouldTakeCertainSlotsOfWhoeverHasThem() throws Exception {
        List<Holding> sources = List.of(holding("a", 0, "0-99"), holding("b", 0, "100-199"));

        Plan plan = SharePlanner.bySlots(sources, "c", SlotRuns.parse("90-109,500"));

        assertThat(text(plan)).isEqualTo("a>c 10 b>c 10");
        assertThat(SlotRuns.text(plan.slots())).isEqualTo("90-109");
    }

    private static long[] figures(IntUnaryOperator of) {
        long[] figures = new long[SLOTS];
        Arrays.setAll(figures, of::applyAsInt);
        return figures;
    }

    /** All slots, in runs of random length, for random primaries; some of these without slots or without weight. */
    private static List<Holding> drawn(Random random, int count) {
        List<BitSet> slots = new ArrayList<>();
        List<Holding> holdings = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            slots.add(new BitSet());
        }
        int owners = 1 + random.nextInt(count);
        int slot = 0;
        while (slot < SLOTS) {
            int end = Math.min(SLOTS, slot + 1 + random.nextInt(2000));
            slots.get(random.nextInt(owners)).set(slot, end);
            slot = end;
        }
        for (int at = 0; at < count; at++) {
            double weight = at == 0 ? 1 : random.nextInt(5) / 2.0;
            holdings.add(new Holding("n" + at, weight, slots.get(at)));
        }
        return holdings;
    }

    /** Who has what in the end; every slot must be moved by its owner, once, to another. */
    private static Map<String, BitSet> after(List<Holding> holdings, Plan plan) {
        Map<String, BitSet> after = new HashMap<>();
        holdings.forEach(
                holding -> after.put(holding.id(), (BitSet) holding.slots().clone()));
        BitSet moved = new BitSet();
        for (Move move : plan.moves()) {
            BitSet notOwned = (BitSet) move.slots().clone();
            notOwned.andNot(holdings.stream()
                    .filter(holding -> holding.id().equals(move.sourceId()))
                    .findFirst()
                    .orElseThrow()
                    .slots());
            assertThat(notOwned.isEmpty()).isTrue();
            assertThat(moved.intersects(move.slots())).isFalse();
            moved.or(move.slots());
            after.get(move.sourceId()).andNot(move.slots());
            after.computeIfAbsent(move.targetId(), id -> new BitSet()).or(move.slots());
        }
        return after;
    }
}
