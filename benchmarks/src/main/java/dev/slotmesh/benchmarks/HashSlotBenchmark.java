package dev.slotmesh.benchmarks;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The hash slot of a key, with and without hash tag.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar HashSlot -prof gc</pre>
 */
public class HashSlotBenchmark extends HotPath {
    /** The key. */
    @Param({
        "key:000000123456",
        "{user1000}.following",
        "session:2f1e6a0c-93f1-4c0e-8d1b-5a6c1f0e9b77"
    })
    public String key;

    private NativeBuffer bytes;

    /** Copies the key off the heap. */
    @Setup
    public void copy() {
        bytes = new NativeBuffer(64);
        bytes.put(key);
    }

    /** Frees the copy. */
    @TearDown
    public void release() {
        bytes.close();
    }

    /** Returns the slot. */
    @Benchmark
    public int slotOfKey() {
        return HashSlot.of(bytes.span());
    }
}
