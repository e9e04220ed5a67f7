package dev.slotmesh.server.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The steps by which a file takes the place of another so that a crash of the machine at any moment leaves the old one or the new
 * one, each whole: the new one is written under another name and forced to disk, renamed, and then the directory is forced.
 */
public final class DurableFiles {
    private DurableFiles() {}

    /** Writes a file as a whole, replacing what it had; its content is on disk then, its name need not be. */
    public static void write(Path file, byte[] content) throws IOException {
        try (FileChannel out = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    /** Gives a file another name, replacing what has that; the new name is on disk then. Both are on one file system. */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        forceDirectoryOf(to);
    }

    /** Brings the entry of a file or directory to disk: that it is there, under its name. */
    public static void forceDirectoryOf(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
