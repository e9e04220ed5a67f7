package dev.slotmesh.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NettyThreadsTest {
    @Test
    void shouldTakeTheTasksOfTheNextIterationBeforeTheLastOneHasEnded() throws Exception {
        NettyThreads threads = new NettyThreads(1, "test");
        CountDownLatch firstMayEnd = new CountDownLatch(1);

        Future<Boolean> first = threads.submit(() -> firstMayEnd.await(10, TimeUnit.SECONDS));
        Future<Thread> second = threads.submit(Thread::currentThread);
        firstMayEnd.countDown();

        assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(10, TimeUnit.SECONDS)).isInstanceOf(FastThreadLocalThread.class);
        threads.shutdown();
    }
}
