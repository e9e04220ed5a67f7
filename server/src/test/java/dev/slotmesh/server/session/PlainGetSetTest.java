package dev.slotmesh.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.server.commands.strings.StringCommands;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The way of plain GET and SET from bytes to bytes. */
final class PlainGetSetTest {
    private static final int PIPELINED = 16;
    private static final int BATCHES = 2000;

    @Test
    void shouldAllocateNothingOnTheHeap() throws InterruptedException {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        // The detector's samples are allocations of their own.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread eventLoop = new FastThreadLocalThread(PlainGetSetTest::measure, "event-loop");
        eventLoop.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        try {
            eventLoop.start();
            eventLoop.join();
        } finally {
            ResourceLeakDetector.setLevel(level);
        }

        assertThat(failure.get()).isNull();
    }

    /** On a thread of Netty's kind, as event loops are: on others buffers' objects are not used again. */
    private static void measure() {
        try (Keyspace keyspace = new Keyspace(KeyspaceSettings.cluster(1))) {
            CommandBindings bindings = new CommandBindings();
            new StringCommands().bind(bindings);
            EmbeddedConnection connection = new EmbeddedConnection(new Dispatcher(
                    bindings.table(), keyspace, null, SessionLimits.DEFAULT, new NoEvents()));
            byte[] batch = (request("SET", "key:000000000042", "v".repeat(64))
                            + request("GET", "key:000000000042")
                            + request("GET", "key:0000000missing"))
                    .repeat(PIPELINED)
                    .getBytes(StandardCharsets.ISO_8859_1);
            run(connection, batch);

            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            int replied = run(connection, batch);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            double perCommand = (double) allocated / (3L * PIPELINED * BATCHES);
            assertThat(replied).isEqualTo(PIPELINED * BATCHES * (5 + 71 + 5));
            assertThat(perCommand).as("bytes per command").isLessThan(1.0);
            connection.close();
        }
    }

    private static int run(EmbeddedConnection connection, byte[] batch) {
        int replied = 0;
        for (int i = 0; i < BATCHES; i++) {
            ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(batch.length);
            connection.receive(bytes.writeBytes(batch));
            replied += connection.discard();
        }
        return replied;
    }

    private static String request(String... words) {
        StringBuilder text = new StringBuilder("*").append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }
}
