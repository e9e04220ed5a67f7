package dev.slotmesh.keyspace.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.EncodingLimits;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * RESTORE of payloads with bytes changed, cut out and doubled: each is refused, and then nothing has changed, or is a value
 * that can be written and read again. {@code -Dslotmesh.model.operations=N} makes N of them instead of 6,000.
 */
class RestoreFuzzTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final int SLOT = 1;
    private static final int MUTATIONS = Integer.getInteger("slotmesh.model.operations", 6_000);

    /** Older forms; and a stream with a deleted entry, two groups and two consumers, as redis-server 7.0 gave it. */
    private static final List<String> FOREIGN = List.of(
            // LIST of a, 1
            "0102016101310a00",
            // ZSET of a: 1.5, b: inf
            "0302016103312e35" + "0162fe0a00",
            // HASH_ZIPMAP of f: v
            "09070101660100" + "76ff" + "0a00",
            // LIST_ZIPLIST of a, 5
            "0a1010000000" + "0d000000" + "0200" + "000161" + "03f6" + "ff" + "0a00",
            // ZSET_ZIPLIST of a: 5
            "0c1010000000" + "0d000000" + "0200" + "000161" + "03f6" + "ff" + "0a00",
            // HASH_ZIPLIST of a: 5
            "0d1010000000" + "0d000000" + "0200" + "000161" + "03f6" + "ff" + "0a00",
            // LIST_QUICKLIST of one such ziplist
            "0e011010000000" + "0d000000" + "0200" + "000161" + "03f6" + "ff" + "0a00",
            // STREAM_LISTPACKS_2
            "13011000000000000000010000000000000001c34041404907490000001d000301400007816102000102"
                    + "010020010481620204014015200a0063200a80170e020181640281650281660281670208200f00032019"
                    + "402b0101ff030401010102010402016704010403000000000000000100000000000000014df99407a201"
                    + "000001000000000000000300000000000000014df99407a2010000010000000000000004000000000000"
                    + "00014df99407a201000001020263314df99407a201000002000000000000000100000000000000010000"
                    + "00000000000300000000000000010263324df99407a20100000100000000000000040000000000000001"
                    + "0168040181ffffffffffffffff00000a00");

    private final Keyspace keyspace = new Keyspace(new KeyspaceSettings(1, false, 2, 4711));
    private final Database database = keyspace.database(0);
    private final NativeBuffer key = new NativeBuffer(64);
    private final NativeBuffer text = new NativeBuffer(64);
    private final NativeBuffer other = new NativeBuffer(64);
    private Slot slot;

    @BeforeEach
    void begin() {
        keyspace.locks().lockWorld();
        slot = database.slot(SLOT);
    }

    @AfterEach
    void end() {
        keyspace.locks().unlockWorld();
        keyspace.close();
        key.close();
        text.close();
        other.close();
    }

    @Test
    void shouldReadEveryForm() {
        for (byte[] payload : payloads()) {
            assertThat(restore(payload)).as(HexFormat.of().formatHex(payload)).isTrue();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void shouldRefuseOrTakeWholly(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> payloads = payloads();
        slot.remove(key.put("k"), NOW);
        long before = keyspace.memoryUse().usedBytes();
        int taken = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] payload = mutated(payloads.get(random.nextInt(payloads.size())), random);
            String shown = "seed " + seed + ", payload " + HexFormat.of().formatHex(payload);
            boolean held = random.nextBoolean();
            if (held) {
                slot.putString(key.put("k"), text.put("former"), Slot.NO_EXPIRY, NOW);
            }

            if (restore(payload)) {
                taken++;
                byte[] again = dump();
                assertThat(restore(again)).as(shown).isTrue();
                slot.remove(key.put("k"), NOW);
            } else {
                long entry = slot.peek(key.put("k"), NOW);
                assertThat(entry != Slot.ABSENT).as(shown).isEqualTo(held);
                slot.remove(key.put("k"), NOW);
            }
            assertThat(slot.keyCount()).as(shown).isZero();
        }
        freeRemains();
        assertThat(taken).isBetween(1, MUTATIONS - 1);
        assertThat(keyspace.memoryUse().usedBytes() - before)
                .as("bytes left, seed %d", seed)
                .isLessThanOrEqualTo(0);
    }

    private void freeRemains() {
        while (!keyspace.remains().free(1_000_000)) {}
    }

    private List<byte[]> payloads() {
        List<byte[]> payloads = new ArrayList<>();
        for (String hex : FOREIGN) {
            payloads.add(signed(HexFormat.of().parseHex(hex)));
        }
        key.put("k");
        slot.putString(key.span(), text.put("abc".repeat(30)), Slot.NO_EXPIRY, NOW);
        payloads.add(dump());
        for (int count : new int[] {3, 200}) {
            payloads.add(list(count));
            payloads.add(set(count, "m"));
            payloads.add(set(count, ""));
            payloads.add(hash(count));
            payloads.add(sortedSet(count));
        }
        return payloads;
    }

    private byte[] list(int count) {
        keyspace.encodingLimits(EncodingLimits.DEFAULT);
        slot.remove(key.put("k"), NOW);
        long entry = Lists.create(slot, key.span(), NOW);
        for (int i = 0; i < count; i++) {
            Lists.push(slot, entry, i % 3 == 0, text.put("element " + i));
        }
        return dump();
    }

    private byte[] set(int count, String prefix) {
        slot.remove(key.put("k"), NOW);
        long entry = Sets.create(slot, key.span(), text.put(prefix + 0), NOW);
        for (int i = 0; i < count; i++) {
            Sets.add(slot, entry, text.put(prefix + i));
        }
        return dump();
    }

    private byte[] hash(int count) {
        slot.remove(key.put("k"), NOW);
        long entry = Hashes.create(slot, key.span(), NOW);
        String value = "v".repeat(count > 100 ? 70 : 7);
        for (int i = 0; i < count; i++) {
            Hashes.set(slot, entry, text.put("field" + i), other.put(value), NOW);
        }
        return dump();
    }

    private byte[] sortedSet(int count) {
        slot.remove(key.put("k"), NOW);
        long entry = SortedSets.create(slot, key.span(), NOW);
        for (int i = 0; i < count; i++) {
            SortedSets.put(slot, entry, text.put("member" + i), i * 1.5);
        }
        return dump();
    }

    private byte[] dump() {
        long entry = slot.peek(key.put("k"), NOW);
        try (NativeBuffer payload = new NativeBuffer(64)) {
            DumpPayload.write(payload::append, slot, entry, true, NOW);
            return payload.span().toByteArray();
        }
    }

    private boolean restore(byte[] payload) {
        try (NativeBuffer bytes = new NativeBuffer(64)) {
            ByteSpan span = bytes.put(payload);
            assertThat(DumpPayload.isIntact(span)).isTrue();
            DumpPayload.restore(span, slot, key.put("k"), NOW);
            return true;
        } catch (RdbFormatException refused) {
            return false;
        }
    }

    /** One to three changes before the version, and the right checksum. */
    private static byte[] mutated(byte[] payload, SplittableRandom random) {
        byte[] value = Arrays.copyOf(payload, payload.length - 10);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && value.length > 1; i++) {
            int at = random.nextInt(value.length);
            switch (random.nextInt(5)) {
                case 0 -> value[at] = (byte) random.nextInt(256);
                case 1 -> value[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> value[at] += (byte) (random.nextBoolean() ? 1 : -1);
                case 3 -> value = Arrays.copyOf(value, at + 1);
                default -> value = doubled(value, at, random.nextInt(8));
            }
        }
        byte[] versioned = Arrays.copyOf(value, value.length + 2);
        versioned[value.length] = DumpPayload.VERSION;
        return signed(versioned);
    }

    private static byte[] doubled(byte[] value, int at, int most) {
        int count = Math.min(most, value.length - at);
        byte[] longer = Arrays.copyOf(value, value.length + count);
        System.arraycopy(value, at, longer, at + count, value.length - at);
        return longer;
    }

    /** With the checksum behind it. */
    private static byte[] signed(byte[] versioned) {
        try (NativeBuffer bytes = new NativeBuffer(64)) {
            long sum = Crc64.of(Crc64.START, bytes.put(versioned).address(), versioned.length);
            byte[] payload = Arrays.copyOf(versioned, versioned.length + Long.BYTES);
            for (int i = 0; i < Long.BYTES; i++) {
                payload[versioned.length + i] = (byte) (sum >>> Byte.SIZE * i);
            }
            return payload;
        }
    }
}
