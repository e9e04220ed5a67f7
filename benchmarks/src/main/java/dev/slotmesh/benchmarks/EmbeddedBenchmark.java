package dev.slotmesh.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * GET and SET from the request's bytes to the reply's, without a socket, in pipelines of 16. One operation is one request,
 * the copy of its bytes into a receive buffer included.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar Embedded -prof gc</pre>
 *
 * <p>{@code gc.alloc.rate.norm} is the heap per request; it must stay below 1 B.
 */
public class EmbeddedBenchmark extends HotPath {
    /** Keys in the node; the requests draw from all of them. */
    @Param({"1000000"})
    public int keys;

    private EmbeddedNode node;
    private RequestBatches gets;
    private RequestBatches sets;

    /** Loads the node. */
    @Setup
    public void load() {
        node = new EmbeddedNode(keys);
        gets = RequestBatches.randomKeys("GET", keys);
        sets = RequestBatches.randomKeys("SET", keys);
    }

    /** Frees what {@link #load} took. */
    @TearDown
    public void release() {
        gets.close();
        sets.close();
        node.close();
    }

    /** Returns the bytes of the replies. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public long get() {
        return node.execute(gets);
    }

    /** Returns the bytes of the replies. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public long set() {
        return node.execute(sets);
    }
}
