package dev.slotmesh.benchmarks;

import dev.slotmesh.keyspace.Hashes;
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
 * What HSET and HGET of one field cost below the command, fields drawn at random: a listpack at 100 of them, a table above,
 * with the memory's latency in it at 1,000,000.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar HashBenchmark -prof gc</pre>
 */
public class HashBenchmark extends HotPath {
    private static final int DRAWN_FIELDS = 1 << 16;
    private static final int FIELD_BYTES = 16;
    private static final int VALUE_BYTES = 16;
    private static final int SLOT = 1;
    private static final long SEED = 1;
    private static final long NOW_MS = 1_800_000_000_000L;

    /** Fields of the hash. */
    @Param({"100", "10000", "1000000"})
    public int fields;

    private final ByteSpan field = new ByteSpan();
    private Keyspace keyspace;
    private SlotLocks locks;
    private NativeBuffer key;
    private NativeBuffer drawn;
    private NativeBuffer value;
    private int next;

    /** Fills the hash and draws the fields. */
    @Setup
    public void fill() {
        keyspace = new Keyspace(KeyspaceSettings.cluster(SEED));
        locks = keyspace.locks();
        key = new NativeBuffer(FIELD_BYTES);
        key.put("hash");
        value = new NativeBuffer(VALUE_BYTES);
        value.zeros(VALUE_BYTES);
        locks.lock(SLOT);
        try (NativeBuffer each = new NativeBuffer(FIELD_BYTES)) {
            Slot slot = keyspace.database(0).slot(SLOT);
            long entry = Hashes.create(slot, key.span(), NOW_MS);
            for (int i = 0; i < fields; i++) {
                Hashes.set(slot, entry, each.put(RequestBatches.key(i)), value.span(), NOW_MS);
            }
        } finally {
            locks.unlock(SLOT);
        }
        SplittableRandom random = new SplittableRandom(SEED);
        StringBuilder names = new StringBuilder(DRAWN_FIELDS * FIELD_BYTES);
        for (int i = 0; i < DRAWN_FIELDS; i++) {
            names.append(RequestBatches.key(random.nextInt(fields)));
        }
        drawn = new NativeBuffer(DRAWN_FIELDS * FIELD_BYTES);
        drawn.put(names.toString());
    }

    /** Frees everything. */
    @TearDown
    public void release() {
        keyspace.close();
        key.close();
        drawn.close();
        value.close();
    }

    /** Returns the handle of the value found. */
    @Benchmark
    public long get() {
        draw();
        locks.lock(SLOT);
        try {
            Slot slot = keyspace.database(0).slot(SLOT);
            return Hashes.find(slot, slot.find(key.span(), NOW_MS), field, NOW_MS);
        } finally {
            locks.unlock(SLOT);
        }
    }

    /** Gives a field a value of the same length; returns whether it was new, which it never is. */
    @Benchmark
    public boolean set() {
        draw();
        locks.lock(SLOT);
        try {
            Slot slot = keyspace.database(0).slot(SLOT);
            long entry = slot.find(key.span(), NOW_MS);
            return Hashes.set(slot, entry, field, value.span(), NOW_MS);
        } finally {
            locks.unlock(SLOT);
        }
    }

    private void draw() {
        next = next + 1 & DRAWN_FIELDS - 1;
        field.set(drawn.span()).slice(next * FIELD_BYTES, FIELD_BYTES);
    }
}
