package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotSetTest {
    @Test
    void shouldPutSlotZeroInTheLowestBitOfByteZero() {
        SlotSet set = new SlotSet();
        set.set(0);
        set.set(9);
        set.set(16383);
        ByteBuffer buffer = ByteBuffer.allocate(2050);

        set.write(buffer, 1);

        assertThat(buffer.get(1)).isEqualTo((byte) 0x01);
        assertThat(buffer.get(2)).isEqualTo((byte) 0x02);
        assertThat(buffer.get(2048)).isEqualTo((byte) 0x80);
        assertThat(SlotSet.read(buffer, 1)).isEqualTo(set);
        assertThat(SlotSet.read(buffer.order(ByteOrder.LITTLE_ENDIAN), 1)).isEqualTo(set);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAgreeWithBitSet(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SlotSet set = new SlotSet();
        BitSet model = new BitSet();
        for (int i = 0; i < 20_000; i++) {
            int slot = random.nextInt(SlotSet.SLOT_COUNT);
            if (random.nextInt(3) == 0) {
                assertThat(set.clear(slot)).as("seed %d", seed).isEqualTo(model.get(slot));
                model.clear(slot);
            } else {
                assertThat(set.set(slot)).as("seed %d", seed).isEqualTo(!model.get(slot));
                model.set(slot);
            }
        }
        assertThat(set.cardinality()).as("seed %d", seed).isEqualTo(model.cardinality());
        for (int slot = 0; slot < SlotSet.SLOT_COUNT; slot++) {
            assertThat(set.get(slot)).isEqualTo(model.get(slot));
            assertThat(set.nextSet(slot)).isEqualTo(model.nextSetBit(slot));
            int clear = model.nextClearBit(slot);
            assertThat(set.nextClear(slot)).isEqualTo(clear == SlotSet.SLOT_COUNT ? -1 : clear);
        }
        SlotSet again = new SlotSet();
        set.ranges().forEach(range -> again.setRange(range.first(), range.last()));
        assertThat(again).as("seed %d", seed).isEqualTo(set).hasSameHashCodeAs(set);
    }

    @Test
    void shouldListRanges() {
        SlotSet set = SlotSet.ofRange(0, 5460);
        set.set(5462);
        set.setRange(16380, 16383);

        assertThat(set.ranges())
                .containsExactly(
                        new SlotRange(0, 5460),
                        new SlotRange(5462, 5462),
                        new SlotRange(16380, 16383));
        assertThat(set).hasToString("0-5460 5462 16380-16383");
        assertThat(set.cardinality()).isEqualTo(5466);
        assertThat(new SlotRange(0, 5460).size()).isEqualTo(5461);
        assertThat(SlotSet.none().ranges()).isEmpty();
        assertThat(SlotSet.none()).hasToString("");
        assertThat(SlotSet.ofRange(0, 16383).nextClear(0)).isEqualTo(-1);
        assertThat(set.nextSet(SlotSet.SLOT_COUNT)).isEqualTo(-1);
    }

    @Test
    void shouldCompareAndCombineSets() {
        SlotSet low = SlotSet.ofRange(0, 100);
        SlotSet mid = SlotSet.ofRange(90, 200);

        assertThat(low.minus(mid)).isEqualTo(SlotSet.ofRange(0, 89));
        assertThat(low.difference(mid)).hasToString("0-89 101-200");
        assertThat(low.intersects(mid)).isTrue();
        assertThat(low.intersects(SlotSet.ofRange(101, 102))).isFalse();
        assertThat(low.containsAll(SlotSet.ofRange(5, 100))).isTrue();
        assertThat(low.containsAll(mid)).isFalse();
        low.addAll(mid);
        assertThat(low).isEqualTo(SlotSet.ofRange(0, 200));
        low.removeAll(mid);
        assertThat(low).hasToString("0-89");
        low.clearAll();
        assertThat(low.isEmpty()).isTrue();
        assertThat(low).isEqualTo(SlotSet.none());
    }

    @Test
    void shouldRefuseChangesOnceFrozen() {
        SlotSet set = SlotSet.ofRange(1, 3);
        SlotSet frozen = set.frozen();
        set.set(9);

        assertThat(frozen).hasToString("1-3");
        assertThat(frozen.isFrozen()).isTrue();
        assertThat(frozen.frozen()).isSameAs(frozen);
        assertThatIllegalStateException().isThrownBy(() -> frozen.set(5));
        assertThatIllegalStateException().isThrownBy(() -> frozen.setRange(5, 6));
        assertThatIllegalStateException().isThrownBy(() -> frozen.clear(1));
        assertThatIllegalStateException().isThrownBy(frozen::clearAll);
        assertThatIllegalStateException().isThrownBy(() -> frozen.addAll(set));
        assertThatIllegalStateException().isThrownBy(() -> frozen.removeAll(set));
        SlotSet copy = frozen.copy();
        copy.clear(2);
        assertThat(copy).hasToString("1 3");
        assertThat(frozen).hasToString("1-3");
    }

    @Test
    void shouldGiveFrozenSetsToMessages() {
        SlotSet own = SlotSet.ofRange(0, 9);
        Header.Claim claim = new Header.Claim(NodeId.NONE, own);
        own.clearAll();

        assertThat(claim.slots()).hasToString("0-9");
        assertThat(claim.slots().isFrozen()).isTrue();
        assertThat(SlotSet.read(ByteBuffer.allocate(2048), 0)).isSameAs(SlotSet.none());
    }

    @Test
    void shouldRefuseSlotsOutside() {
        SlotSet set = new SlotSet();

        assertThatThrownBy(() -> set.get(16384)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set.set(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set.clear(16384)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set.setRange(0, 16384))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set.nextSet(16385)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> SlotSet.read(ByteBuffer.allocate(2047), 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> new SlotRange(5, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new SlotRange(0, 16384));
        assertThatIllegalArgumentException().isThrownBy(() -> new SlotRange(-1, 4));
    }
}
