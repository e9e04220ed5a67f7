package dev.slotmesh.server.propagation;

import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.resp.Request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands the changes of all threads to the streams that want them, in one order.
 *
 * <p><b>What is guarded by what.</b> The order of two changes to one key is that of its slot's lock, because each is appended
 * before the lock is given back. The log's own lock is a leaf: below it nothing is taken but what a stream needs to copy bytes.
 * It makes every hand-over one piece, the same in all streams. Which streams there are, and whether they are active, changes
 * under the world lock only; so a thread that holds any slot lock may read {@link #isActive} once and rely on it.
 *
 * <p>Rejected: one log per event loop, merged by readers. It would need an order of its own between loops for every change, for
 * a lock that is held some hundred nanoseconds per batch.
 */
public final class CommandLog {
    private final SlotLocks locks;
    private final ReentrantLock leaf = new ReentrantLock();
    private volatile DeletionForms deletionForms = DeletionForms.DEL;
    /** Written under the world lock and the leaf, read under either. */
    private final List<CommandStream> attached = new ArrayList<>();

    /** Those of them that are active; guarded likewise. */
    private CommandStream[] streams = {};
    /** The one whose end is the node's replication offset, or null. Guarded likewise. */
    private CommandStream replication;

    private volatile boolean active;

    public CommandLog(SlotLocks locks) {
        this.locks = locks;
    }

    /** Whether some stream takes commands. To be asked under a slot lock, see above. */
    public boolean isActive() {
        return active;
    }

    /** Adds a stream. Needs the world lock. */
    public void attach(CommandStream stream) {
        locks.requireWorldHeld();
        attached.add(stream);
        review();
    }

    /** Adds the stream whose {@link CommandStream#endOffset} the hand-overs answer. Needs the world lock. */
    public void attachReplication(CommandStream stream) {
        replication = stream;
        attach(stream);
    }

    /** Takes a stream out, which need not be there. Needs the world lock. */
    public void detach(CommandStream stream) {
        locks.requireWorldHeld();
        attached.remove(stream);
        if (replication == stream) {
            replication = null;
        }
        review();
    }

    /** Asks every stream again whether it is active. Needs the world lock. */
    public void review() {
        locks.requireWorldHeld();
        leaf.lock();
        try {
            streams =
                    attached.stream().filter(CommandStream::isActive).toArray(CommandStream[]::new);
            active = streams.length > 0;
        } finally {
            leaf.unlock();
        }
    }

    /** Which command tells of a key that goes without a command deleting it. */
    public DeletionForms deletionForms() {
        return deletionForms;
    }

    /** Changes that. Any thread. */
    public void deletionForms(DeletionForms forms) {
        deletionForms = forms;
    }

    /**
     * Appends what was collected. The locks of all slots concerned are held.
     *
     * @return the offset behind it in the replication stream, 0 when there is none
     */
    long append(Propagation collected) {
        leaf.lock();
        try {
            for (CommandStream stream : streams) {
                collected.writeTo(stream);
            }
            return replication == null ? 0 : replication.endOffset();
        } finally {
            leaf.unlock();
        }
    }

    /**
     * Appends a request to the replication stream alone, if there is one: a message to channels, which changes nothing.
     *
     * @return as {@link #append}
     */
    public long appendToReplicas(int database, Request request) {
        if (!active) {
            return 0;
        }
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer();
        leaf.lock();
        try {
            if (replication == null || !replication.isActive()) {
                return 0;
            }
            RespCommands.request(bytes, request);
            replication.append(database, bytes.memoryAddress(), bytes.readableBytes());
            return replication.endOffset();
        } finally {
            leaf.unlock();
            bytes.release();
        }
    }

    /**
     * Appends one command of a thread that collects none. If it tells of a change, the lock of the slot is held.
     *
     * @return as {@link #append}
     */
    public long appendAlone(int database, byte[]... command) {
        ByteBuf bytes = RespCommands.encode(command);
        leaf.lock();
        try {
            for (CommandStream stream : streams) {
                stream.append(database, bytes.memoryAddress(), bytes.readableBytes());
            }
            return replication == null ? 0 : replication.endOffset();
        } finally {
            leaf.unlock();
            bytes.release();
        }
    }
}
