package dev.slotmesh.benchmarks;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Finding and overwriting a string in its slot, keys drawn at random, so that at 1,000,000 keys the memory's latency is in
 * it. One operation takes the slot's lock, as a command does, but computes no hash slot.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar SlotIndex -prof gc</pre>
 */
public class SlotIndexBenchmark extends HotPath {
    private static final int DRAWN_KEYS = 1 << 16;
    private static final int KEY_BYTES = 16;
    private static final int VALUE_BYTES = 64;
    private static final long SEED = 1;
    private static final long NOW_MS = 1_800_000_000_000L;

    /** Keys in the keyspace. */
    @Param({"10000", "1000000"})
    public int keys;

    private final int[] slots = new int[DRAWN_KEYS];
    private final ByteSpan key = new ByteSpan();
    private final ByteSpan found = new ByteSpan();
    private Keyspace keyspace;
    private SlotLocks locks;
    private NativeBuffer drawn;
    private NativeBuffer value;
    private int next;

    /** Fills the keyspace and draws the keys. */
    @Setup
    public void fill() {
        keyspace = new Keyspace(KeyspaceSettings.cluster(SEED));
        locks = keyspace.locks();
        value = new NativeBuffer(VALUE_BYTES);
        value.zeros(VALUE_BYTES);
        try (NativeBuffer each = new NativeBuffer(KEY_BYTES)) {
            for (int i = 0; i < keys; i++) {
                put(HashSlot.of(each.put(RequestBatches.key(i))), each.span());
            }
        }
        SplittableRandom random = new SplittableRandom(SEED);
        StringBuilder names = new StringBuilder(DRAWN_KEYS * KEY_BYTES);
        for (int i = 0; i < DRAWN_KEYS; i++) {
            names.append(RequestBatches.key(random.nextInt(keys)));
        }
        drawn = new NativeBuffer(DRAWN_KEYS * KEY_BYTES);
        drawn.put(names.toString());
        for (int i = 0; i < DRAWN_KEYS; i++) {
            slots[i] = HashSlot.of(key(i));
        }
    }

    /** Frees everything. */
    @TearDown
    public void release() {
        keyspace.close();
        drawn.close();
        value.close();
    }

    /** Returns the length of the value found. */
    @Benchmark
    public int find() {
        int slot = draw();
        locks.lock(slot);
        try {
            Slot of = keyspace.database(0).slot(slot);
            return of.stringValue(of.find(key, NOW_MS), found).length();
        } finally {
            locks.unlock(slot);
        }
    }

    /** Overwrites a value by one of the same length; returns the entry. */
    @Benchmark
    public long putString() {
        return put(draw(), key);
    }

    private int draw() {
        next = next + 1 & DRAWN_KEYS - 1;
        key(next);
        return slots[next];
    }

    private ByteSpan key(int number) {
        return key.set(drawn.span()).slice(number * KEY_BYTES, KEY_BYTES);
    }

    private long put(int slot, ByteSpan under) {
        locks.lock(slot);
        try {
            return keyspace.database(0)
                    .slot(slot)
                    .putString(under, value.span(), Slot.NO_EXPIRY, NOW_MS);
        } finally {
            locks.unlock(slot);
        }
    }
}
