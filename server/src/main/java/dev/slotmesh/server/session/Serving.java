package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.propagation.CommandWriter;

import java.util.ArrayList;
import java.util.List;

/**
 * A waiting command being served: the key that was changed and where to reply. Valid inside {@link Waiter#serve} only; the
 * lock of the slot is held.
 */
public final class Serving {
    private final Worker worker;
    private final Slot slot;
    private final ByteSpan key;
    private final List<NativeBuffer> copies = new ArrayList<>();
    private int keyIndex;
    private ReplyEncoder reply;

    Serving(Worker worker, Slot slot, ByteSpan key) {
        this.worker = worker;
        this.slot = slot;
        this.key = key;
    }

    /** Turns to a client: which of its keys it is, and where its reply goes. */
    void client(int index, ReplyEncoder into) {
        database().keyspace().freeze(slot, key);
        keyIndex = index;
        reply = into;
    }

    /** Frees what {@link #span} copied. */
    void end() {
        copies.forEach(NativeBuffer::close);
        copies.clear();
    }

    /** The slot of the changed key, in the database that the waiting client had selected. */
    public Slot slot() {
        return slot;
    }

    /** The changed key. */
    public ByteSpan key() {
        return key;
    }

    /** Which of the wait's keys it is, 0 to {@code keyCount - 1}; the first of equal ones. */
    public int keyIndex() {
        return keyIndex;
    }

    /** The slot of another key of the same database; its lock is held when the command's keys are all in one. */
    public Slot slot(ByteSpan otherKey) {
        Slot other = database().slot(HashSlot.of(otherKey));
        database().keyspace().freeze(other, otherKey);
        return other;
    }

    /** The database that the waiting client had selected. */
    public Database database() {
        return slot.database();
    }

    /** Wall clock, milliseconds since 1970. */
    public long nowMs() {
        return worker.nowMs();
    }

    /** The waiting client's reply, in its protocol. */
    public ReplyEncoder reply() {
        return reply;
    }

    /** Replies with a bulk string. */
    public void replyBulk(ByteSpan bytes) {
        Call.bulk(reply, bytes, 0, bytes.length());
    }

    /** Tells of a change made while serving, as {@link Call#changed(Slot, ByteSpan, KeyEvent)} does. */
    public void changed(Slot of, ByteSpan changedKey, KeyEvent event) {
        worker.changes().changed(of, changedKey, event);
    }

    /** As {@link Call#alsoCounts}. */
    public void alsoCounts(long more) {
        worker.changes().count(more);
    }

    /**
     * Tells of a change made while serving that WATCH does not see and nobody can wait for.
     *
     * @param event null when listeners are told nothing
     */
    public void changedUnwatched(KeyEvent event) {
        worker.changes().count();
        if (event != null) {
            worker.changes().event(slot, key, event);
        }
    }

    /** A further event of the same change, as {@link Call#event(Slot, ByteSpan, KeyEvent)}. */
    public void event(Slot of, ByteSpan changedKey, KeyEvent event) {
        worker.changes().event(of, changedKey, event);
    }

    /**
     * Begins a command that tells others of what was changed here; what is served is not told of otherwise. See {@link
     * Call#propagateAs}.
     */
    public CommandWriter propagateAs(int argumentCount) {
        return worker.propagation().command(slot.database().number(), argumentCount);
    }

    /** These bytes in native memory, until the serving ends. */
    public ByteSpan span(byte[] bytes) {
        NativeBuffer copy = new NativeBuffer(Math.max(1, bytes.length));
        copies.add(copy);
        return copy.put(bytes);
    }
}
