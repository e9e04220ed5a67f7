package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.rdb.RdbFileWriter;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.server.system.DurableFiles;
import dev.slotmesh.server.system.SequentialFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * An RDB file on its way to the disk. It has a temporary name until it is complete and on disk; only then it takes the place of
 * the one before, and the directory is brought to disk as well. So a crash at any moment leaves the old file or the new
 * one; what is left of a temporary one is never read. One thread at a time.
 */
public final class RdbFile implements AutoCloseable {
    private final Path temporary;
    private final SequentialFile file;
    private final RdbFileWriter frame;
    private boolean closed;

    private RdbFile(Path temporary, SequentialFile file, boolean checksum) {
        this.temporary = temporary;
        this.file = file;
        this.frame = new RdbFileWriter(file::append, checksum);
    }

    /**
     * Makes the temporary file, or empties it if it is there.
     *
     * @param checksum whether the file ends with one (rdbchecksum)
     * @param syncing whether it is brought to disk bit by bit (rdb-save-incremental-fsync), not only at the end
     */
    public static RdbFile create(Path temporary, boolean checksum, boolean syncing)
            throws IOException {
        return new RdbFile(temporary, SequentialFile.create(temporary, syncing), checksum);
    }

    /** Begins the file; see {@link RdbFileWriter#header}. */
    public RdbSink begin(Map<String, String> aux) {
        frame.header(aux);
        return frame.records();
    }

    /** Ends the file and brings it to disk; its name is still the temporary one. */
    public void complete() throws IOException {
        try {
            frame.end();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        file.force();
        file.close();
    }

    /** Puts a complete file in the place of another. */
    public void publish(Path target) throws IOException {
        DurableFiles.rename(temporary, target);
    }

    /** Ends the work on the file, and removes it unless it was published. A second call only tries once more to do the latter. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            frame.close();
        }
        try {
            file.close();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
