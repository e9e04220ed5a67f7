package dev.slotmesh.server.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How far the moving is, as it is written. */
final class ProgressTest {
    private long nowNanos;

    @Test
    void shouldWriteALineEveryFewSeconds() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Progress progress = progress(out, false);

        progress.slotMoved(0);
        nowNanos += TimeUnit.SECONDS.toNanos(4);
        progress.keysMoved(2000);
        progress.show();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        progress.show();
        progress.show();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        " 20%  1 of 10 slots, 2,000 of 10,000 keys, 400 keys/s, 200 B/s, 20 s left"
                                + System.lineSeparator());
    }

    @Test
    void shouldDrawABarInPlaceAndWipeItForALine() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Progress progress = progress(out, true);

        nowNanos += TimeUnit.SECONDS.toNanos(1);
        progress.keysMoved(5000);
        progress.show();

        String bar =
                "[############............]  50%  0 of 10 slots, 5,000 of 10,000 keys, 5,000 keys/s, 1 s left";
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("\r" + bar);
    }

    @Test
    void shouldGoBySlotsWhereNoKeysAre() {
        ProgressState state = new ProgressState(
                new ProgressState.Amount(3, 4),
                new ProgressState.Amount(0, 0),
                Optional.empty(),
                TimeUnit.SECONDS.toNanos(300));

        assertThat(state.line()).isEqualTo(" 75%  3 of 4 slots, 0 of 0 keys, 1 min 40 s left");
    }

    @Test
    void shouldWriteAmountsAsPeopleReadThem() {
        assertThat(Amounts.bytes(999)).isEqualTo("999 B");
        assertThat(Amounts.bytes(1_234_567)).isEqualTo("1.2 MB");
        assertThat(Amounts.bytes(Long.MAX_VALUE)).endsWith(" TB");
        assertThat(Amounts.duration(0.2)).isEqualTo("1 s");
    }

    @Test
    void shouldKeepRoundsShort() {
        RoundPace pace = new RoundPace(TimeUnit.MICROSECONDS.toNanos(500));

        for (int round = 0; round < 20; round++) {
            pace.took(TimeUnit.MICROSECONDS.toNanos(900), pace.keys());
        }
        assertThat(pace.keys()).isEqualTo(4096);
        pace.took(TimeUnit.MILLISECONDS.toNanos(10), 4096);
        assertThat(pace.keys()).isEqualTo(2048);
        for (int round = 0; round < 20; round++) {
            pace.took(TimeUnit.MILLISECONDS.toNanos(10), pace.keys());
        }
        assertThat(pace.keys()).isEqualTo(10);
        for (int round = 0; round < 20; round++) {
            pace.took(TimeUnit.MILLISECONDS.toNanos(80), pace.keys());
        }
        assertThat(pace.keys()).isEqualTo(1);
    }

    /** Ten slots of 1,000 keys and 1,000 bytes each. */
    private Progress progress(ByteArrayOutputStream out, boolean isInteractive)
            throws ReshardFailure {
        long[] figures = new long[SlotRuns.SLOT_COUNT];
        Arrays.fill(figures, 0, 10, 1000);
        Plan.Draft draft = new Plan.Draft();
        draft.add("a", "b", SlotRuns.parse("0-9"));
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(
                stream, stream, isInteractive ? Optional.of(() -> "y") : Optional.empty());
        return new Progress(
                terminal,
                draft.plan(),
                new Figures(figures, Optional.of(figures), Optional.empty()),
                () -> nowNanos);
    }
}
