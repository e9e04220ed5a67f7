package dev.slotmesh.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A connection without a socket whose peer can stop reading, and which counts the memory it gives out. All calls on the thread
 * that made it, but {@link #execute}.
 */
final class HeldConnection implements Connection {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final StringBuilder read = new StringBuilder();
    private final Queue<ByteBuf> queued = new ArrayDeque<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final ManualTimers timers = new ManualTimers();
    private final Session session;
    private Runnable whenNotReading = () -> {};
    private boolean peerReads = true;
    private boolean reading = true;
    private boolean open = true;

    HeldConnection(Dispatcher dispatcher) {
        session = dispatcher.admit(this);
    }

    Session session() {
        return session;
    }

    /** Whether the peer takes what is sent; until then it is pending. */
    void peerReads(boolean now) {
        peerReads = now;
        if (now) {
            flush();
        }
    }

    /** What another thread does at the moment the session stops reading. */
    void whenNotReading(Runnable action) {
        whenNotReading = action;
    }

    boolean isReading() {
        return reading;
    }

    boolean isOpen() {
        return open;
    }

    /** Timers that have yet to run. */
    int timers() {
        return timers.count();
    }

    /** Direct bytes given out and not released. */
    long heldBytes() {
        return allocator.metric().usedDirectMemory();
    }

    /** The peer sends these bytes in one packet, ISO-8859-1. */
    void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        session.receive(allocator.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes));
        runTasks();
    }

    /** The peer sends a command. */
    void command(String... words) {
        send(request(words));
    }

    static String request(String... words) {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            request.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        return request.toString();
    }

    /** What the peer has read since the last call. */
    String take() {
        runTasks();
        String text = read.toString();
        read.setLength(0);
        return text;
    }

    void runTasks() {
        for (Runnable task = poll(); task != null; task = poll()) {
            task.run();
        }
    }

    private Runnable poll() {
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
        queued.add(bytes);
    }

    @Override
    public void flush() {
        while (peerReads && !queued.isEmpty()) {
            ByteBuf bytes = queued.poll();
            read.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
    }

    @Override
    public void closeAfterFlush() {
        flush();
        close();
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            queued.forEach(ByteBuf::release);
            queued.clear();
            // A channel tells of its end in a task of its own, never inside the call that closes
            // it.
            execute(session::disconnected);
        }
    }

    @Override
    public void reading(boolean enabled) {
        reading = enabled;
        if (!enabled) {
            whenNotReading.run();
        }
    }

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
    void elapse(long ms) {
        timers.elapse(ms);
        runTasks();
    }

    @Override
    public long pendingBytes() {
        return queued.stream().mapToLong(ByteBuf::readableBytes).sum();
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1:1";
    }

    @Override
    public String localAddress() {
        return "127.0.0.1:2";
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
