package dev.slotmesh.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A million keys of 16 bytes with values of 64 bytes: what they cost in memory, and the longest pause of one step. */
class LoadTest {
    private static final int KEYS = 1_000_000;
    private static final long NOW = SmallKeyspace.NOW;
    private static final double MOST_BYTES_PER_KEY = 108;

    /** Steps that are timed together, to keep the clock's cost out; a bound for one holds for each. */
    private static final int BATCH = 40;

    private static final long LONGEST_STEP_NANOS = 10_000_000;

    private final Keyspace keyspace = new Keyspace(KeyspaceSettings.cluster(4711));
    private final Database database = keyspace.database(0);
    private final NativeBuffer keyBuffer = new NativeBuffer(16);
    private final NativeBuffer valueBuffer = new NativeBuffer(64);
    private final byte[] keyBytes = "key:000000000000".getBytes(StandardCharsets.US_ASCII);

    @Test
    void shouldHoldAMillionKeysInAHundredBytesEach() {
        ByteSpan value = valueBuffer.zeros(64);
        long start = cpuNanos();
        for (int i = 0; i < KEYS; i++) {
            put(slotOf(i), key(i), value);
        }
        long filled = cpuNanos();
        ByteSpan span = new ByteSpan();
        long found = 0;
        for (int i = 0; i < KEYS; i++) {
            int slot = slotOf(i);
            ByteSpan key = key(i);
            keyspace.locks().lock(slot);
            long entry = database.slot(slot).find(key, NOW);
            found += database.slot(slot).stringValue(entry, span).length();
            keyspace.locks().unlock(slot);
        }
        long read = cpuNanos();

        MemoryUse use = keyspace.memoryUse();
        double used = (double) use.usedBytes() / KEYS;
        double touched = (double) use.touchedBytes() / KEYS;
        System.out.printf(
                "1,000,000 keys: %.1f bytes used, %.1f touched, %.1f index per key; put %d ns, find %d ns of CPU%n",
                used,
                touched,
                (double) use.indexBytes() / KEYS,
                (filled - start) / KEYS,
                (read - filled) / KEYS);
        assertThat(found).isEqualTo(64L * KEYS);
        assertThat(used).isBetween(88.0 + 64.0 / 7, MOST_BYTES_PER_KEY);
        assertThat(touched).isLessThan(MOST_BYTES_PER_KEY);
        close();
    }

    @Test
    void shouldGrowAndShrinkAHugeSlotWithoutALongPause() {
        ByteSpan value = valueBuffer.zeros(64);
        long longestPut = 0;
        for (int i = 0; i < KEYS; i += BATCH) {
            long start = cpuNanos();
            for (int j = 0; j < BATCH; j++) {
                put(1, key(i + j), value);
            }
            longestPut = Math.max(longestPut, cpuNanos() - start);
        }
        assertThat(database.keyCount()).isEqualTo(KEYS);

        long longestRemove = 0;
        for (int i = 0; i < KEYS; i += BATCH) {
            long start = cpuNanos();
            for (int j = 0; j < BATCH; j++) {
                keyspace.locks().lock(1);
                database.slot(1).remove(key(i + j), NOW);
                keyspace.locks().unlock(1);
            }
            longestRemove = Math.max(longestRemove, cpuNanos() - start);
        }

        System.out.printf(
                "one slot of 1,000,000 keys: longest 40 puts %d us, longest 40 removals %d us of CPU%n",
                longestPut / 1000, longestRemove / 1000);
        assertThat(longestPut).isLessThan(LONGEST_STEP_NANOS);
        assertThat(longestRemove).isLessThan(LONGEST_STEP_NANOS);
        assertThat(keyspace.memoryUse().usedBytes()).isZero();
        close();
    }

    private void put(int slot, ByteSpan key, ByteSpan value) {
        keyspace.locks().lock(slot);
        database.slot(slot).putString(key, value, Slot.NO_EXPIRY, NOW);
        keyspace.locks().unlock(slot);
    }

    private ByteSpan key(int number) {
        int rest = number;
        for (int i = keyBytes.length - 1; i >= 4; i--) {
            keyBytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return keyBuffer.put(keyBytes);
    }

    /** Spreads numbers over all slots as a hash would. */
    private static int slotOf(int number) {
        return (int) (number * 0x9E37_79B9_7F4A_7C15L >>> 50);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void close() {
        keyspace.close();
        keyBuffer.close();
        valueBuffer.close();
    }
}
