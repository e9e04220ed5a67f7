package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Strings;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.ByteSpans;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.resp.Request;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.command.KeyPositions;
import dev.slotmesh.server.propagation.CommandWriter;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * One command being executed: its arguments, the keyspace it may touch and its reply.
 *
 * <p>Argument 0 is the command's name; for a subcommand argument 1 is the subcommand's. One object per event loop serves
 * all its commands, so nothing of it may be kept after {@link CommandHandler#run} returns; {@link #session()} may.
 *
 * <p>While a handler runs, the locks of all the keys that the command table finds in the request are held.
 */
public final class Call implements ByteSpans {
    private static final int FIRST_SPANS = 16;
    private static final int MOST_KEPT_SPANS = 1024;
    /** Of the 2 GiB that a reply's buffer can hold at most: for lengths, line ends and an error. */
    private static final int REPLY_RESERVE_BYTES = 1024;

    private final Worker worker;
    private final ByteSpan value = new ByteSpan();
    private final ByteSpan otherValue = new ByteSpan();
    private ByteSpan[] spans = newSpans(new ByteSpan[0], FIRST_SPANS);
    private Session session;
    private Request request;
    private CommandSpec spec;
    private final KeyPositions keys = new KeyPositions();
    private long inputAddress;
    private int onlyKey;
    private int locatedKey;
    private int locatedSlot;

    Call(Worker worker) {
        this.worker = worker;
    }

    void begin(Session of, Request decoded, CommandSpec command) {
        session = of;
        request = decoded;
        spec = command;
        locatedKey = 0;
        inputAddress = request.buffer().memoryAddress();
        if (spans.length > MOST_KEPT_SPANS && request.argumentCount() <= FIRST_SPANS) {
            spans = newSpans(new ByteSpan[0], FIRST_SPANS);
        }
    }

    /** The command's only key is this argument. */
    void key(int argument) {
        onlyKey = argument;
    }

    /** The slot of the key at this argument is known already and need not be computed again. */
    void located(int argument, int slot) {
        locatedKey = argument;
        locatedSlot = slot;
    }

    /** The slot of the command's keys, -1 when it has none or they were not looked for. */
    int keySlot() {
        return locatedKey == 0 ? -1 : locatedSlot;
    }

    /** Finds the command's keys; returns how many. */
    int searchKeys() {
        onlyKey = 0;
        return keys.collectRouted(spec, request);
    }

    /** Number of keys the command table finds in the request, repeated ones counted each time. */
    public int keyCount() {
        return onlyKey > 0 ? 1 : keys.count();
    }

    /** The argument that is key {@code i}, 0 to {@link #keyCount} - 1. */
    public int keyArgument(int i) {
        return onlyKey > 0 ? onlyKey : keys.position(i);
    }

    /** Has a snapshot write down what the command's keys hold, since they may be changed now. */
    void freezeKeys() {
        Keyspace keyspace = keyspace();
        for (int i = 0; i < keyCount(); i++) {
            int argument = keyArgument(i);
            keyspace.freeze(slot(argument), span(argument));
        }
    }

    private static ByteSpan[] newSpans(ByteSpan[] had, int count) {
        ByteSpan[] more = Arrays.copyOf(had, count);
        for (int i = had.length; i < count; i++) {
            more[i] = new ByteSpan();
        }
        return more;
    }

    /** Number of arguments, the command's name included. */
    @Override
    public int count() {
        return request.argumentCount();
    }

    /** Length of an argument in bytes. */
    public int length(int i) {
        return request.length(i);
    }

    /** Whether an argument equals a word, ignoring ASCII case. */
    public boolean is(int i, String upperCaseAscii) {
        return request.is(i, upperCaseAscii);
    }

    /** A copy of an argument's bytes. */
    public byte[] bytes(int i) {
        return request.bytes(i);
    }

    /** An argument as text, as {@link Request#text} reads it. */
    public String text(int i) {
        return request.text(i);
    }

    /** An argument's bytes in the receive buffer, without copying; valid until the command ends. */
    @Override
    public ByteSpan span(int i) {
        if (i >= spans.length) {
            spans = newSpans(spans, Math.max(count(), 2 * spans.length));
        }
        return spans[i].set(inputAddress + request.offset(i), request.length(i));
    }

    /**
     * An argument as a 64-bit integer in Redis's strict form.
     *
     * @throws ErrorReply {@code value is not an integer or out of range}
     */
    public long integer(int i) {
        return integer(i, ErrorReply.NOT_AN_INTEGER);
    }

    /** As {@link #integer(int)} with another error. */
    public long integer(int i, ErrorReply otherwise) {
        ByteSpan text = span(i);
        if (!text.isLong()) {
            throw otherwise;
        }
        return text.parseLong();
    }

    public Request request() {
        return request;
    }

    public CommandSpec spec() {
        return spec;
    }

    public Session session() {
        return session;
    }

    public ClientState client() {
        return session.state();
    }

    public ReplyEncoder reply() {
        return session.reply();
    }

    /** Wall clock of this batch of commands, milliseconds since 1970. */
    public long nowMs() {
        return worker.nowMs();
    }

    public Keyspace keyspace() {
        return worker.dispatcher().keyspace();
    }

    public Dispatcher dispatcher() {
        return worker.dispatcher();
    }

    public Clients clients() {
        return worker.dispatcher().clients();
    }

    public boolean clusterEnabled() {
        return worker.dispatcher().clusterEnabled();
    }

    /** The client's selected database. */
    public Database database() {
        return keyspace().database(client().database());
    }

    /**
     * An argument as a 32-bit integer in Redis's strict form.
     *
     * @throws ErrorReply {@code value is not an integer or out of range}, or for one of 64 bits {@code value is out of
     *     range, value must between -2147483648 and 2147483647}
     */
    public int smallInteger(int i) {
        long number = integer(i);
        if (number != (int) number) {
            throw ErrorReply.NOT_A_SMALL_INTEGER;
        }
        return (int) number;
    }

    /** Longest string that a command may build, bytes: {@code proto-max-bulk-len}, at most what the keyspace holds. */
    public long longestString() {
        return session.isPrimary()
                ? Strings.LONGEST
                : Math.min(worker.dispatcher().limits().maxBulkBytes(), Strings.LONGEST);
    }

    /**
     * Refuses a string that would be longer than {@link #longestString()}.
     *
     * @param offset bytes before the part to be written, 0 or more
     * @param lengthBytes bytes of that part, 0 or more
     * @throws ErrorReply {@code string exceeds maximum allowed size (proto-max-bulk-len)}
     */
    public void requireStringLength(long offset, long lengthBytes) {
        long longest = longestString();
        if (offset > longest || lengthBytes > longest - offset) {
            throw ErrorReply.STRING_TOO_LONG;
        }
    }

    /** The slot, in the selected database, of the key at argument {@code i}; its lock is held. */
    public Slot slot(int i) {
        return database().slot(i == locatedKey ? locatedSlot : HashSlot.of(span(i)));
    }

    /** Looks a key up for reading and counts the hit or miss; {@link Slot#ABSENT} when there is none. */
    public long read(Slot slot, int keyArgument) {
        long entry = slot.find(span(keyArgument), nowMs());
        if (entry == Slot.ABSENT) {
            missed(slot, keyArgument);
        } else {
            worker.statistics().hit();
        }
        return entry;
    }

    /** As {@link #read}, for a command that reads this type only. */
    public long read(Slot slot, int keyArgument, KeyType type) {
        long entry = read(slot, keyArgument);
        requireType(slot, entry, type);
        return entry;
    }

    private void missed(Slot slot, int keyArgument) {
        worker.statistics().miss();
        worker.changes().event(slot, span(keyArgument), KeyEvent.MISS);
    }

    /** As {@link #read}, without noting the access: for commands that ask about a key, not for its value. */
    public long inspect(Slot slot, int keyArgument) {
        long entry = slot.peek(span(keyArgument), nowMs());
        if (entry == Slot.ABSENT) {
            missed(slot, keyArgument);
        } else {
            worker.statistics().hit();
        }
        return entry;
    }

    /** As {@link #inspect}, without an event when the key is missed: for OBJECT. */
    public long examine(Slot slot, int keyArgument) {
        long entry = slot.peek(span(keyArgument), nowMs());
        if (entry == Slot.ABSENT) {
            worker.statistics().miss();
        } else {
            worker.statistics().hit();
        }
        return entry;
    }

    /** Looks a key up for writing; {@link Slot#ABSENT} when there is none. */
    public long write(Slot slot, int keyArgument, KeyType type) {
        long entry = slot.find(span(keyArgument), nowMs());
        requireType(slot, entry, type);
        return entry;
    }

    private static void requireType(Slot slot, long entry, KeyType type) {
        if (entry != Slot.ABSENT && slot.type(entry) != type) {
            throw ErrorReply.WRONG_TYPE;
        }
    }

    /**
     * Tells watchers, waiting clients and listeners that this command made, changed or deleted a key. Each command says so
     * once for each key it really changed, after the change and not when it changed nothing.
     */
    public void changed(Slot slot, int keyArgument, KeyEvent event) {
        Changes changes = worker.changes();
        if (changes.unheeded()) {
            changes.count();
        } else {
            changes.changed(slot, span(keyArgument), event);
        }
    }

    /** As {@link #changed(Slot, int, KeyEvent)} for a key that is not an argument. */
    public void changed(Slot slot, ByteSpan key, KeyEvent event) {
        worker.changes().changed(slot, key, event);
    }

    /**
     * Has the changes this command told of count as more, or fewer, to whoever counts them for the next save: for a key of
     * which several elements were changed, or two keys that were changed in one.
     */
    public void alsoCounts(long more) {
        worker.changes().count(more);
    }

    /**
     * Tells of a change to what belongs to a key that WATCH does not see, as to the groups of a stream.
     *
     * @param event null when listeners are told nothing
     */
    public void changedUnwatched(Slot slot, int keyArgument, KeyEvent event) {
        worker.changes().changedUnwatched(slot, span(keyArgument), event);
    }

    /** A further event of the same change, for listeners only: {@code del} after the last element was taken. */
    public void event(Slot slot, int keyArgument, KeyEvent event) {
        worker.changes().event(slot, span(keyArgument), event);
    }

    /** As {@link #event(Slot, int, KeyEvent)} for a key that is not an argument. */
    public void event(Slot slot, ByteSpan key, KeyEvent event) {
        worker.changes().event(slot, key, event);
    }

    /**
     * Begins a command that replicas and the append-only file get instead of this one: the deterministic form of what it
     * changed. The writer takes as many arguments as announced, the command's name included, before the handler ends. Called
     * several times it makes one unit, wrapped in MULTI and EXEC.
     */
    public CommandWriter propagateAs(int argumentCount) {
        return worker.propagation().command(client().database(), argumentCount);
    }

    /**
     * Whether anybody is told of changes now. A hot command asks before it puts together what {@link #propagateAs} takes.
     */
    public boolean isPropagated() {
        return worker.propagation().isListened();
    }

    /** Replicas and the append-only file get nothing of this command, whatever it changed. */
    public void propagateNothing() {
        worker.propagation().nothing();
    }

    /** They get this command as it came, even if it changed nothing. */
    public void propagateVerbatimAnyway() {
        worker.propagation().verbatimAnyway();
    }

    /** Replicas get this command as it came, even if it changed nothing; the append-only file does not unless inside EXEC. */
    public void propagateToReplicas() {
        if (!session.isObeyed()) {
            worker.recorder().tellReplicas(session, request);
        }
    }

    /** DEL or UNLINK: how they are told of a key whose time has passed (lazyfree-lazy-expire). */
    public byte[] deletionOfExpired() {
        return worker.propagation().log().deletionForms().expired();
    }

    /** DEL or UNLINK: how they are told of a key that goes beside what the command is for (lazyfree-lazy-server-del). */
    public byte[] deletionAside() {
        return worker.propagation().log().deletionForms().aside();
    }

    /**
     * Runs an action under the world lock, for a command that has no keys; what it changes is told to replicas here. Clients
     * whose keys it made ready are served before the lock is given back.
     */
    public void underWorldLock(Runnable action) {
        Recorder recorder = worker.recorder();
        keyspace().locks().lockWorld();
        boolean recording = recorder.begin();
        try {
            worker.dispatcher().requireGoingOn();
            if (recording) {
                recorder.run(this, spec, call -> action.run());
            } else {
                action.run();
            }
        } finally {
            if (!session.inTransaction()) {
                recorder.endUnit();
                worker.dispatcher().execution().serveReady(worker);
                session.applied();
            }
            if (recording) {
                recorder.end(session);
            }
            keyspace().locks().unlockWorld();
        }
    }

    /** A database is about to be emptied; the world lock is held. */
    public void flushing(Database database) {
        worker.dispatcher().flushing();
        worker.changes().count(database.keyCount());
        worker.dispatcher().waits().flushing(worker, database);
    }

    /** The content of two databases is about to be exchanged; the world lock is held. */
    public void swapping(Database first, Database second) {
        worker.changes().count();
        worker.dispatcher().waits().swapping(worker, first, second);
    }

    /** A span for a stored value, one of two that a command may use. */
    public ByteSpan value() {
        return value;
    }

    /** The second span for a stored value. */
    public ByteSpan otherValue() {
        return otherValue;
    }

    /** Replies with a string's bytes, copied straight from the keyspace. */
    public void replyValue(Slot slot, long entry) {
        replyBulk(slot.stringValue(entry, value));
    }

    /** Replies with a bulk string. */
    public void replyBulk(ByteSpan bytes) {
        replyBulk(bytes, 0, bytes.length());
    }

    /** Replies with a part of a span as a bulk string. */
    public void replyBulk(ByteSpan bytes, int from, int length) {
        bulk(reply(), bytes, from, length);
    }

    /** Writes a whole span as a bulk string to a reply that need not be a call's own. */
    public static void bulk(ReplyEncoder reply, ByteSpan bytes) {
        bulk(reply, bytes, 0, bytes.length());
    }

    static void bulk(ReplyEncoder reply, ByteSpan bytes, int from, int length) {
        ByteBuf out = reply.buffer();
        if (length > out.maxCapacity() - REPLY_RESERVE_BYTES - out.writerIndex()) {
            throw ErrorReply.REPLY_TOO_LONG;
        }
        reply.bulkHeader(length);
        out.ensureWritable(length + 2);
        int at = out.writerIndex();
        bytes.copyTo(from, length, out.memoryAddress() + at);
        out.writerIndex(at + length);
        reply.bulkTrailer();
    }

    /** An array reply whose elements are written before their number is known. */
    public DeferredArray deferredArray() {
        return new DeferredArray(reply(), session.connection());
    }

    /** The reply comes later; nothing of this session runs until then. See {@link Suspension}. */
    public Suspension suspend() {
        return session.suspend(spec.name());
    }

    /** As {@link #suspend}, but the client is read on, so that its end is noticed. */
    public Suspension suspendReading() {
        return session.suspendReading(spec.name());
    }

    /**
     * Whether the command may wait: not inside a transaction, where it answers as if its time were up, nor when it comes from
     * a stream that is obeyed.
     */
    public boolean mayWait() {
        return !session.inTransaction() && !session.isObeyed();
    }

    /**
     * Nothing was found: the client waits for its keys, all in slots whose locks are held. Nothing may have been replied or
     * changed; the handler returns after this.
     *
     * @throws IllegalStateException when {@link #mayWait} is false
     */
    public void waitFor(Wait wait, Waiter waiter) {
        if (!mayWait()) {
            throw new IllegalStateException("a command of a transaction may not wait");
        }
        worker.dispatcher().waits().begin(this, wait, waiter);
    }

    /** The error for a wrong number of arguments of this command. */
    public ErrorReply wrongArity() {
        return new ErrorReply("ERR wrong number of arguments for '" + spec.name() + "' command");
    }
}
