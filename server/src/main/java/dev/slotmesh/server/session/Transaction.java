package dev.slotmesh.server.session;

import dev.slotmesh.resp.Request;
import dev.slotmesh.server.command.CommandSpec;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client has queued since MULTI. The requests' bytes are copies off the Java heap, freed by {@link #release}. Belongs
 * to the client's event loop.
 */
final class Transaction {
    /** A queued command. */
    record Queued(Request request, CommandSpec spec) {}

    /** Heap bytes per queued command, roughly: what Redis counts for its own. */
    private static final int OVERHEAD_BYTES = 24;

    private final List<Queued> queue = new ArrayList<>();
    private long bytes;
    private long flags;
    private int slot = -1;
    private long wireBytes;
    private boolean aborted;
    private int next;
    private boolean running;
    private boolean unanswered;

    /** Takes a copy and its ownership. */
    void add(Request copy, CommandSpec spec) {
        queue.add(new Queued(copy, spec));
        bytes += copy.totalBytes();
        flags |= spec.flags();
    }

    /** Notes a request of the transaction and the slot of its keys, -1 when it has none. */
    void noteRequest(Request request, int keySlot) {
        wireBytes += request.wireLength();
        if (keySlot >= 0) {
            slot = keySlot;
        }
    }

    /** A slot of what was queued: the only one in cluster mode; -1 when nothing has keys. */
    int slot() {
        return slot;
    }

    /** Bytes of MULTI and all requests since, as they came. */
    long wireBytes() {
        return wireBytes;
    }

    List<Queued> queue() {
        return queue;
    }

    int size() {
        return queue.size();
    }

    /** Bytes of the queued arguments. */
    long argumentBytes() {
        return bytes;
    }

    /** Bytes that the queue occupies, roughly. */
    long bytes() {
        return bytes + (long) OVERHEAD_BYTES * queue.size();
    }

    /** Whether some queued command has any of these flags. */
    boolean has(long anyOf) {
        return (flags & anyOf) != 0;
    }

    /** A command was refused: EXEC will not execute anything. */
    void abort() {
        aborted = true;
    }

    boolean isAborted() {
        return aborted;
    }

    /**
     * EXEC has begun.
     *
     * @param withoutReply whether CLIENT REPLY SKIP holds for it
     */
    void begin(boolean withoutReply) {
        running = true;
        unanswered = withoutReply;
    }

    boolean isRunning() {
        return running;
    }

    boolean isUnanswered() {
        return unanswered;
    }

    boolean hasNext() {
        return next < queue.size();
    }

    Queued next() {
        return queue.get(next++);
    }

    /** Frees the copies; the transaction is over. */
    void release() {
        queue.forEach(queued -> queued.request().release());
        queue.clear();
    }
}
