package dev.slotmesh.server.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import org.junit.jupiter.api.Test;

final class ApartMarksTest {
    @Test
    void shouldMarkWhatIsListedAndNotTheShards() {
        try (Keyspace keyspace = new Keyspace(KeyspaceSettings.cluster(1))) {
            keyspace.locks().lockWorld();
            keyspace.apart(3, true);

            ApartMarks.set(keyspace, SlotSet.ofRange(5, 7), slot -> slot == 6 || slot == 9);

            assertThat(keyspace.apart(3)).isFalse();
            assertThat(keyspace.apart(5)).isTrue();
            assertThat(keyspace.apart(6)).isFalse();
            assertThat(keyspace.apart(7)).isTrue();
            assertThat(keyspace.apart(9)).isFalse();

            ApartMarks.set(keyspace, new SlotSet(), slot -> true);

            assertThat(keyspace.apart(5) || keyspace.apart(7)).isFalse();
            keyspace.locks().unlockWorld();
        }
    }
}
