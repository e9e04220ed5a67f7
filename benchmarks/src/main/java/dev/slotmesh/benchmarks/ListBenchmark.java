package dev.slotmesh.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * LPUSH, LPOP and LRANGE of 100 elements from the request's bytes to the reply's, without a socket, in pipelines of 16. One
 * operation is one request; of {@link #pushPop}, which leaves the list as it was, half of them push.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar ListBenchmark -prof gc</pre>
 *
 * <p>{@code gc.alloc.rate.norm} is the heap per request; for {@link #pushPop} it must stay below 1 B.
 */
public class ListBenchmark extends HotPath {
    private static final String KEY = "mylist";
    private static final String ELEMENT = "element:000000012345";

    /** Elements in the list, at least 100. */
    @Param({"100000"})
    public int elements;

    private EmbeddedNode node;
    private RequestBatches pushes;
    private RequestBatches pops;
    private RequestBatches ranges;

    /** Fills the list. */
    @Setup
    public void load() {
        node = new EmbeddedNode(RequestBatches.PIPELINE);
        pushes = RequestBatches.repeated("LPUSH", KEY, ELEMENT);
        pops = RequestBatches.repeated("LPOP", KEY);
        ranges = RequestBatches.repeated("LRANGE", KEY, "0", "99");
        for (int i = 0; i < elements; i += RequestBatches.PIPELINE) {
            node.execute(pushes);
        }
    }

    /** Frees what {@link #load} took. */
    @TearDown
    public void release() {
        pushes.close();
        pops.close();
        ranges.close();
        node.close();
    }

    /** Returns the bytes of the replies. */
    @Benchmark
    @OperationsPerInvocation(2 * RequestBatches.PIPELINE)
    public long pushPop() {
        return node.execute(pushes) + node.execute(pops);
    }

    /** Returns the bytes of the replies. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public long range() {
        return node.execute(ranges);
    }
}
