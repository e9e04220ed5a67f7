package dev.slotmesh.server.migration;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.Request;
import dev.slotmesh.resp.RequestDecoder;
import dev.slotmesh.resp.RequestLimits;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.command.KeyPositions;
import dev.slotmesh.server.propagation.CommandStream;
import dev.slotmesh.server.replication.ByteChain;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.util.Set;

/**
 * What this node's commands changed in some slots since a moment, as commands in the order of their execution, waiting for the
 * node that gets the slots.
 *
 * <p>{@link #append} is called under the log's lock, by one thread at a time; it looks for the key of each command and copies
 * those of the slots into a chain, which one other thread reads. Of a transaction the commands of the slots are kept, between
 * its MULTI and its EXEC; a hand-over to the log ends with a whole one. Commands that empty or exchange whole databases, and a reader that is too far behind, end the stream:
 * {@link #failure}.
 */
final class SlotStream implements CommandStream {
    private static final int SEGMENT_BYTES = 256 * 1024;
    private static final int FIRST_BYTES = 16 * 1024;
    private static final int MOST_KEPT_BYTES = 1024 * 1024;
    private static final Set<String> OF_WHOLE_DATABASES = Set.of("flushall", "flushdb", "swapdb");

    private final CommandTable<?> table;
    private final SlotSet slots;
    private final long limitBytes;
    private final ByteChain chain = new ByteChain(() -> SEGMENT_BYTES, () -> 0, counted -> {});
    private final ByteChain.Cursor reader = chain.open(0);
    private final RequestDecoder decoder = new RequestDecoder(
            RequestLimits.DEFAULT.withMaxBulkBytes(RequestLimits.LARGEST_BULK_BYTES));
    private final Request request = new Request();
    private final KeyPositions keys = new KeyPositions();
    private final ByteSpan span = new ByteSpan();
    /** What is being looked at: a copy, since requests are read from buffers. Null between bursts. */
    private ByteBuf input;

    private int multiStart;
    private int multiLength;
    private boolean inTransaction;
    private boolean begun;
    private volatile String failure;
    /** Written behind whole units of commands. */
    private volatile long keptBytes;

    /**
     * @param table what finds the commands and their keys
     * @param limitBytes the most that may wait for the reader, 0 for any
     */
    SlotStream(CommandTable<?> table, SlotSet slots, long limitBytes) {
        this.table = table;
        this.slots = slots.frozen();
        this.limitBytes = limitBytes;
    }

    /** Why the stream has ended, or null while it goes on. */
    String failure() {
        return failure;
    }

    /**
     * Takes some bytes of what waits, up to a place. The caller releases them. Of the reading thread.
     *
     * @param end what {@link #keptBytes} was at some time; only there a command, or a transaction, is known to end
     * @return null when everything before it has been taken
     */
    ByteBuf take(long end, int most) {
        long left = end - reader.offset();
        return left <= 0 ? null : reader.take((int) Math.min(most, left));
    }

    /** Bytes that wait for the reader. Any thread. */
    long waitingBytes() {
        return keptBytes - reader.offset();
    }

    /** Bytes of whole commands and transactions that were kept so far. Any thread. */
    long keptBytes() {
        return keptBytes;
    }

    @Override
    public boolean isActive() {
        return failure == null;
    }

    @Override
    public void append(int database, long address, int length) {
        if (failure != null) {
            return;
        }
        if (input == null) {
            input = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(FIRST_BYTES, length));
        }
        input.clear().ensureWritable(length);
        span.set(address, length).copyTo(input.memoryAddress());
        input.writerIndex(length);
        while (failure == null && input.isReadable()) {
            if (decoder.decode(input, request) == RequestDecoder.Outcome.REQUEST) {
                take(table.find(request));
            } else {
                failure = "a command could not be read by a mistake of the server";
            }
        }
        keptBytes = chain.endOffset();
        if (input.capacity() > MOST_KEPT_BYTES) {
            input.release();
            input = null;
        }
        if (limitBytes > 0 && reader.behind() > limitBytes) {
            failure = "more than " + limitBytes + " bytes of changes wait for the target";
        }
    }

    private void take(CommandSpec spec) {
        if (spec == null) {
            failure = "a command is not known by a mistake of the server";
        } else if (spec.name().equals("multi")) {
            inTransaction = true;
            begun = false;
            multiStart = request.wireStart();
            multiLength = request.wireLength();
        } else if (spec.name().equals("exec")) {
            if (begun) {
                keep(request.wireStart(), request.wireLength());
            }
            inTransaction = false;
            begun = false;
        } else if (OF_WHOLE_DATABASES.contains(spec.name())) {
            failure = "a database was emptied or exchanged by " + spec.name().toUpperCase();
        } else if (isOfSlots(spec)) {
            if (inTransaction && !begun) {
                keep(multiStart, multiLength);
                begun = true;
            }
            keep(request.wireStart(), request.wireLength());
        }
    }

    private boolean isOfSlots(CommandSpec spec) {
        if (spec.has(CommandFlags.PUBSUB)) {
            return false;
        }
        int key = spec.onlyKey();
        if (key <= 0) {
            key = keys.collect(spec, request) == 0 ? 0 : keys.position(0);
        }
        return key > 0
                && slots.get(HashSlot.of(span.set(
                        input.memoryAddress() + request.offset(key), request.length(key))));
    }

    private void keep(int start, int length) {
        chain.append(input.memoryAddress() + start, length);
    }

    /** Ends it for a reason; a reason it had before stays. Whoever attached it detaches it. */
    void end(String reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    /** Frees its memory. Of the reading thread, when it is attached to no log any more. */
    void close() {
        end("closed");
        reader.close();
        chain.restart(chain.endOffset());
        if (input != null) {
            input.release();
            input = null;
        }
    }
}
