package dev.slotmesh.keyspace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of other versions. That their content is right is compared with a real server where the program's files are. */
class OldFormsTest {
    private final Keyspace keyspace = new Keyspace(KeyspaceSettings.standalone(16, 1));

    @AfterEach
    void free() {
        RdbFiles.empty(keyspace);
        assertThat(keyspace.memoryUse().usedBytes()).isZero();
        keyspace.close();
    }

    @ParameterizedTest
    @CsvSource({"REDIS0002,15", "REDIS0006,15", "REDIS0009,19", "REDIS0010,23"})
    void shouldReadWhatRedisCouldWrite(String signature, int keys) {
        byte[] file = OldForms.upTo10(signature);
        if (signature.compareTo("REDIS0005") < 0) {
            file = Arrays.copyOf(file, file.length - 8);
        }

        RdbFileSummary summary =
                RdbFiles.load(file, 100, keyspace, RdbLoadSettings.ofPrimary(OldForms.NOW));

        assertThat(summary.keys()).isEqualTo(keys);
        assertThat(summary.version()).isEqualTo(Integer.parseInt(signature.substring(5)));
    }

    @Test
    void shouldReadDeadlinesOfFieldsThatRedisWrote() {
        RdbFileSummary summary = RdbFiles.load(
                OldForms.of12(), 100, keyspace, RdbLoadSettings.ofPrimary(OldForms.NOW));

        assertThat(summary.keys()).isEqualTo(6);
        for (String key : new String[] {"prega", "pregalistpack", "metadata", "listpackex"}) {
            assertThat(deadline(key, "f")).as(key).isEqualTo(OldForms.LATER);
            assertThat(deadline(key, "g")).as(key).isEqualTo(FieldDeadlines.NONE);
        }
        assertThat(deadline("metadata", "h")).isEqualTo(OldForms.LATER + 1000);
    }

    @Test
    void shouldReadDeadlinesOfFieldsThatValkeyWrote() {
        RdbFiles.load(OldForms.ofValkey(), 100, keyspace, RdbLoadSettings.ofPrimary(OldForms.NOW));

        assertThat(deadline("hash2", "f")).isEqualTo(OldForms.LATER);
        assertThat(deadline("hash2", "g")).isEqualTo(FieldDeadlines.NONE);
    }

    @ParameterizedTest
    @CsvSource({"REDIS0013", "REDIS0000", "REDIS0079", "VALKEY012", "REDIX0010", "REDIS001x"})
    void shouldRefuseOtherVersions(String signature) {
        byte[] file = RdbBytes.file(signature).end();

        assertThat(catchThrowable(() -> RdbFiles.load(
                        file, 100, keyspace, RdbLoadSettings.ofPrimary(OldForms.NOW))))
                .isInstanceOf(RdbFormatException.class)
                .hasMessageMatching(".*(version|signature).*");
    }

    private long deadline(String key, String field) {
        try (NativeBuffer name = new NativeBuffer(16);
                NativeBuffer text = new NativeBuffer(16)) {
            keyspace.locks().lockWorld();
            Slot slot = keyspace.database(0).slot(HashSlot.of(name.put(key)));
            long entry = slot.peek(name.span(), OldForms.NOW);
            assertThat(entry).isNotEqualTo(Slot.ABSENT);
            return FieldDeadlines.get(slot, entry, text.put(field), OldForms.NOW);
        } finally {
            keyspace.locks().unlockWorld();
        }
    }
}
