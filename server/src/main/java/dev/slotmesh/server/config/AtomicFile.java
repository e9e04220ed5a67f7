package dev.slotmesh.server.config;

import dev.slotmesh.server.system.DurableFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Replaces a file as a whole: a reader, or a crash at any moment, finds the old bytes or the new ones. A temporary file beside
 * it is written and forced to disk, renamed over it, and the directory is forced too.
 */
final class AtomicFile {
    private AtomicFile() {}

    /**
     * @param file a symbolic link is followed and stays; permissions are kept; a new file is for its owner to write and for
     *     all to read, as Redis has it
     * @throws IOException when the file is as it was before
     */
    static void replace(Path file, byte[] content) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path directory = target.getParent();
        Path temporary = Files.createTempFile(directory, target.getFileName() + "-", ".tmp");
        try {
            Files.setPosixFilePermissions(
                    temporary,
                    Files.exists(target)
                            ? Files.getPosixFilePermissions(target)
                            : PosixFilePermissions.fromString("rw-r--r--"));
            DurableFiles.write(temporary, content);
            DurableFiles.rename(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
