package dev.slotmesh.server.cluster;

import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.gossip.NodesConf;
import dev.slotmesh.server.system.DurableFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * nodes.conf on disk. A save writes a temporary file beside it, syncs that, and renames it into place, so whatever
 * instant the machine stops at, the file is the old or the new content and never a part. One thread at a time.
 */
final class NodesConfFile implements AutoCloseable {
    private static final long LARGEST_FILE_BYTES = 64L << 20;
    private static final String TEMPORARY = ".tmp-";

    private final Path file;
    private final Path temporary;
    private final NodesConfLock lock;

    private NodesConfFile(Path file, NodesConfLock lock) {
        this.file = file;
        this.lock = lock;
        this.temporary = file.resolveSibling(
                file.getFileName() + TEMPORARY + ProcessHandle.current().pid());
    }

    /**
     * Locks the file and clears away what a crash may have left of a save.
     *
     * @param path may name a file that does not exist; a symbolic link is followed, so that a save does not replace it
     * @param shownPath how the file is called in messages
     * @throws ClusterStartException when another node uses it or its directory cannot be written
     */
    static NodesConfFile open(Path path, String shownPath) throws ClusterStartException {
        Path file;
        try {
            file = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        } catch (IOException cause) {
            throw unusable(shownPath, cause);
        }
        NodesConfLock lock = NodesConfLock.take(file, shownPath);
        NodesConfFile opened = new NodesConfFile(file, lock);
        try {
            opened.removeLeftovers();
            return opened;
        } catch (IOException cause) {
            ClusterStartException failure = unusable(shownPath, cause);
            try {
                lock.close();
            } catch (IOException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
    }

    private static ClusterStartException unusable(String shownPath, IOException cause) {
        return new ClusterStartException(
                "Can't use the cluster configuration file " + shownPath + ": " + cause.getMessage(),
                cause);
    }

    private void removeLeftovers() throws IOException {
        String pattern = file.getFileName() + TEMPORARY;
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(
                file.toAbsolutePath().getParent(),
                entry -> entry.getFileName().toString().startsWith(pattern))) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    /**
     * What the node starts from; empty when the file is missing or has no content, which is a node that never ran.
     *
     * @throws ClusterStartException when it cannot be read or is damaged: a node that forgot its votes must not start
     */
    Optional<ClusterConfiguration> load() throws ClusterStartException {
        String text;
        try {
            if (Files.size(file) > LARGEST_FILE_BYTES) {
                throw corrupt("larger than " + LARGEST_FILE_BYTES + " bytes");
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException cause) {
            throw new ClusterStartException(
                    "Loading the cluster node config from " + file + ": " + cause.getMessage(),
                    cause);
        }
        if (text.isEmpty()) {
            return Optional.empty();
        }
        NodesConf.Parsed parsed = NodesConf.parse(text);
        if (parsed instanceof NodesConf.Parsed.Loaded loaded) {
            return Optional.of(loaded.configuration());
        }
        NodesConf.Parsed.Corrupt damage = (NodesConf.Parsed.Corrupt) parsed;
        throw corrupt((damage.line() > 0 ? "line " + damage.line() + ": " : "") + damage.reason());
    }

    private ClusterStartException corrupt(String reason) {
        return new ClusterStartException("Unrecoverable error: corrupted cluster config file. ("
                + file + ", " + reason + ")");
    }

    /**
     * Replaces the content.
     *
     * @param durable true to return only when the rename has reached the disk as well; false leaves the choice between old
     *     and new content to the kernel should the machine lose power now
     * @throws IOException when it cannot; the old content is still in place then
     */
    void save(String text, boolean durable) throws IOException {
        DurableFiles.write(temporary, text.getBytes(StandardCharsets.ISO_8859_1));
        if (durable) {
            DurableFiles.rename(temporary, file);
        } else {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** The file's real path, for messages. */
    Path path() {
        return file;
    }

    /** Gives the file free for another node. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
