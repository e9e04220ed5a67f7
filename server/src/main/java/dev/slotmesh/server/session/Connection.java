package dev.slotmesh.server.session;

import io.netty.buffer.ByteBuf;

/**
 * The wire below a {@link Session}. Two implementations: a socket channel, and the embedded one of tests and benchmarks.
 *
 * <p>All methods except {@link #execute} and {@link #allocate} are called on the session's own thread.
 */
public interface Connection {

    /** A direct buffer with at least {@code capacity} writable bytes; the caller owns it. */
    ByteBuf allocate(int capacity);

    /** Queues bytes for sending and takes ownership of the buffer. */
    void write(ByteBuf bytes);

    /** Sends what is queued. */
    void flush();

    /** Closes after what is queued has been sent. */
    void closeAfterFlush();

    /** Closes at once; queued bytes are dropped. */
    void close();

    /** Stops or resumes reading from the peer, so that a suspended session does not buffer without bound. */
    void reading(boolean enabled);

    /** Runs a task on the session's thread, from any thread. */
    void execute(Runnable task);

    /** Runs a task on the session's thread after a time, unless it is cancelled before. Called on that thread. */
    Timer schedule(long delayMs, Runnable task);

    /** A task that has yet to run. */
    @FunctionalInterface
    interface Timer {
        /** Prevents the run, if it has not begun; on the session's thread. */
        void cancel();
    }

    /** Bytes queued and not yet taken by the kernel. */
    long pendingBytes();

    /** Whether more may be queued without piling up; see {@link #backPressure}. */
    default boolean isWritable() {
        return true;
    }

    /**
     * Bounds what is queued: from {@code highBytes} pending on, {@link #isWritable} is false, until no more than {@code
     * lowBytes} are pending; then the action is run.
     */
    default void backPressure(int lowBytes, int highBytes, Runnable whenWritable) {}

    /** Whether small packets are sent at once, which is how a connection begins, or gathered by the kernel. */
    default void noDelay(boolean atOnce) {}

    /** {@code ip:port} of the peer, or {@code path:0} of a Unix socket, as CLIENT LIST shows it. */
    String remoteAddress();

    /** {@code ip:port} of this end. */
    String localAddress();

    /** Whether the peer is on this machine: loopback or a Unix socket. */
    boolean fromThisMachine();

    /** Whether this is a Unix socket. */
    default boolean unixSocket() {
        return false;
    }

    /** A small number that identifies the socket, or -1. */
    int descriptor();
}
