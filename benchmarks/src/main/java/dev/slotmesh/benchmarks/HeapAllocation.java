package dev.slotmesh.benchmarks;

import com.sun.management.ThreadMXBean;

import io.netty.util.concurrent.FastThreadLocalThread;

import java.lang.management.ManagementFactory;

/**
 * How much Java heap a request costs from its bytes to its reply's bytes, once the code is warm. The JVM itself counts the
 * bytes that the thread allocates.
 */
public final class HeapAllocation {
    private static final int KEYS = 10_000;
    private static final int WARM_UP_BATCHES = 20_000;
    private static final int BATCHES = 12_500;

    private HeapAllocation() {}

    /**
     * Executes 200,000 requests after a warm-up, in pipelines of 16, on a thread like those of the event loops.
     *
     * @param command GET or SET
     * @return bytes of heap per request
     */
    public static double bytesPerRequest(String command) {
        double[] result = {Double.NaN};
        Thread thread = new FastThreadLocalThread(() -> result[0] = measure(command));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (Double.isNaN(result[0])) {
            throw new IllegalStateException("the measurement of " + command + " did not end");
        }
        return result[0];
    }

    private static double measure(String command) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (EmbeddedNode node = new EmbeddedNode(KEYS);
                RequestBatches batches = RequestBatches.randomKeys(command, KEYS)) {
            execute(node, batches, WARM_UP_BATCHES);
            long before = threads.getCurrentThreadAllocatedBytes();
            execute(node, batches, BATCHES);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            return (double) allocated / (BATCHES * RequestBatches.PIPELINE);
        }
    }

    private static void execute(EmbeddedNode node, RequestBatches batches, int times) {
        for (int i = 0; i < times; i++) {
            node.execute(batches);
        }
        if (node.firstReplyByte() == '-') {
            throw new IllegalStateException("the node answers errors");
        }
    }
}
