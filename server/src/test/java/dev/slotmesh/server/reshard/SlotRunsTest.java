package dev.slotmesh.server.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlotRunsTest {
    @ParameterizedTest
    @ValueSource(strings = {"0", "16383", "0-16383", "0-99,200", "1,3,5-7"})
    void shouldWriteWhatItReads(String text) throws Exception {
        assertThat(SlotRuns.text(SlotRuns.parse(text))).isEqualTo(text);
    }

    @Test
    void shouldJoinNeighbours() throws Exception {
        assertThat(SlotRuns.text(SlotRuns.parse("5,0-3,4"))).isEqualTo("0-5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "-", "1-", "-1", "16384", "5-4", "1,,2", "1,", "99999999999", "0x1"
            })
    void shouldRefuseWhatIsNoSlots(String text) {
        assertThatThrownBy(() -> SlotRuns.parse(text))
                .isInstanceOfSatisfying(
                        ReshardFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(2));
    }

    @Test
    void shouldChooseWholeRunsBeforeItCutsOne() throws Exception {
        BitSet slots = SlotRuns.parse("0-99,200-204,300");

        assertThat(SlotRuns.text(SlotRuns.choose(slots, 0))).isEmpty();
        assertThat(SlotRuns.text(SlotRuns.choose(slots, 1))).isEqualTo("300");
        assertThat(SlotRuns.text(SlotRuns.choose(slots, 6))).isEqualTo("200-204,300");
        assertThat(SlotRuns.text(SlotRuns.choose(slots, 10))).isEqualTo("96-99,200-204,300");
        assertThat(SlotRuns.choose(slots, 106)).isEqualTo(slots);
        assertThatThrownBy(() -> SlotRuns.choose(slots, 107))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
