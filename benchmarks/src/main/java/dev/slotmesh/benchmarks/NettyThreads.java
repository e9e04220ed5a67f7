package dev.slotmesh.benchmarks;

import io.netty.util.concurrent.DefaultThreadFactory;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * JMH's threads as Netty's event loops have them, with its fast thread locals: on other threads Netty's buffer pool keeps
 * no cache. {@link HotPath} asks JMH for it.
 */
public final class NettyThreads extends ThreadPoolExecutor {

    /** The constructor JMH calls. */
    public NettyThreads(int threads, String prefix) {
        super(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new DefaultThreadFactory(prefix));
    }
}
