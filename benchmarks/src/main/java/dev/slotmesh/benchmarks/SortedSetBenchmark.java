package dev.slotmesh.benchmarks;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Giving a random member of a sorted set a random score, as ZADD does, and reading the hundred lowest members, as ZRANGE.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar SortedSetBenchmark -prof gc</pre>
 *
 * <p>{@code gc.alloc.rate.norm} is the heap per operation and must stay below 1 B.
 */
public class SortedSetBenchmark extends HotPath {
    private static final int SLOT = 1;
    private static final int READ = 100;
    private static final long SEED = 1;
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final byte[] NAME = "m:000000000".getBytes(StandardCharsets.US_ASCII);

    /** Members: in a listpack, and in a tree. */
    @Param({"100", "1000000"})
    public int members;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final NativeBuffer name = new NativeBuffer(16);
    private final ByteSpan read = new ByteSpan();
    private Keyspace keyspace;
    private Slot slot;
    private long entry;

    /** Fills the set. */
    @Setup
    public void fill() {
        keyspace = new Keyspace(KeyspaceSettings.cluster(SEED));
        keyspace.locks().lock(SLOT);
        slot = keyspace.database(0).slot(SLOT);
        try (NativeBuffer key = new NativeBuffer(16)) {
            entry = SortedSets.create(slot, key.put("sorted"), NOW_MS);
        }
        for (int i = 0; i < members; i++) {
            SortedSets.put(slot, entry, name(i), random.nextInt(members));
        }
    }

    /** Frees everything. */
    @TearDown
    public void release() {
        keyspace.locks().unlock(SLOT);
        keyspace.close();
        name.close();
    }

    /** Returns whether the member is new, which it is not. */
    @Benchmark
    public boolean add() {
        return SortedSets.put(slot, entry, name(random.nextInt(members)), random.nextInt(members));
    }

    /** Returns the bytes of the members' names. */
    @Benchmark
    public int readLowest() {
        int bytes = 0;
        long place = SortedRanges.at(slot, entry, 0);
        for (int rank = 0; rank < READ; rank++) {
            bytes += SortedMember.bytes(SortedRanges.member(place), read).length();
            if (rank + 1 < READ) {
                place = SortedRanges.step(slot, entry, place, rank + 1, 1);
            }
        }
        return bytes;
    }

    /** A name of 11 bytes, which is no integer. */
    private ByteSpan name(int number) {
        ByteSpan span = name.put(NAME);
        int rest = number;
        for (int i = span.length() - 1; rest > 0; i--) {
            span.setByte(i, '0' + rest % 10);
            rest /= 10;
        }
        return span;
    }
}
