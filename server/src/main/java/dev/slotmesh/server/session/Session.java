package dev.slotmesh.server.session;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.resp.RequestDecoder;
import dev.slotmesh.resp.RequestLimits;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;

import io.netty.buffer.ByteBuf;

import java.util.function.Consumer;

/**
 * One client: its undecoded input, its unsent output and what it has told us (protocol, name, database, authentication).
 *
 * <p>Confined to its event loop, except {@link Suspension#resume}, {@link #closeFromAnywhere} and the plain fields that
 * CLIENT LIST reads from another loop (they may be a moment old).
 *
 * <p>Pipelined requests are executed one after the other as they are decoded and answered by one flush per batch. A
 * command that must wait suspends the session: nothing behind it is decoded until it has replied, which keeps replies in
 * order, and the socket is not read meanwhile, which bounds memory. The same holds for a command that is put off.
 */
public final class Session {
    /** What the objects of a connection occupy on the heap, roughly. */
    private static final int OWN_BYTES = 4096;

    /** A client that waits for keys is read on, so that its end is noticed, up to this many bytes. */
    private static final int WAITING_INPUT_BYTES = 64 * 1024;

    private final long id;
    private final Connection connection;
    private final Worker worker;
    private final RequestDecoder decoder;
    private final ClientState state;

    private ByteBuf input;
    private final SessionOutput output;
    private boolean processing;
    private final PostponedRequest postponed;
    private boolean closing;
    private boolean closed;
    /** Also read by those who may end it. */
    private volatile Suspension suspension;
    /** What MULTI has begun, or null. */
    private Transaction transaction;
    /** Null when no key is watched; also read by CLIENT LIST. */
    private volatile Watches watches;
    /** Not null when the peer is this node's primary. */
    private final PrimaryStream primary;
    /** The bytes of the primary's request that is being executed, from here on in the input; none when the length is 0. */
    private int applyingFrom;

    private int applyingBytes;
    private final Pushes pushes;
    /** The wait for keys behind {@link #suspension}, or null; also read by those who may end it. */
    private volatile WaitingClient waiting;
    /** Not null when the peer hands slots over to this node. */
    private SlotImport slotImport;
    /** The peer that hands slots over gets the next reply. */
    private boolean steering;
    /** Null as long as it was never asked for. */
    private SlotCounters.Deferred deferredLoad;

    Session(
            long id,
            Connection connection,
            Worker worker,
            RequestLimits limits,
            ClientState state,
            PrimaryStream primary) {
        this.id = id;
        this.primary = primary;
        this.connection = connection;
        this.worker = worker;
        this.decoder = new RequestDecoder(limits);
        this.state = state;
        this.output = new SessionOutput(this, connection, worker);
        this.pushes = new Pushes(this, output, worker);
        this.postponed = new PostponedRequest(this, connection, worker);
    }

    public long id() {
        return id;
    }

    public ClientState state() {
        return state;
    }

    /** Whether the peer is this node's primary, whose commands are obeyed without a reply. */
    public boolean isPrimary() {
        return primary != null;
    }

    /**
     * From now on the peer's commands are those of slots that are handed over to this node. On the session's thread, by the
     * command that begins it, whose reply the peer still gets.
     */
    public void importing(SlotImport begun) {
        slotImport = begun;
        steering = true;
    }

    /** What the peer hands over, or null. On the session's thread. */
    public SlotImport slotImport() {
        return slotImport;
    }

    /** The peer that hands slots over gets the reply of the present command. On the session's thread. */
    public void answerSteering() {
        steering = true;
    }

    /** Whether that was said, once. */
    boolean takeSteering() {
        boolean was = steering;
        steering = false;
        return was;
    }

    /** Where the primary's commands go; null when the peer is not the primary. */
    public PrimaryStream primary() {
        return primary;
    }

    /** Whether the peer was the primary and is it no more: nothing of it may be executed. A slot lock is held. */
    boolean isRevoked() {
        return primary != null && primary.isRevoked();
    }

    /** What a command has cost its slot whose reply comes later. */
    SlotCounters.Deferred deferredLoad() {
        if (deferredLoad == null) {
            deferredLoad = new SlotCounters.Deferred();
        }
        return deferredLoad;
    }

    /** Whether the bytes of an executed request have yet to be told. */
    boolean hasUnapplied() {
        return applyingBytes > 0;
    }

    /** The request at these indexes of the input is executed next; nothing is noted unless the peer is the primary. */
    void applying(int from, int end) {
        if (primary != null) {
            applyingFrom = from;
            applyingBytes = end - from;
        }
    }

    /** These bytes of the input have been applied, all of them whole commands outside a transaction; their locks are held. */
    void applied(int from, int end) {
        primary.applied(input.memoryAddress() + from, end - from, true);
    }

    /** The request told by {@link #applying} has been executed; what it locked is still locked. Once for each. */
    void applied() {
        if (applyingBytes > 0) {
            boolean complete = transaction == null || transaction.isRunning();
            primary.applied(input.memoryAddress() + applyingFrom, applyingBytes, complete);
            applyingBytes = 0;
        }
    }

    public Connection connection() {
        return connection;
    }

    /** Takes bytes from the peer, and their ownership; executes every complete request in them. */
    public void receive(ByteBuf bytes) {
        if (closing || closed) {
            bytes.release();
            return;
        }
        state.received(bytes.readableBytes(), worker.refreshClock());
        worker.statistics().networkIn(bytes.readableBytes());
        if (input == null) {
            input = bytes;
        } else {
            append(bytes);
        }
        if (suspension != null && input.readableBytes() >= WAITING_INPUT_BYTES) {
            connection.reading(false);
        }
        process();
    }

    private void append(ByteBuf bytes) {
        int arriving = bytes.readableBytes();
        if (input.writableBytes() < arriving || input.refCnt() != 1) {
            int held = input.readableBytes();
            int ahead = Math.min(decoder.missingBytes(), Math.max(SessionOutput.CHUNK_BYTES, held));
            ByteBuf larger = connection.allocate(held + Math.max(arriving, ahead));
            larger.writeBytes(input);
            input.release();
            input = larger;
        }
        input.writeBytes(bytes);
        bytes.release();
    }

    /** Executes what can be executed of the input, then flushes. */
    void process() {
        if (processing) {
            return;
        }
        processing = true;
        if (primary != null) {
            worker.dispatcher().keyspace().ignoreExpiry(true);
        }
        try {
            while (mayExecute() && input != null && step()) {
                flushLargeOutput();
            }
        } finally {
            processing = false;
            if (primary != null) {
                worker.dispatcher().keyspace().ignoreExpiry(false);
            }
        }
        releaseSpentInput();
        flush();
        countBuffers();
    }

    /** Tells the node's memory account what this client occupies, if that has changed; a replica's output is the log's. */
    void countBuffers() {
        long bytes = 0;
        if (!closed) {
            bytes = OWN_BYTES + (isReplica() ? 0 : state.outputBytes()) + state.queuedBytes();
            bytes += input == null ? 0 : input.capacity();
            bytes += postponed.heldBesides(input);
        }
        long more = state.noteBuffers(bytes);
        if (more != 0) {
            worker.dispatcher().keyspace().memoryAccount().addBuffers(more);
        }
    }

    private boolean mayExecute() {
        return suspension == null && !postponed.isPresent() && !closing;
    }

    /** Decodes and executes a batch of requests; false when there is nothing more to do now. */
    private boolean step() {
        Execution execution = worker.dispatcher().execution();
        RequestDecoder.Outcome outcome = execution.decode(this, decoder, input);
        state.queryBufferBytes(input.readableBytes());
        Batch batch = worker.batch();
        int putOff = batch.size() == 0 ? Execution.NONE_PUT_OFF : execution.run(this);
        worker.handOver();
        if (putOff != Execution.NONE_PUT_OFF) {
            if (putOff < batch.size() - 1) {
                decoder.restart();
                input.readerIndex(batch.end(putOff));
            }
            postponed.keep(batch.take(putOff), input);
            return false;
        }
        if (primary != null) {
            countSilence();
        }
        if (outcome == RequestDecoder.Outcome.MORE || transaction != null) {
            limitInput();
        }
        if (outcome == RequestDecoder.Outcome.ERROR) {
            if (primary == null) {
                reply().error("ERR " + decoder.error());
            }
            worker.dispatcher().protocolError(this, StreamForm.complaint(decoder));
            closeAfterReplies();
        }
        return outcome == RequestDecoder.Outcome.REQUEST;
    }

    /** Empty lines of the primary are part of its stream. */
    private void countSilence() {
        int from = worker.batch().start(worker.batch().size());
        if (input.readerIndex() > from) {
            applying(from, input.readerIndex());
            worker.dispatcher().execution().settle(this);
        }
    }

    /** What was queued by MULTI counts as input that is not executed yet. */
    private void limitInput() {
        if (primary != null) {
            return;
        }
        long queued = transaction == null ? 0 : transaction.argumentBytes();
        if (input.readableBytes() + queued > worker.dispatcher().queryBufferLimit()) {
            worker.dispatcher().queryBufferExceeded(this);
            close();
        }
    }

    private void releaseSpentInput() {
        if (input != null && (!input.isReadable() || closing)) {
            input.release();
            input = null;
        }
        if (!closed) {
            state.queryBufferBytes(input == null ? 0 : input.readableBytes());
        }
    }

    /** Whether the commands come from a primary, a node that hands slots over or an {@link Applier}: they are carried out without being asked about. */
    public boolean isObeyed() {
        return primary != null || slotImport != null || state.isObeyed();
    }

    /** The encoder of this session's replies, bound to the output of the present batch. */
    public ReplyEncoder reply() {
        return output.reply();
    }

    ByteBuf output() {
        return output.replies();
    }

    int outputBytes() {
        return output.replyBytes();
    }

    Worker worker() {
        return worker;
    }

    void flushLargeOutput() {
        output.flushLarge();
    }

    SessionOutput out() {
        return output;
    }

    /** The client says which of its writes are answered when replicas have them. On the session's thread. */
    public void ownAckWrites(AckWrites terms) {
        output.ackWrites(terms, true);
    }

    /** What the client has said by {@link #ownAckWrites} is void. On the session's thread. */
    public void forgetAckWrites(AckWrites terms) {
        output.forgetOwnTerms();
        output.ackWrites(terms, false);
    }

    /** Sends the replies written so far. */
    void flush() {
        if (closed) {
            return;
        }
        output.flush(closing);
    }

    /** Measures the unsent bytes; a client that leaves too many for too long is closed. On the session's thread. */
    public void enforceOutputLimit() {
        output.enforceLimit();
    }

    /** Measures the unsent replies again and closes a client that leaves too many for too long; from any thread. */
    public void reviewOutput() {
        connection.execute(() -> {
            if (!closed) {
                worker.refreshClock();
                enforceOutputLimit();
                countBuffers();
            }
        });
    }

    /** Replies so far are sent, then the connection is closed; nothing more is read. */
    public void closeAfterReplies() {
        closing = true;
        if (!processing) {
            flush();
        }
    }

    /** Closes at once. */
    public void close() {
        closing = true;
        connection.close();
    }

    /** {@link #close} from any thread; nothing more is pushed to the client. */
    public void closeFromAnywhere() {
        pushes.end();
        connection.execute(this::close);
    }

    /** The connection is gone: everything held for it is released. */
    public void disconnected() {
        if (closed) {
            return;
        }
        closing = true;
        closed = true;
        if (suspension != null) {
            Suspension waiting = suspension;
            suspension = null;
            waiting.abandoned();
        }
        if (input != null && !processing) {
            input.release();
            input = null;
        }
        postponed.forget();
        pushes.end();
        output.close();
        if (primary != null) {
            primary.ended();
        }
        if (slotImport != null) {
            slotImport.ended();
        }
        worker.dispatcher().transactions().end(this);
        countBuffers();
        worker.dispatcher().clients().remove(this);
    }

    public boolean isClosed() {
        return closed;
    }

    public Pushes pushes() {
        return pushes;
    }

    /** From now on the client is sent what the feed has, and no replies. On the session's thread, with no reply unsent. */
    public void feed(Feed source) {
        output.feed(source);
    }

    /** Whether the client is a replica of this node. Any thread. */
    public boolean isReplica() {
        return output.feed() != null;
    }

    /** Bytes of replies that are not sent yet. On the session's thread. */
    public long unsentBytes() {
        return outputBytes() + connection.pendingBytes();
    }

    /** The session waits for an answer that comes later. */
    Suspension suspend(String command) {
        suspension = new Suspension(this, command);
        connection.reading(false);
        return suspension;
    }

    /** As {@link #suspend}, but the peer is read on, so that its end is noticed. */
    Suspension suspendReading(String command) {
        suspension = new Suspension(this, command);
        return suspension;
    }

    /** CLIENT UNBLOCK for what is not a wait for keys; from any thread. */
    boolean unblock(boolean withError) {
        Suspension now = suspension;
        return now != null && now.unblock(withError);
    }

    void waiting(WaitingClient client) {
        waiting = client;
    }

    /** The client's wait for keys, or null. Any thread. */
    WaitingClient waiting() {
        return waiting;
    }

    /** Whether the client waits for keys. Any thread; it may be a moment late. */
    public boolean isWaiting() {
        return waiting != null;
    }

    /** What MULTI has begun, or null. */
    Transaction transaction() {
        return transaction;
    }

    /** Begins or ends a transaction. */
    void transaction(Transaction begunOrNull) {
        transaction = begunOrNull;
        noteQueue();
    }

    /** Whether the client is inside MULTI: a command is queued, or executed by EXEC. On the session's thread. */
    public boolean inTransaction() {
        return transaction != null;
    }

    /** Whether some command queued since MULTI has any of these flags of a command. On the session's thread. */
    public boolean hasQueued(long anyOf) {
        return transaction != null && transaction.has(anyOf);
    }

    /**
     * Whether a command now takes memory: by itself, by being queued or, for EXEC, by what it executes. On the session's
     * thread.
     */
    public boolean mayGrow(CommandSpec spec) {
        if (transaction == null) {
            return spec.has(CommandFlags.DENYOOM);
        }
        return Transactions.isQueued(spec)
                || spec.name().equals("exec") && transaction.has(CommandFlags.DENYOOM);
    }

    /** Shows CLIENT LIST how much is queued. */
    void noteQueue() {
        boolean none = transaction == null;
        state.queued(none ? -1 : transaction.size(), none ? 0 : transaction.bytes());
    }

    /** What the client watches, or null. */
    Watches watches() {
        return watches;
    }

    /** What the client watches, to add to. */
    Watches watchesToAdd() {
        if (watches == null) {
            watches = new Watches();
        }
        return watches;
    }

    void breakWatches() {
        Watches now = watches;
        if (now != null) {
            now.breakUp();
        }
    }

    void forgetWatches() {
        watches = null;
    }

    /** Whether a watched key was changed. Any thread; it may be a moment late. */
    public boolean isWatchBroken() {
        Watches now = watches;
        return now != null && now.isBroken();
    }

    public boolean isSuspended() {
        return suspension != null;
    }

    /** Nothing more is executed for this client. */
    public boolean isClosing() {
        return closing;
    }

    public boolean isPostponed() {
        return postponed.isPresent();
    }

    /** On the session's thread: writes the late reply and goes on with the input. */
    void resume(Suspension which, Consumer<ReplyEncoder> answer) {
        if (closed || suspension != which) {
            return;
        }
        suspension = null;
        waiting = null;
        worker.dispatcher().execution().lateReply(this, answer);
        if (transaction != null && transaction.isRunning()) {
            worker.dispatcher().transactions().goOn(this);
            worker.handOver();
        }
        connection.reading(suspension == null);
        process();
    }

    /** Tries the request again that was put off (CLIENT PAUSE); from any thread. */
    public void retry() {
        postponed.retry();
    }

    /** Applies the limits of an authenticated or unauthenticated client to the requests that follow. */
    public void limits(RequestLimits limits) {
        decoder.limits(limits);
    }

    public void protocol(int version) {
        state.protocol(version);
        output.protocol(version);
    }
}
