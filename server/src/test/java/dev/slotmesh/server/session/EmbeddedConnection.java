package dev.slotmesh.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A connection without a socket: requests go in as bytes and the replies are collected. The session lives on the thread
 * that made the connection, and so must every call but {@link #execute}.
 *
 * <p>The way in and out allocates nothing on the heap once warm, so that benchmarks measure the server alone: give
 * {@link #receive(ByteBuf)} the same bytes again and again and {@link #discard()} the replies, on a {@code
 * FastThreadLocalThread} (other threads do not reuse Netty's buffer objects), with leak detection off.
 */
public final class EmbeddedConnection implements Connection {
    private static final int FIRST_REPLY_BYTES = 1024;

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final ByteBuf replies = Unpooled.buffer(FIRST_REPLY_BYTES);
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final ManualTimers timers = new ManualTimers();
    private final Session session;
    private boolean open = true;

    /** Connects to a node's dispatcher. */
    public EmbeddedConnection(Dispatcher dispatcher) {
        session = dispatcher.admit(this);
    }

    public Session session() {
        return session;
    }

    /** Sends one command as an array of bulk strings, ISO-8859-1, and returns what was answered. */
    public String call(String... words) {
        StringBuilder request = new StringBuilder("*").append(words.length).append("\r\n");
        for (String word : words) {
            request.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        receive(request.toString().getBytes(StandardCharsets.ISO_8859_1));
        return takeReplies();
    }

    /** Hands these bytes to the session as one packet. */
    public void receive(byte[] bytes) {
        receive(allocator.directBuffer(bytes.length).writeBytes(bytes));
    }

    /** Hands a direct buffer to the session, which releases it. */
    public void receive(ByteBuf bytes) {
        session.receive(bytes);
        runTasks();
    }

    /** The replies collected since the last call, ISO-8859-1. */
    public String takeReplies() {
        runTasks();
        String text = replies.toString(StandardCharsets.ISO_8859_1);
        replies.clear();
        return text;
    }

    /** Forgets the replies collected; returns how many bytes they had. */
    public int discard() {
        int bytes = replies.readableBytes();
        replies.clear();
        return bytes;
    }

    public boolean isOpen() {
        return open;
    }

    private void runTasks() {
        Runnable task = nextTask();
        while (task != null) {
            task.run();
            task = nextTask();
        }
    }

    private Runnable nextTask() {
        synchronized (tasks) {
            return tasks.poll();
        }
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return allocator.directBuffer(capacity);
    }

    @Override
    public void write(ByteBuf bytes) {
        if (open) {
            replies.writeBytes(bytes);
        }
        bytes.release();
    }

    /** Everything written is collected at once. */
    @Override
    public void flush() {}

    @Override
    public void closeAfterFlush() {
        close();
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            session.disconnected();
        }
    }

    /** The caller decides when bytes arrive. */
    @Override
    public void reading(boolean enabled) {}

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
    }

    /** Timers run when the test says so: {@link #elapse}. */
    @Override
    public Timer schedule(long delayMs, Runnable task) {
        return timers.schedule(delayMs, task);
    }

    /** Lets time pass for this connection's timers. */
    public void elapse(long ms) {
        timers.elapse(ms);
        runTasks();
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1:0";
    }

    @Override
    public String localAddress() {
        return "127.0.0.1:0";
    }

    @Override
    public boolean fromThisMachine() {
        return true;
    }

    @Override
    public int descriptor() {
        return -1;
    }
}
