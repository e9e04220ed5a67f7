package dev.slotmesh.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * SADD and SISMEMBER on one large set from the request's bytes to the reply's, without a socket, in pipelines of 16. All
 * members drawn are there before the measurement: SADD finds them, as it mostly does in a long run of redis-benchmark.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar SetBenchmark -prof gc</pre>
 *
 * <p>{@code gc.alloc.rate.norm} is the heap per request; it must stay below 1 B.
 */
public class SetBenchmark extends HotPath {
    /** The members drawn from. */
    @Param({"1000000"})
    public int members;

    private EmbeddedNode node;
    private RequestBatches additions;
    private RequestBatches questions;

    /** Fills the set. */
    @Setup
    public void load() {
        node = new EmbeddedNode(1);
        additions = RequestBatches.randomMembers("SADD", members);
        questions = RequestBatches.randomMembers("SISMEMBER", members);
        for (int i = 0; i < additions.count(); i++) {
            node.execute(additions);
        }
    }

    /** Frees what {@link #load} took. */
    @TearDown
    public void release() {
        additions.close();
        questions.close();
        node.close();
    }

    /** Returns the bytes of the replies. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public long add() {
        return node.execute(additions);
    }

    /** Returns the bytes of the replies. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public long ask() {
        return node.execute(questions);
    }
}
