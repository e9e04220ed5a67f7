package dev.slotmesh.server.session;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The replies of one connection that wait until replicas have what it wrote.
 *
 * <p>Commands are executed and replies written as ever; only what would be sent goes through here. A batch's replies are a
 * {@link Block}: it knows which of them belong to writes, and all its writes share the offset that was reached with the batch.
 * Blocks leave in order: when enough replicas have acknowledged the offset, as they are; when the time is up, with an error in
 * place of each write's reply. A block without writes waits only for those before it.
 *
 * <p>Confined to the connection's event loop, but for {@link Block#confirmed}.
 */
final class WithheldReplies {
    /** The replies of a batch, from its first write on. */
    private static final class Block {
        final ByteBuf bytes;
        /** Where the replies of writes begin and end, by turns: indexes of the buffer; empty when there are none. */
        final int[] writes;

        final Confirmations.Written written;
        final long deadlineMs;
        /** Once the replicas have it, whatever becomes of them or of this node. */
        volatile boolean confirmed;

        Block(ByteBuf bytes, int[] writes, Confirmations.Written written, long deadlineMs) {
            this.bytes = bytes;
            this.writes = writes;
            this.written = written;
            this.deadlineMs = deadlineMs;
        }
    }

    private static final int FIRST_MARKS = 16;
    private static final int[] NO_WRITES = {};
    private static final int NONE = -1;
    private static final String CODE = "NOREPLICAS";

    private final SessionOutput output;
    private final Connection connection;
    private final Worker worker;
    private final Confirmations confirmations;
    private final Deque<Block> blocks = new ArrayDeque<>();
    private AckWrites terms = AckWrites.OFF;
    private long heldBytes;
    /** Of the output that is being written, as {@link Block#writes}. */
    private int[] marks = new int[FIRST_MARKS];

    private int markCount;
    /** Before the first of the marks; and before the command that is executed. */
    private int markTenure;

    private int tenure;
    private long changesBefore;
    /** Where the reply of a transaction begins that stands still in its middle, or {@link #NONE}. */
    private int halfWritten = NONE;
    /** What the first block waits for. */
    private Runnable takeBack = () -> {};

    private Connection.Timer timer = () -> {};
    private Block awaited;

    WithheldReplies(SessionOutput output, Connection connection, Worker worker) {
        this.output = output;
        this.connection = connection;
        this.worker = worker;
        this.confirmations = worker.dispatcher().confirmations();
    }

    /** Applies to the writes that follow. */
    void terms(AckWrites changed) {
        terms = changed;
    }

    AckWrites terms() {
        return terms;
    }

    /** Whether nothing waits and nothing will: no more writes are withheld. */
    boolean isOver() {
        return terms.replicas() == 0 && isEmpty() && markCount == 0 && !isHalfWritten();
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** Memory of the replies that wait, bytes. */
    long heldBytes() {
        return heldBytes;
    }

    /** A command is about to be executed that may write. */
    void commandBegins() {
        changesBefore = worker.changes().changeCount();
        tenure = confirmations.tenure();
    }

    /**
     * It has been executed, and the present output ends with its reply, which begins at {@code start} or behind what was pushed
     * meanwhile.
     *
     * @param whole whether that is all of it: a transaction may stand still
     */
    void commandDone(int start, boolean whole) {
        int from = Math.max(start, output.kept());
        if (!whole) {
            halfWritten = from;
            markTenure = markCount == 0 ? tenure : markTenure;
        } else if (worker.changes().changeCount() != changesBefore) {
            wrote(from, output.replies().writerIndex(), tenure);
        }
    }

    /** Whether the present output ends within the reply of a transaction, which nothing may be sent of. */
    boolean isHalfWritten() {
        return halfWritten != NONE;
    }

    /** The transaction that stood still is over; it counts as a write. */
    void completed(int end) {
        if (isHalfWritten()) {
            wrote(halfWritten, end, markTenure);
            halfWritten = NONE;
        }
    }

    /** The present output has the reply of a write, which was made in that tenure, between two indexes. */
    void wrote(int start, int end, int inTenure) {
        if (terms.replicas() == 0 || start == end) {
            return;
        }
        if (markCount == marks.length) {
            marks = Arrays.copyOf(marks, 2 * markCount);
        }
        markTenure = markCount == 0 ? inTenure : markTenure;
        marks[markCount++] = start;
        marks[markCount++] = end;
    }

    /**
     * Takes replies that would be sent.
     *
     * @param offset behind the last write, in the replication stream
     * @return what may be sent now, or null
     */
    ByteBuf offer(ByteBuf replies, long offset) {
        if (markCount == 0) {
            if (blocks.isEmpty()) {
                return replies;
            }
            hold(new Block(replies, NO_WRITES, null, 0));
            return null;
        }
        int[] writes = Arrays.copyOf(marks, markCount);
        Confirmations.Written written =
                new Confirmations.Written(markTenure, offset, Math.max(1, terms.replicas()));
        markCount = 0;
        if (blocks.isEmpty() && confirmations.isConfirmed(written)) {
            return replies;
        }
        ByteBuf before = null;
        if (blocks.isEmpty() && writes[0] > replies.readerIndex()) {
            before = replies.readRetainedSlice(writes[0] - replies.readerIndex());
        }
        hold(new Block(replies, writes, written, worker.nowMs() + terms.timeoutMs()));
        if (awaited == null) {
            awaitFirst();
        }
        return before;
    }

    private void hold(Block block) {
        blocks.add(block);
        heldBytes += block.bytes.capacity();
    }

    private Block takeFirst() {
        Block first = blocks.remove();
        heldBytes -= first.bytes.capacity();
        return first;
    }

    /** Has the first block looked at again when there is reason to. */
    private void awaitFirst() {
        forgetAwaited();
        Block first = blocks.peek();
        if (first == null) {
            return;
        }
        awaited = first;
        timer = connection.schedule(
                Math.max(1, first.deadlineMs - worker.refreshClock()), this::timeUp);
        takeBack = confirmations.whenConfirmed(first.written, () -> {
            first.confirmed |= confirmations.isConfirmed(first.written);
            connection.execute(this::release);
        });
    }

    private void forgetAwaited() {
        timer.cancel();
        takeBack.run();
        timer = () -> {};
        takeBack = () -> {};
        awaited = null;
    }

    /** Sends what is confirmed, up to the first block that is not. */
    private void release() {
        release(false);
    }

    private void release(boolean sentBefore) {
        boolean sent = sentBefore;
        while (!blocks.isEmpty() && isConfirmed(blocks.peek())) {
            output.send(takeFirst().bytes);
            sent = true;
        }
        awaitFirst();
        if (sent) {
            output.released();
        }
    }

    /** The time of the block that is waited for is over, and that of those behind it may be. */
    private void timeUp() {
        Block late = blocks.peek();
        if (late == null || late != awaited) {
            return;
        }
        long nowMs = Math.max(late.deadlineMs, worker.refreshClock());
        while (!blocks.isEmpty() && blocks.peek().deadlineMs - nowMs <= 0) {
            Block block = takeFirst();
            output.send(isConfirmed(block) ? block.bytes : answeredByErrors(block));
        }
        release(true);
    }

    private boolean isConfirmed(Block block) {
        return block.writes.length == 0
                || block.confirmed
                || confirmations.isConfirmed(block.written);
    }

    /** A block's replies with an error in place of each write's. */
    private ByteBuf answeredByErrors(Block block) {
        byte[] error = ("-" + CODE + " The write was applied here, but not confirmed by "
                        + block.written.replicas() + " replica(s) in time\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuf from = block.bytes;
        ByteBuf to =
                connection.allocate(from.readableBytes() + block.writes.length / 2 * error.length);
        int at = from.readerIndex();
        for (int i = 0; i < block.writes.length; i += 2) {
            to.writeBytes(from, at, block.writes[i] - at);
            to.writeBytes(error);
            worker.statistics().error(CODE);
            at = block.writes[i + 1];
        }
        to.writeBytes(from, at, from.writerIndex() - at);
        from.release();
        return to;
    }

    /** The connection is gone. */
    void close() {
        forgetAwaited();
        blocks.forEach(block -> block.bytes.release());
        blocks.clear();
        heldBytes = 0;
    }
}
