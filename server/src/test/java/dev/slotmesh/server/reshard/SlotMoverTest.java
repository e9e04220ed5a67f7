package dev.slotmesh.server.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the tool does with jobs of atomic slot migration that come to this or that. */
@Timeout(60)
final class SlotMoverTest {
    private static final String SOURCE = "a".repeat(40);
    private static final String TARGET = "b".repeat(40);

    private final Interruption interruption = new Interruption();
    private final long[] keys = new long[SlotRuns.SLOT_COUNT];
    private ScriptedSource source;
    private Progress progress;
    private Runnable whenShown = () -> {};

    @AfterEach
    void end() {
        source.close();
    }

    private void move(String slots) throws ReshardFailure {
        BitSet set = SlotRuns.parse(slots);
        Plan.Draft draft = new Plan.Draft();
        draft.add(SOURCE, TARGET, set);
        Plan plan = draft.plan();
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        progress = new Progress(
                new Terminal(nowhere, nowhere, Optional.empty()),
                plan,
                new Figures(keys, Optional.empty(), Optional.empty()),
                () -> {
                    whenShown.run();
                    return 0;
                });
        Member self = new Member(SOURCE, source.address(), true, true, set, Map.of(), Map.of());
        Member target =
                new Member(TARGET, source.address(), true, true, new BitSet(), Map.of(), Map.of());
        try (Cluster cluster =
                new Cluster(source.address(), Credentials.NONE, 10_000, interruption)) {
            ClusterMap map = new ClusterMap(List.of(self, target), self);
            assertThat(SlotMover.canMove(plan.moves().get(0), map, cluster)).isTrue();
            new SlotMover(cluster, map, progress, interruption).move(plan.moves());
        }
    }

    @Test
    void shouldCutAMoveIntoJobs() throws Exception {
        source = new ScriptedSource("success", "success", "success");
        Arrays.fill(keys, 0, 10, 400_000);

        move("0-9,20-4115");

        assertThat(source.orders())
                .containsExactly(
                        "SLOTSRANGE 0 4 NODE " + TARGET,
                        "SLOTSRANGE 5 9 NODE " + TARGET,
                        "SLOTSRANGE 20 4115 NODE " + TARGET);
        assertThat(progress.slotsMoved()).isEqualTo(4106);
    }

    @Test
    void shouldTryAFailedJobAgain() throws Exception {
        source = new ScriptedSource("failed", "failed", "success");
        Arrays.fill(keys, 0, 10, 1);

        move("0-9");

        assertThat(source.orders()).hasSize(3);
        assertThat(progress.slotsMoved()).isEqualTo(10);
        assertThat(progress.keysMoved()).isEqualTo(10);
    }

    @Test
    void shouldGiveUpAfterThreeFailures() {
        source = new ScriptedSource("failed", "failed", "failed", "success");

        assertThatThrownBy(() -> move("0-9"))
                .isInstanceOf(ReshardFailure.class)
                .hasMessageContaining("slots 0-9 from " + source.address())
                .hasMessageContaining("failed 3 times: the dog ate it");

        assertThat(source.orders()).hasSize(3);
        assertThat(progress.slotsMoved()).isZero();
        assertThat(progress.keysMoved()).isZero();
    }

    @Test
    void shouldCancelTheJobAndStartNoOtherWhenAsked() throws Exception {
        source = new ScriptedSource("success", "waits");
        whenShown = () -> {
            if (source.orders().size() == 2) {
                interruption.ask();
            }
        };

        move("0-5000");

        assertThat(source.orders()).hasSize(2);
        assertThat(progress.slotsMoved()).isEqualTo(4096);
    }

    @Test
    void shouldSayWhenSomebodyElseHasCancelledIt() {
        source = new ScriptedSource("cancelled");

        assertThatThrownBy(() -> move("0-9"))
                .hasMessageStartingWith("somebody else has cancelled the migration of slots 0-9");
    }

    @Test
    void shouldSayWhyAJobWasNotStarted() {
        source = new ScriptedSource();

        assertThatThrownBy(() -> move("0-9"))
                .hasMessageContaining("CLUSTER MIGRATESLOTS SLOTSRANGE 0 9 NODE " + TARGET)
                .hasMessageEndingWith("with: ERR no more");
    }
}
