package dev.slotmesh.server.persistence.aof;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that whole commands are added to. Writing is for one thread at a time; {@link #force} may run beside it. */
final class AppendFile implements AutoCloseable {
    private final FileChannel channel;
    /** Bytes of whole commands. */
    private volatile long bytes;

    private AppendFile(FileChannel channel, long bytes) {
        this.channel = channel;
        this.bytes = bytes;
    }

    /** Opens a file behind what it has, which is nothing when it is made now. */
    static AppendFile open(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long bytes = channel.size();
        channel.position(bytes);
        return new AppendFile(channel, bytes);
    }

    /** Opens a file without content, whatever it had. */
    static AppendFile create(Path path) throws IOException {
        return new AppendFile(
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE),
                0);
    }

    /** Bytes of whole commands. Any thread. */
    long bytes() {
        return bytes;
    }

    /**
     * Adds bytes, all of them or, as far as the disk allows, none.
     *
     * @throws PartialWriteException when it cannot; what is in the file then counts as added, which is usually nothing
     */
    void append(ByteBuffer[] parts, int count) throws PartialWriteException {
        long wanted = 0;
        for (int i = 0; i < count; i++) {
            wanted += parts[i].remaining();
        }
        long done = 0;
        try {
            while (done < wanted) {
                long step = count == 1 ? channel.write(parts[0]) : channel.write(parts, 0, count);
                done += step;
            }
        } catch (IOException cause) {
            throw new PartialWriteException(cause, wanted, done, takeBack(done));
        }
        bytes += wanted;
    }

    /** Cuts off what was written of commands that are not complete. Returns the reason when that cannot be done. */
    private IOException takeBack(long written) {
        if (written == 0) {
            return null;
        }
        try {
            channel.truncate(bytes);
            channel.position(bytes);
            return null;
        } catch (IOException cause) {
            bytes += written;
            return cause;
        }
    }

    /** Forces the content to disk. Any thread. */
    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
