package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbFileWriter;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.keyspace.rdb.SnapshotForm;
import dev.slotmesh.server.persistence.SnapshotJob;
import dev.slotmesh.server.replication.ResyncCut.Member;
import dev.slotmesh.server.system.SequentialFile;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A full resync by way of the disk: the snapshot is written to a file and then, its length first, sent to all replicas that
 * waited for it or have come while it was written.
 *
 * <p>The file has no name once it is open, so that nothing of it is left whatever happens; it goes with the last of its readers.
 * What the threads share is guarded by the monitor.
 */
final class FiledResync implements SnapshotJob {
    private final Resyncs owner;
    private final ResyncCut cut;
    private final Path path;
    private final List<Reader> readers = new ArrayList<>();
    private RdbFileWriter writer;
    private SequentialFile file;
    private int users = 1;
    private boolean joinable;
    private volatile long length = -1;
    private volatile boolean cancelled;

    /** @param path a name that nobody else uses */
    FiledResync(Resyncs owner, ResyncCut cut, Path path) {
        this.owner = owner;
        this.cut = cut;
        this.path = path;
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
    public RdbSink open() throws IOException {
        file = SequentialFile.create(path, false);
        Files.delete(path);
        writer = new RdbFileWriter(this::write, owner.isChecksumming());
        synchronized (this) {
            cut.members().forEach(this::add);
            joinable = true;
        }
        owner.begun(this, cut);
        writer.header(cut.aux(owner.usedBytes()));
        return writer.records();
    }

    private void add(Member member) {
        users++;
        Reader reader = new Reader(member.replica());
        readers.add(reader);
        member.replica().sendSnapshot(reader, member.cursor(), cut.announcement());
    }

    /** Lets one more replica share the snapshot that is being written; false when it has to wait for another. */
    synchronized boolean join(Replica replica) {
        Member member = joinable ? cut.join(replica) : null;
        if (member != null) {
            add(member);
        }
        return member != null;
    }

    private void write(ByteSpan bytes) {
        if (cancelled) {
            throw new CancellationException("cancelled");
        }
        file.append(bytes);
    }

    @Override
    public void finished() throws IOException {
        writer.end();
        file.flush();
        List<Reader> all;
        synchronized (this) {
            joinable = false;
            length = writer.bytes();
            all = List.copyOf(readers);
        }
        all.forEach(reader -> reader.replica.wake());
        owner.finished(this, length);
        endWriting();
    }

    @Override
    public void failed(Throwable cause) {
        List<Reader> all;
        synchronized (this) {
            joinable = false;
            all = List.copyOf(readers);
        }
        if (all.isEmpty()) {
            for (Member member : cut.members()) {
                member.replica().giveBack(member.cursor());
                member.replica().drop();
            }
        }
        all.forEach(reader -> reader.replica.drop());
        owner.failed(this, cause);
        endWriting();
    }

    private void endWriting() {
        if (writer != null) {
            writer.close();
        }
        if (file != null) {
            file.endWriting();
            letGo();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    /** The writer or a reader does not need the file any more. */
    private synchronized void letGo() {
        users--;
        if (users == 0) {
            try {
                file.close();
            } catch (IOException failure) {
                owner.fileNotClosed(failure);
            }
        }
    }

    /** One replica's way through the file. On its loop. */
    private final class Reader implements Transfer {
        private final Replica replica;
        private boolean begun;
        private volatile long taken;
        private boolean closed;

        Reader(Replica replica) {
            this.replica = replica;
        }

        @Override
        public ByteBuf take(int most) {
            long all = length;
            if (all < 0) {
                return null;
            }
            if (!begun) {
                begun = true;
                byte[] header = ("$" + all + "\r\n").getBytes(StandardCharsets.US_ASCII);
                return PooledByteBufAllocator.DEFAULT
                        .directBuffer(header.length)
                        .writeBytes(header);
            }
            return taken < all ? read((int) Math.min(most, all - taken)) : null;
        }

        private ByteBuf read(int count) {
            ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(count, count);
            try {
                int read = file.read(bytes, taken, count);
                if (read <= 0) {
                    throw new IOException("the file of the snapshot ends at byte " + taken);
                }
                taken += read;
                return bytes;
            } catch (IOException cause) {
                bytes.release();
                replica.broken(cause);
                return null;
            }
        }

        @Override
        public boolean isComplete() {
            return begun && taken == length;
        }

        @Override
        public boolean endsByMark() {
            return false;
        }

        @Override
        public boolean isPreparing() {
            return !begun;
        }

        @Override
        public boolean hasMore() {
            return taken < length;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                letGo();
            }
        }
    }
}
