package dev.slotmesh.benchmarks;

import dev.slotmesh.resp.ReplyEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Replies to bytes, 16 into a buffer. One operation is one reply; each benchmark returns the bytes written.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar ReplyEncode -prof gc</pre>
 */
public class ReplyEncodeBenchmark extends HotPath {
    private static final int VALUE_BYTES = 64;
    private static final int CAPACITY = 4096;

    private final ByteBuf out = Unpooled.directBuffer(CAPACITY);
    private final ByteBuf value = Unpooled.directBuffer(VALUE_BYTES).writeZero(VALUE_BYTES);
    private final ReplyEncoder encoder = new ReplyEncoder(out, 2);
    private long number = 1;

    /** Frees the buffers. */
    @TearDown
    public void release() {
        out.release();
        value.release();
    }

    /** The reply to SET. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public int ok() {
        out.clear();
        for (int i = 0; i < RequestBatches.PIPELINE; i++) {
            encoder.ok();
        }
        return out.writerIndex();
    }

    /** The reply to GET with a value of 64 bytes. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public int bulk() {
        out.clear();
        for (int i = 0; i < RequestBatches.PIPELINE; i++) {
            encoder.bulk(value, 0, VALUE_BYTES);
        }
        return out.writerIndex();
    }

    /** The reply to INCR, with numbers of every length. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public int integer() {
        out.clear();
        for (int i = 0; i < RequestBatches.PIPELINE; i++) {
            number = number * 7 + i;
            encoder.integer(number);
        }
        return out.writerIndex();
    }
}
