package dev.slotmesh.gossip.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Slots that move in one step, in whole simulated clusters, with one fault at every step. */
class SlotTransferTest {
    /** Every so many-th case is run; 1 for all, {@code -Dtransfers.every=1}. */
    private static final int EVERY = Integer.getInteger("transfers.every", 23);

    /** {@code -Dtransfers.step=NAME} for those of one step. */
    private static final String STEP = System.getProperty("transfers.step", "");

    /** {@code -Dtransfers.only=N} for one of them. */
    private static final int ONLY = Integer.getInteger("transfers.only", 0);

    private record Case(TransferStep step, Fault fault, int victim, boolean replicated) {}

    @Test
    void shouldMoveSlotsWithoutFault() {
        for (boolean waits : new boolean[] {true, false}) {
            SlotTransferRun run = new SlotTransferRun(1, waits);
            run.start();
            assertThat(run.migrate(run.node(0), run.node(1))).isTrue();

            run.simulation().runFor(1_000);

            assertThat(run.owner()).isEqualTo(run.node(1));
            run.settle();
            assertThat(run.acknowledgedWrites()).isGreaterThan(100);
        }
    }

    static LongStream seeds() {
        return SeededRuns.seeds(6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepInvariantsWhileSlotsGoToAndFro(long seed) {
        SeededRuns.runTwice(seed, TransferChaos::new);
    }

    @Test
    void shouldSurviveOneFaultAtEveryStep() {
        List<Case> cases = cases();
        int run = 0;
        long seed = 0;
        long events = 0;
        int moved = 0;
        List<String> failures = new ArrayList<>();
        for (Case one : cases) {
            seed++;
            boolean wanted = ONLY > 0 ? seed == ONLY : seed % EVERY == 0;
            if (!wanted || !one.step().name().startsWith(STEP)) {
                continue;
            }
            run++;
            SlotTransferRun each = new SlotTransferRun(seed, one.replicated());
            try {
                moved += play(each, one) ? 1 : 0;
            } catch (Violation | RuntimeException cause) {
                failures.add("seed " + seed + ", " + one + ": " + cause);
                if (failures.size() == 1) {
                    System.out.println(
                            failures.get(0) + "\n" + each.simulation().journal().story());
                }
            }
            events += each.simulation().eventsDone();
        }
        System.out.println(run + " runs with one fault, " + moved + " of them moved the slots all"
                + " the same, " + events + " events");
        assertThat(failures).as(String.join("\n", failures)).isEmpty();
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (TransferStep step : TransferStep.values()) {
            for (Fault fault : Fault.values()) {
                for (int victim : new int[] {0, 1, 5, 6, 2}) {
                    boolean fits =
                            fault.concernsAll() ? victim == 0 : !fault.needsReplica || victim < 2;
                    if (fits) {
                        cases.add(new Case(step, fault, victim, true));
                        cases.add(new Case(step, fault, victim, false));
                    }
                }
            }
        }
        return cases;
    }

    /** Whether the slots moved in spite of the fault. */
    private static boolean play(SlotTransferRun run, Case one) {
        run.start();
        boolean[] struck = new boolean[1];
        run.faults((courier, step) -> {
            if (step == one.step() && !struck[0]) {
                struck[0] = true;
                one.fault().strike(run, courier, run.node(one.victim()));
            }
        });
        Violation.unless(run.migrate(run.node(0), run.node(1)), "the source refuses");
        run.simulation().runFor(one.fault().lastsMs());
        boolean moved = run.owner() == run.node(1);
        run.settle();
        Violation.unless(struck[0], "the step was never reached");
        return moved;
    }
}
