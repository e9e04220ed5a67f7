package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.system.DurableFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The append-only directory on disk: its manifest and where its files are. The working directory may change (CONFIG SET dir),
 * so paths are made anew each time, as Redis makes them.
 */
final class AofDirectory {
    private static final long LARGEST_MANIFEST_BYTES = 16 << 20;
    private static final String TEMPORARY = "temp-";

    private final Function<String, Path> working;
    private final String name;
    private final String fileName;

    /**
     * @param working leads from a name to the path in the present working directory
     * @param name appenddirname
     * @param fileName appendfilename, what the names of all files begin with
     */
    AofDirectory(Function<String, Path> working, String name, String fileName) {
        this.working = working;
        this.name = name;
        this.fileName = fileName;
    }

    String name() {
        return name;
    }

    String fileName() {
        return fileName;
    }

    Path path() {
        return working.apply(name);
    }

    Path path(AofFile file) {
        return path(file.name());
    }

    /** A file of the working directory: temporary ones, and the single file of older versions. */
    Path besides(String name) {
        return working.apply(name);
    }

    private Path path(String name) {
        return working.apply(this.name + "/" + name);
    }

    String manifestName() {
        return fileName + ".manifest";
    }

    boolean exists() {
        return Files.isDirectory(path());
    }

    /** Makes the directory if it is missing; when this returns, it is on disk. */
    void create() throws IOException {
        if (!exists()) {
            Files.createDirectory(path());
            DurableFiles.forceDirectoryOf(path());
        }
    }

    /**
     * The manifest as it is on disk; empty when there is none.
     *
     * @throws IOException when it cannot be read
     * @throws ManifestException when it cannot be understood
     */
    Optional<AofManifest> load() throws IOException, ManifestException {
        Path file = path(manifestName());
        try {
            if (Files.size(file) > LARGEST_MANIFEST_BYTES) {
                throw new ManifestException("The AOF manifest file contains too long line");
            }
            return Optional.of(
                    ManifestReader.read(Files.readString(file, StandardCharsets.ISO_8859_1)));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /** Replaces the manifest; when this returns, the new one is on disk. When it throws, the old one still is. */
    void save(AofManifest manifest) throws IOException {
        Path temporary = path(TEMPORARY + manifestName());
        DurableFiles.write(temporary, manifest.text().getBytes(StandardCharsets.ISO_8859_1));
        DurableFiles.rename(temporary, path(manifestName()));
    }

    /** Bytes of a file. */
    long size(AofFile file) throws IOException {
        return Files.size(path(file));
    }
}
