package dev.slotmesh.benchmarks;

import dev.slotmesh.resp.Request;
import dev.slotmesh.resp.RequestDecoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Requests from bytes to positions, 16 in a buffer. One operation is one request.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar RequestDecode -prof gc</pre>
 */
public class RequestDecodeBenchmark extends HotPath {
    private static final int KEYS = 1_000_000;

    private final RequestDecoder decoder = new RequestDecoder();
    private final Request request = new Request();
    private ByteBuf gets;
    private ByteBuf sets;

    /** Encodes the requests. */
    @Setup
    public void encode() {
        gets = oneBatch("GET");
        sets = oneBatch("SET");
    }

    private static ByteBuf oneBatch(String command) {
        try (RequestBatches batches = RequestBatches.randomKeys(command, KEYS)) {
            ByteBuf batch = Unpooled.directBuffer(batches.bytes());
            batches.copyNext(batch);
            return batch;
        }
    }

    /** Frees the buffers. */
    @TearDown
    public void release() {
        request.release();
        gets.release();
        sets.release();
    }

    /** Two arguments each; returns how many arguments there were. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public int get() {
        return decodeAll(gets);
    }

    /** Three arguments each, the last one of 64 bytes; returns how many arguments there were. */
    @Benchmark
    @OperationsPerInvocation(RequestBatches.PIPELINE)
    public int set() {
        return decodeAll(sets);
    }

    private int decodeAll(ByteBuf batch) {
        batch.readerIndex(0);
        int arguments = 0;
        while (decoder.decode(batch, request) == RequestDecoder.Outcome.REQUEST) {
            arguments += request.argumentCount();
        }
        return arguments;
    }
}
