package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SlotClearingTest {
    private static final SlotSet BOTH = SlotSet.ofRange(5, 6);

    private final Keyspace keyspace = new Keyspace(KeyspaceSettings.cluster(1));
    private final Set<String> deleted = new HashSet<>();
    private final SlotClearing clearing = new SlotClearing(keyspace, this::delete);

    @AfterEach
    void close() {
        keyspace.close();
    }

    private void delete(Slot slot, long entry) {
        keyspace.locks().requireHeld(slot.number());
        byte[] key = slot.key(entry, new ByteSpan()).toByteArray();
        deleted.add(slot.number() + " " + new String(key, StandardCharsets.US_ASCII));
        slot.removeEntry(entry);
    }

    private void store(int slot, int keys, long expireAtMs) {
        try (NativeBuffer key = new NativeBuffer(32);
                NativeBuffer value = new NativeBuffer(32)) {
            keyspace.locks().lock(slot);
            for (int i = 0; i < keys; i++) {
                Slot target = keyspace.database(0).slot(slot);
                target.putString(key.put("key" + i), value.put("v"), expireAtMs, 1);
            }
            keyspace.locks().unlock(slot);
        }
    }

    private void apart(int slot) {
        keyspace.locks().lock(slot);
        keyspace.apart(slot, true);
        keyspace.locks().unlock(slot);
    }

    private int keys(int slot) {
        return keyspace.database(0).keyCount(slot);
    }

    @Test
    void shouldTellOfEachKeyOnce() {
        store(5, 500, Slot.NO_EXPIRY);
        store(6, 3, 2);
        store(7, 4, Slot.NO_EXPIRY);

        assertThat(clearing.clear(BOTH, () -> true)).isTrue();

        assertThat(deleted).hasSize(503).contains("5 key0", "5 key499", "6 key2");
        assertThat(keys(5) + keys(6)).isZero();
        assertThat(keys(7)).isEqualTo(4);
    }

    @Test
    void shouldNotTakeLostKeysThatComeBack() {
        store(5, 10, Slot.NO_EXPIRY);
        apart(6);
        store(6, 10, Slot.NO_EXPIRY);

        clearing.clearLost(BOTH, () -> true);

        assertThat(keys(5)).isZero();
        assertThat(keys(6)).isEqualTo(10);
    }

    @Test
    void shouldClearOnlyWhatIsApartAndTakeItsMark() {
        store(5, 10, Slot.NO_EXPIRY);
        apart(6);
        store(6, 300, 2);

        assertThat(clearing.clearApart(BOTH, () -> true)).isTrue();

        assertThat(keys(5)).isEqualTo(10);
        assertThat(keys(6)).isZero();
        assertThat(keyspace.apart(6)).isFalse();
    }

    @Test
    void shouldEndWhenItIsToldTo() {
        apart(6);
        store(6, 1000, Slot.NO_EXPIRY);
        int[] holds = {0};

        boolean all = clearing.clearApart(SlotSet.ofRange(6, 6), () -> holds[0]++ < 2);

        assertThat(all).isFalse();
        assertThat(keys(6)).isEqualTo(1000 - deleted.size()).isPositive();
        assertThat(keyspace.apart(6)).isTrue();
    }
}
