package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbFileWriter;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.keyspace.rdb.SnapshotForm;
import dev.slotmesh.server.persistence.SnapshotJob;
import dev.slotmesh.server.replication.ResyncCut.Member;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A full resync without a file: the snapshot goes to the sockets of all replicas that waited for it, between a first line with a
 * random mark and the mark itself.
 *
 * <p>The thread of the snapshots writes into a chain of segments, every replica reads it on its own loop. The thread waits
 * while the slowest replica is {@value #WINDOW_BYTES} bytes behind. A replica that takes nothing for {@value #PATIENCE_MS} ms
 * while others have to wait for it is given up.
 *
 * <p>The monitor is for the waiting and for the end of the chain; what the threads share is the chain and the volatile fields.
 */
final class StreamedResync implements SnapshotJob {
    private static final int SEGMENT_BYTES = 1024 * 1024;
    private static final long WINDOW_BYTES = 64L * 1024 * 1024;
    private static final long PATIENCE_MS = 5000;
    private static final long LOOK_MS = 100;

    private final Resyncs owner;
    private final ResyncCut cut;
    private final String mark;
    private final ByteChain chain = new ByteChain(() -> SEGMENT_BYTES, () -> 0, counted -> {});
    private final List<Reader> readers = new ArrayList<>();
    /** The writer and the readers that need the chain still. Guarded by the monitor. */
    private int users = 1;

    private RdbFileWriter writer;
    /** Of the mark's last byte, once it is known; nobody reads that far before. */
    private volatile long finalOffset = Long.MAX_VALUE;

    private volatile boolean cancelled;
    private volatile boolean writerWaits;

    /** @param mark 40 characters that the snapshot does not contain */
    StreamedResync(Resyncs owner, ResyncCut cut, String mark) {
        this.owner = owner;
        this.cut = cut;
        this.mark = mark;
    }

    @Override
    public SnapshotForm form() {
        return owner.form();
    }

    @Override
    public void cut() {
        cut.take(owner.waiting());
    }

    @Override
    public RdbSink open() {
        writer = new RdbFileWriter(this::write, owner.isChecksumming());
        for (Member member : cut.members()) {
            Reader reader = new Reader(member.replica(), chain.open(0));
            use();
            readers.add(reader);
            member.replica().sendSnapshot(reader, member.cursor(), cut.announcement());
        }
        owner.begun(this, cut);
        chain.append(("$EOF:" + mark + "\r\n").getBytes(StandardCharsets.US_ASCII));
        writer.header(cut.aux(owner.usedBytes()));
        return writer.records();
    }

    private void write(ByteSpan bytes) {
        chain.append(bytes.address(), bytes.length());
        wake();
        awaitRoom();
    }

    private void wake() {
        for (Reader reader : readers) {
            if (!reader.closed) {
                reader.replica.wake();
            }
        }
    }

    private void awaitRoom() {
        while (lag() > WINDOW_BYTES) {
            synchronized (this) {
                writerWaits = true;
                try {
                    if (lag() > WINDOW_BYTES && !cancelled) {
                        wait(LOOK_MS);
                    }
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    cancelled = true;
                }
                writerWaits = false;
            }
            dropStuck();
        }
    }

    /** How far the slowest replica is behind. */
    private long lag() {
        long most = -1;
        for (Reader reader : readers) {
            if (!reader.closed) {
                most = Math.max(most, reader.cursor.behind());
            }
        }
        if (cancelled) {
            throw new CancellationException("cancelled");
        }
        if (most < 0) {
            throw new CancellationException("the last replica of this resync has gone");
        }
        return most;
    }

    /** Gives up replicas that have others wait. */
    private void dropStuck() {
        boolean othersWait =
                readers.stream().anyMatch(reader -> !reader.closed && reader.cursor.behind() == 0);
        long now = System.currentTimeMillis();
        for (Reader reader : readers) {
            boolean stuck = !reader.closed
                    && reader.cursor.behind() > WINDOW_BYTES
                    && now - reader.replica.progressMs() > PATIENCE_MS;
            if (othersWait && stuck) {
                owner.stuck(reader.replica);
                reader.replica.drop();
            }
        }
    }

    @Override
    public void finished() {
        writer.end();
        finalOffset = chain.endOffset() + mark.length();
        chain.append(mark.getBytes(StandardCharsets.US_ASCII));
        wake();
        owner.finished(this, writer.bytes());
        endWriting();
    }

    @Override
    public void failed(Throwable cause) {
        for (Member member : cut.members()) {
            if (writer == null) {
                member.replica().giveBack(member.cursor());
            }
            member.replica().drop();
        }
        owner.failed(this, cause);
        endWriting();
    }

    private void endWriting() {
        if (writer != null) {
            writer.close();
        }
        letGo();
    }

    private synchronized void use() {
        users++;
    }

    /** The writer or a reader is done with the chain. */
    private synchronized void letGo() {
        users--;
        if (users == 0) {
            chain.restart(chain.endOffset());
        }
    }

    @Override
    public void cancel() {
        synchronized (this) {
            cancelled = true;
            notifyAll();
        }
    }

    /** One replica's way through the chain. */
    private final class Reader implements Transfer {
        private final Replica replica;
        private final ByteChain.Cursor cursor;
        private volatile boolean closed;

        Reader(Replica replica, ByteChain.Cursor cursor) {
            this.replica = replica;
            this.cursor = cursor;
        }

        @Override
        public ByteBuf take(int most) {
            ByteBuf bytes = cursor.take(most);
            if (writerWaits) {
                goOn();
            }
            return bytes;
        }

        @Override
        public boolean isComplete() {
            return cursor.offset() >= finalOffset;
        }

        @Override
        public boolean endsByMark() {
            return true;
        }

        @Override
        public boolean isPreparing() {
            return false;
        }

        @Override
        public boolean hasMore() {
            return cursor.behind() > 0;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                cursor.close();
                goOn();
                letGo();
            }
        }

        private void goOn() {
            synchronized (StreamedResync.this) {
                StreamedResync.this.notifyAll();
            }
        }
    }
}
