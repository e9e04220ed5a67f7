package dev.slotmesh.keyspace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole RDB files: what is written is read, in pieces of any size; what is wrong or cut is refused with its offset. */
class RdbFileTest {
    private static final long NOW = 1_700_000_000_000L;

    private final Keyspace from = new Keyspace(KeyspaceSettings.standalone(16, 1));
    private final Keyspace to = new Keyspace(KeyspaceSettings.standalone(16, 2));
    private final NativeBuffer key = new NativeBuffer(64);
    private final NativeBuffer value = new NativeBuffer(64);

    @AfterEach
    void free() {
        RdbFiles.empty(to);
        assertThat(to.memoryUse().usedBytes()).isZero();
        from.close();
        to.close();
        key.close();
        value.close();
    }

    @Test
    void shouldReadWhatIsWrittenInPiecesOfAnySize() {
        put(0, "plain", "text", Slot.NO_EXPIRY);
        put(0, "number", "12345", NOW + 5000);
        put(9, "long", "x".repeat(100_000), Slot.NO_EXPIRY);
        put(9, "a key that is long enough to be compressed aaaaaaaaaaaaaaa", "", NOW + 1);
        Map<String, String> aux = new LinkedHashMap<>();
        aux.put("redis-ver", "7.0.15");
        aux.put("ctime", "1700000000");

        byte[] file = RdbFiles.write(from, true, aux, NOW);

        for (int piece : new int[] {1, 7, 4096, 1 << 20}) {
            RdbFileSummary summary = RdbFiles.load(file, piece, to, RdbLoadSettings.ofPrimary(NOW));
            assertThat(summary.keys()).isEqualTo(4);
            assertThat(summary.bytes()).isEqualTo(file.length);
            assertThat(summary.aux()).isEqualTo(aux);
            assertThat(get(0, "plain")).isEqualTo("text");
            assertThat(get(0, "number")).isEqualTo("12345");
            assertThat(get(9, "long")).hasSize(100_000);
            assertThat(to.database(9).expiringKeyCount()).isEqualTo(1);
            RdbFiles.empty(to);
        }
    }

    @Test
    void shouldRefuseEveryFileThatIsCut() {
        put(0, "plain", "text", NOW + 5000);
        put(3, "other", "1", Slot.NO_EXPIRY);
        byte[] file = RdbFiles.write(from, true, Map.of("ctime", "1"), NOW);

        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            RdbFormatException wrong = refused(cut, RdbLoadSettings.ofPrimary(NOW));
            assertThat(wrong).as("cut after %d", length).isNotNull();
            assertThat(wrong.offset()).isBetween(0L, (long) length);
            RdbFiles.empty(to);
        }
    }

    @Test
    void shouldRefuseAWrongChecksumUnlessTold() {
        put(0, "plain", "text", Slot.NO_EXPIRY);
        byte[] file = RdbFiles.write(from, true, Map.of(), NOW);
        file[file.length - 1] ^= 1;
        RdbLoadSettings settings = RdbLoadSettings.ofPrimary(NOW);

        RdbFormatException wrong = refused(file, settings);
        assertThat(wrong).hasMessageContaining("wrong checksum");
        RdbFiles.empty(to);

        assertThat(RdbFiles.load(file, 1000, to, settings.withChecksum(false)).keys())
                .isOne();
    }

    @Test
    void shouldDropKeysPastTheirTimeUnlessTold() {
        put(0, "gone", "text", NOW - 1);
        put(0, "here", "text", NOW);
        byte[] file = RdbFiles.write(from, true, Map.of(), NOW);
        RdbLoadSettings settings = RdbLoadSettings.ofPrimary(NOW);

        RdbFileSummary dropped = RdbFiles.load(file, 1000, to, settings);
        assertThat(dropped.keys()).isOne();
        assertThat(dropped.expiredKeys()).isOne();
        RdbFiles.empty(to);

        assertThat(RdbFiles.load(file, 1000, to, settings.keepingExpired()).keys())
                .isEqualTo(2);
    }

    @Test
    void shouldRefuseAKeyTwiceUnlessTold() {
        put(0, "one", "first", Slot.NO_EXPIRY);
        byte[] file = RdbFiles.write(from, true, Map.of(), NOW);
        RdbLoadSettings settings = RdbLoadSettings.ofPrimary(NOW);
        RdbFiles.load(file, 1000, to, settings);

        RdbFormatException wrong = refused(file, settings);
        assertThat(wrong).hasMessageContaining("a key twice: 'one'");

        assertThat(RdbFiles.load(file, 1000, to, settings.replacing()).keys()).isOne();
        assertThat(get(0, "one")).isEqualTo("first");
    }

    /** Pages have 2^18 bytes; what comes before the end moves it over the end of the fifth, byte by byte. */
    @Test
    void shouldReadAheadWhateverStandsAtThePagesEnds() {
        RdbLoadSettings settings = RdbLoadSettings.ofPrimary(NOW);
        for (int past = -12; past < 12; past++) {
            byte[] file = ofLength(5 * (1 << 18) + past);

            RdbFileSummary summary = RdbFiles.load(file, 50_000, to, settings);
            assertThat(summary.bytes()).isEqualTo(file.length);
            assertThat(get(0, "key:899")).endsWith("899");
            assertThat(get(1, "long")).hasSize(300_000);
            RdbFiles.empty(to);

            byte[] damaged = file.clone();
            damaged[file.length / 3 + past] ^= 1;
            assertThat(refused(damaged, settings).offset()).isBetween(1L, (long) file.length);
            RdbFiles.empty(to);
            byte[] cut = Arrays.copyOf(file, file.length - 13 - past);
            assertThat(refused(cut, settings)).hasMessageContaining("the end inside");
            RdbFiles.empty(to);
        }
    }

    private static byte[] ofLength(int length) {
        RdbBytes file = RdbBytes.file("REDIS0010").u8(0xFE).length(0);
        for (int i = 0; i < 900; i++) {
            file.key(0, "key:" + i).string("x".repeat(i) + i);
        }
        file.u8(0xFE).length(1).key(0, "long").string("y".repeat(300_000));
        // Type, name, length of the value; then the end.
        int rest = length - file.bytes().length - 1 - 5 - 5 - 9;
        byte[] whole = file.key(0, "last").string("z".repeat(rest)).end();
        assertThat(whole).hasSize(length);
        RdbFiles.sumUp(whole);
        return whole;
    }

    @Test
    void shouldKeepLibrariesOfFunctionsAndReplaceThoseOfTheSameName() {
        byte[] source = "#!lua name=one\nfirst".getBytes();
        keep(from, Libraries.NONE.with(source).with("#!lua name=two\n".getBytes()));
        byte[] file = RdbFiles.write(from, true, Map.of(), NOW);
        RdbLoadSettings settings = RdbLoadSettings.ofPrimary(NOW);

        assertThat(RdbFiles.load(file, 1000, to, settings).libraries()).isEqualTo(2);
        assertThat(to.libraries().sources()).hasSize(2).contains(source);
        assertThat(refused(file, settings)).hasMessageContaining("a library of functions");
        keep(to, Libraries.NONE.with("#!lua  name=one engine=x\nother".getBytes()));
        RdbFiles.load(file, 1000, to, settings.replacing());
        assertThat(to.libraries().sources()).hasSize(2).contains(source);
    }

    private static void keep(Keyspace keyspace, Libraries libraries) {
        keyspace.locks().lockWorld();
        keyspace.libraries(libraries);
        keyspace.locks().unlockWorld();
    }

    private RdbFormatException refused(byte[] file, RdbLoadSettings settings) {
        return catchThrowableOfType(
                RdbFormatException.class, () -> RdbFiles.load(file, 1000, to, settings));
    }

    private void put(int database, String name, String text, long deadline) {
        from.locks().lockWorld();
        try {
            Slot slot = from.database(database).slot(HashSlot.of(key.put(name)));
            slot.putString(key.put(name), value.put(text), deadline, NOW - 1000);
        } finally {
            from.locks().unlockWorld();
        }
    }

    private String get(int database, String name) {
        to.locks().lockWorld();
        try {
            Slot slot = to.database(database).slot(HashSlot.of(key.put(name)));
            long entry = slot.peek(key.span(), NOW);
            return entry == Slot.ABSENT
                    ? null
                    : new String(slot.stringValue(entry, new ByteSpan()).toByteArray());
        } finally {
            to.locks().unlockWorld();
        }
    }
}
