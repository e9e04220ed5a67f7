package dev.slotmesh.server.propagation;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.Request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.util.Arrays;

/**
 * The changes of one event loop from the moment it takes slot locks to the moment it gives them back, as commands to be
 * repeated elsewhere. One buffer serves all batches of the loop; it grows with a burst and is given up after it.
 *
 * <p>Commands that belong together form a <i>unit</i>: what one command, or one EXEC, did. A unit of several commands is
 * wrapped in MULTI and EXEC, so that nobody who repeats it sees half of it.
 *
 * <p>Confined to its event loop. With no active stream {@link #begin} is one read of a field and the rest is not called.
 */
public final class Propagation {
    private static final int FIRST_BYTES = 4096;
    private static final int MOST_KEPT_BYTES = 256 * 1024;
    private static final int FIRST_RUNS = 8;

    private final CommandLog log;
    private final CommandWriter writer = new CommandWriter(this);
    private ByteBuf bytes;
    /** Rows of commands of one database: the database and the index behind the last command, by turns. */
    private int[] runs = new int[2 * FIRST_RUNS];

    private int runCount;
    private int unitStart;
    private int unitCommands;
    private boolean collecting;
    /** The command that runs has said itself what is to be told of it. */
    private boolean decided;

    private boolean anyway;
    private long offset;
    private long toldBytes;

    public Propagation(CommandLog log) {
        this.log = log;
    }

    /** The log it is handed to. */
    public CommandLog log() {
        return log;
    }

    /**
     * Slot locks were taken: from now on to {@link #end}, changes to what they guard are collected.
     *
     * @return false when there is nothing to begin: no stream is active, or it has begun already
     */
    public boolean begin() {
        if (collecting || !log.isActive()) {
            return false;
        }
        collecting = true;
        return true;
    }

    /** Whether changes are collected: between {@link #begin} and {@link #end}. */
    public boolean isCollecting() {
        return collecting;
    }

    /** Whether anybody is told of changes now; if not, what {@link #command} takes goes nowhere. */
    public boolean isListened() {
        return collecting || log.isActive();
    }

    /**
     * Hands everything over; the locks taken before {@link #begin} are still held.
     *
     * @return the offset behind it in the replication stream, -1 when there was nothing
     */
    public long end() {
        endUnit();
        collecting = false;
        return flush();
    }

    private long flush() {
        if (runCount == 0) {
            return -1;
        }
        offset = log.append(this);
        toldBytes += bytes.writerIndex();
        runCount = 0;
        unitStart = 0;
        bytes.clear();
        if (bytes.capacity() > MOST_KEPT_BYTES) {
            bytes.release();
            bytes = null;
        }
        return offset;
    }

    /** Bytes collected since the start, those that are yet to be handed over included. */
    public long toldBytes() {
        return toldBytes + (bytes == null ? 0 : bytes.writerIndex());
    }

    /** What the last {@link #end} that had something answered. */
    public long lastOffset() {
        return offset;
    }

    /** A command begins: it has not decided anything. */
    public void commandBegins() {
        decided = false;
        anyway = false;
    }

    /** Nothing is to be told of the command that runs. */
    public void nothing() {
        decided = true;
    }

    /** The command that runs is to be told of as it came, whether or not it changed something. */
    public void verbatimAnyway() {
        anyway = true;
    }

    /** A command failed: if it was about to tell of something, that is forgotten. */
    public void dropUnfinished() {
        if (writer.abandon()) {
            bytes.writerIndex(runCount == 0 ? 0 : runs[2 * runCount - 1]);
        }
    }

    /**
     * A command is done.
     *
     * @param changed whether it is one that tells of its changes, and changed something
     */
    public void commandDone(int database, Request request, boolean changed) {
        writer.requireComplete();
        if (anyway || changed && !decided) {
            RespCommands.request(buffer(), request);
            commandEnds(database);
        }
    }

    /**
     * Begins a command to be told of instead of the one that runs, or besides other such commands. The writer takes its
     * arguments, the name included.
     */
    public CommandWriter command(int database, int argumentCount) {
        decided = true;
        return implicit(database, argumentCount);
    }

    /** As {@link #command} for what happens besides the command that runs, which is told of as if nothing had. */
    CommandWriter implicit(int database, int argumentCount) {
        if (isListened()) {
            RespCommands.header(buffer(), '*', argumentCount);
            writer.begin(bytes, database, argumentCount);
        } else {
            writer.begin(null, database, argumentCount);
        }
        return writer;
    }

    /** A key goes without being deleted by a command; the lock of its slot is held. */
    public void removed(int database, byte[] name, ByteSpan key) {
        implicit(database, 2).bytes(name).span(key);
    }

    /** A field of a hash goes likewise. */
    public void fieldRemoved(int database, ByteSpan key, ByteSpan field) {
        implicit(database, 3).bytes(RespCommands.HDEL).span(key).span(field);
    }

    /** The writer has its last argument. */
    void written(int database) {
        commandEnds(database);
        if (!collecting) {
            end();
        }
    }

    private ByteBuf buffer() {
        if (bytes == null) {
            bytes = PooledByteBufAllocator.DEFAULT.directBuffer(FIRST_BYTES);
        }
        return bytes;
    }

    private void commandEnds(int database) {
        unitCommands++;
        int end = bytes.writerIndex();
        if (runCount == 0 || runs[2 * runCount - 2] != database) {
            if (2 * runCount == runs.length) {
                runs = Arrays.copyOf(runs, 2 * runs.length);
            }
            runs[2 * runCount++] = database;
        }
        runs[2 * runCount - 1] = end;
    }

    /** What was collected since the last unit belongs together. */
    public void endUnit() {
        if (unitCommands > 1) {
            wrapUnit();
        }
        unitCommands = 0;
        unitStart = bytes == null ? 0 : bytes.writerIndex();
    }

    private void wrapUnit() {
        int before = RespCommands.MULTI.length;
        int end = bytes.writerIndex();
        bytes.ensureWritable(before + RespCommands.EXEC.length);
        ByteSpan all = new ByteSpan().set(bytes.memoryAddress(), end + before);
        all.move(unitStart, unitStart + before, end - unitStart);
        bytes.setBytes(unitStart, RespCommands.MULTI);
        bytes.writerIndex(end + before);
        bytes.writeBytes(RespCommands.EXEC);
        for (int run = runCount - 1; run >= 0 && runs[2 * run + 1] > unitStart; run--) {
            runs[2 * run + 1] += before;
        }
        runs[2 * runCount - 1] = bytes.writerIndex();
    }

    /** Hands what was collected to a stream; under the log's lock. */
    void writeTo(CommandStream stream) {
        long address = bytes.memoryAddress();
        int start = 0;
        for (int run = 0; run < runCount; run++) {
            int end = runs[2 * run + 1];
            stream.append(runs[2 * run], address + start, end - start);
            start = end;
        }
    }
}
