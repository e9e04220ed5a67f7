package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.resp.Request;
import dev.slotmesh.resp.RequestDecoder;
import dev.slotmesh.resp.RequestLimits;
import dev.slotmesh.server.command.CommandSpec;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;

/**
 * Executes a stream of commands that was decided elsewhere and is obeyed: an append-only file. Nothing is asked about routes,
 * passwords, memory or pauses, nothing waits, nothing is propagated, and replies go nowhere; MULTI and EXEC work as for a client.
 *
 * <p>For one thread, which holds no slot lock. The stream is RESP arrays only; lines that begin with {@code #} are notes to
 * the reader and passed over.
 */
public final class Applier implements AutoCloseable {
    private static final long LOCK_WAIT_MS = 1000;

    private final Dispatcher dispatcher;
    private final Execution execution;
    private final SlotLocks locks;
    private final Session session;
    private final Listener listener;
    private final RequestDecoder decoder;
    private final Batch batch;

    private long consumedBytes;
    private long settledBytes;
    private Request unknown;

    /** What a call to {@link #apply} came to. */
    public enum Outcome {
        /** Everything that was complete is executed. */
        MORE,
        /** What follows is no command. */
        BROKEN,
        /** What follows is a command that there is none of: {@link #unknownName}. */
        UNKNOWN
    }

    /** Who follows what is applied; called on the applier's thread. */
    @FunctionalInterface
    public interface Listener {
        /** A command answered with an error, which it did not do where it comes from. No lock is held, or some. */
        void failed(CommandSpec command, String error);
    }

    Applier(Dispatcher dispatcher, Session session, Listener listener) {
        this.dispatcher = dispatcher;
        this.execution = dispatcher.execution();
        this.locks = dispatcher.keyspace().locks();
        this.session = session;
        this.listener = listener;
        this.batch = session.worker().batch();
        this.decoder = new RequestDecoder(
                RequestLimits.DEFAULT.withMaxBulkBytes(RequestLimits.LARGEST_BULK_BYTES));
    }

    /**
     * Executes every complete command of the readable bytes. Afterwards the reader index stands at the first byte that was not
     * executed; after MORE the caller may move or exchange the buffer as long as what is readable stays the same and more
     * follows.
     */
    public Outcome apply(ByteBuf in) {
        session.worker().recorder().silent(true);
        try {
            while (true) {
                session.worker().refreshClock();
                Outcome outcome = decode(in);
                run();
                if (outcome != null) {
                    return outcome;
                }
            }
        } finally {
            session.worker().recorder().silent(false);
        }
    }

    /** Bytes of all commands executed or queued so far, and of the notes between them. */
    public long consumedBytes() {
        return consumedBytes;
    }

    /** {@link #consumedBytes} as it was before the transaction that is not complete yet, if there is one. */
    public long settledBytes() {
        return session.inTransaction() ? settledBytes : consumedBytes;
    }

    /** Whether MULTI has come and its EXEC has not. */
    public boolean inTransaction() {
        return session.inTransaction();
    }

    /** What is longest missing of the last command, as {@link RequestDecoder#missingBytes}. */
    public int missingBytes() {
        return decoder.missingBytes();
    }

    /** The name that there is no command of, after {@link Outcome#UNKNOWN}. */
    public String unknownName() {
        return unknown.text(0);
    }

    /** The number of the database that the stream has selected. */
    public int database() {
        return session.state().database();
    }

    /** Continues in a database: the one that a stream had selected before this part of it. */
    public void database(int number) {
        session.state().database(number);
    }

    /** Gives up what a transaction has queued, and the session. */
    @Override
    public void close() {
        session.disconnected();
    }

    /** Fills the batch; null when it is to be executed before more is decoded. */
    private Outcome decode(ByteBuf in) {
        batch.clear(in.readerIndex());
        while (batch.size() < Batch.MOST) {
            if (in.readableBytes() < 2) {
                return Outcome.MORE;
            }
            int at = in.readerIndex();
            if (in.getByte(at) == '#') {
                if (batch.size() > 0) {
                    return null;
                }
                if (!skipNote(in)) {
                    return Outcome.MORE;
                }
                continue;
            }
            if (in.getByte(at) != '*' || in.getByte(at + 1) < '1' || in.getByte(at + 1) > '9') {
                return Outcome.BROKEN;
            }
            Request request = batch.next();
            RequestDecoder.Outcome decoded = decoder.decode(in, request);
            if (decoded != RequestDecoder.Outcome.REQUEST) {
                return decoded == RequestDecoder.Outcome.MORE ? Outcome.MORE : Outcome.BROKEN;
            }
            CommandSpec spec = dispatcher.table().find(request);
            if (spec == null || dispatcher.table().handler(spec) == null) {
                unknown = request;
                in.readerIndex(at);
                return Outcome.UNKNOWN;
            }
            if (session.inTransaction() || !execution.isPlainApplied(spec, request)) {
                batch.add(spec);
                return null;
            }
            batch.addPlain(spec, execution.onlyKey(spec));
        }
        return null;
    }

    private boolean skipNote(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        if (end < 0) {
            return false;
        }
        consumedBytes += end + 1L - in.readerIndex();
        in.readerIndex(end + 1);
        batch.clear(end + 1);
        return true;
    }

    private void run() {
        int done = batch.plain();
        if (done > 0) {
            runPlain();
            consumedBytes += batch.end(done - 1) - batch.start(0);
        }
        if (done < batch.size()) {
            runOther(done);
        }
        session.worker().handOver();
        session.out().drop();
    }

    private void runPlain() {
        boolean locked = false;
        while (!locked) {
            locked = batch.lock(locks, LOCK_WAIT_MS);
        }
        try {
            execution.readAhead(session);
            for (int i = 0; i < batch.plain(); i++) {
                execute(i, batch.slot(i));
            }
        } finally {
            batch.unlock(locks);
        }
    }

    /** A command of several keys or of none, or of a transaction. */
    private void runOther(int i) {
        if (!session.inTransaction()) {
            settledBytes = consumedBytes;
        }
        if (session.inTransaction() && Transactions.isQueued(batch.spec(i))) {
            execution.queue(session, batch.request(i), batch.spec(i));
        } else {
            execute(i, -1);
        }
        consumedBytes += batch.end(i) - batch.start(i);
    }

    private void execute(int i, int slot) {
        if (!batch.spec(i).acceptsArgumentCount(batch.request(i).argumentCount())) {
            listener.failed(
                    batch.spec(i),
                    "ERR wrong number of arguments for '" + batch.spec(i).name() + "' command");
            return;
        }
        int start = session.reply().buffer().writerIndex();
        Throwable mistake = execution.execute(session, batch.request(i), batch.spec(i), slot);
        ByteBuf output = session.output();
        if (output.writerIndex() > start && output.getByte(start) == '-') {
            int length = output.writerIndex() - start - 3;
            listener.failed(
                    batch.spec(i), output.toString(start + 1, length, StandardCharsets.ISO_8859_1));
        }
        if (mistake != null) {
            session.worker().mistake(session, batch.spec(i), mistake);
        }
    }
}
