package dev.slotmesh.benchmarks;

import io.netty.util.concurrent.DefaultThreadFactory;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * JMH's threads as Netty's event loops have them, with its fast thread locals: on other threads Netty's buffer pool keeps
 * no cache. {@link HotPath} asks JMH for it.
 *
 * <p>Tasks are queued: JMH hands out those of the next iteration when the threads have not quite let go of the last one's.
 */
public final class NettyThreads extends ThreadPoolExecutor {

    /** The constructor JMH calls. */
    public NettyThreads(int threads, String prefix) {
        super(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(prefix));
    }
}
