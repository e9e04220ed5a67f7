package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.LoadFailure;
import dev.slotmesh.server.persistence.aof.PartLoader.Tail;
import dev.slotmesh.server.system.DurableFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Loads everything that the manifest names, after moving a file of older versions to where it belongs now. */
final class AofLoad {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AofDirectory directory;
    private final ManifestKeeper manifests;
    private final PartLoader.Tools tools;
    private final NodeLog log;

    AofLoad(AofDirectory directory, ManifestKeeper manifests, PartLoader.Tools tools) {
        this.directory = directory;
        this.manifests = manifests;
        this.tools = tools;
        this.log = tools.log();
    }

    /** Reads the manifest, which need not be there. */
    void findManifest() throws LoadFailure {
        try {
            Optional<AofManifest> found = Optional.empty();
            if (!directory.exists()) {
                log.debug("The AOF directory " + directory.name() + " doesn't exist");
            } else {
                found = directory.load();
                if (found.isEmpty()) {
                    log.debug(
                            "The AOF manifest file " + directory.manifestName() + " doesn't exist");
                }
            }
            manifests.found(found.orElse(AofManifest.EMPTY));
        } catch (ManifestException wrong) {
            List<String> lines = wrong.logLines();
            lines.subList(0, lines.size() - 1).forEach(log::warning);
            throw new LoadFailure(lines.get(lines.size() - 1), wrong);
        } catch (IOException failure) {
            throw new LoadFailure(
                    "Fatal error: can't read the AOF manifest file " + directory.manifestName()
                            + ": " + failure.getMessage(),
                    failure);
        }
    }

    /** Moves the single file of older versions to where it belongs now. */
    void adoptOldStyle() throws LoadFailure {
        Path single = directory.besides(directory.fileName());
        try {
            if (Files.isRegularFile(single) && mayAdopt(manifests.get())) {
                adopt(single);
            }
        } catch (IOException failure) {
            throw new LoadFailure(
                    "Error trying to move the old AOF file " + directory.fileName() + " into dir "
                            + directory.name() + ": " + failure.getMessage(),
                    failure);
        }
    }

    private void adopt(Path single) throws IOException {
        directory.create();
        AofFile base = new AofFile(directory.fileName(), 1, AofFile.Kind.BASE);
        manifests.update(was -> was.base().isPresent() ? was : was.withBase(base));
        DurableFiles.rename(single, directory.path(base));
        log.notice("Successfully migrated an old-style AOF file (" + base.name()
                + ") into the AOF directory (" + directory.name() + ").");
    }

    /** Whether nothing newer is there, or the move was begun and not ended. */
    private boolean mayAdopt(AofManifest manifest) {
        if (!directory.exists() || manifest.isEmpty()) {
            return true;
        }
        return manifest.increments().isEmpty()
                && manifest.base().map(AofFile::name).equals(Optional.of(directory.fileName()))
                && !Files.exists(directory.path(manifest.base().orElseThrow()));
    }

    /**
     * Loads all parts into an empty keyspace.
     *
     * @param cutting whether a last command that is not complete is cut off the last file
     * @return whether there were any
     */
    boolean run(Keyspace keyspace, boolean cutting) throws LoadFailure {
        List<AofFile> parts = manifests.get().parts();
        if (parts.isEmpty()) {
            return false;
        }
        ExpiryMode mode = keyspace.expiryMode();
        keyspace.expiryMode(ExpiryMode.IGNORE);
        try {
            load(parts, cutting);
            return true;
        } finally {
            restore(keyspace, mode);
        }
    }

    /** The role may have changed meanwhile, and the mode with it. */
    private static void restore(Keyspace keyspace, ExpiryMode mode) {
        keyspace.locks().lockWorld();
        try {
            if (keyspace.expiryMode() == ExpiryMode.IGNORE) {
                keyspace.expiryMode(mode);
            }
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    private void load(List<AofFile> parts, boolean cutting) throws LoadFailure {
        tools.loading().begin(totalBytes(parts), false);
        long before = 0;
        for (int i = 0; i < parts.size(); i++) {
            AofFile part = parts.get(i);
            Tail tail = Tail.REFUSED;
            if (cutting) {
                tail = i < parts.size() - 1 ? Tail.INNER : Tail.CUT;
            }
            long bytes;
            long begin = System.nanoTime();
            try {
                bytes = directory.size(part);
                boolean oldStyle = part.name().equals(directory.fileName());
                if (bytes > 0) {
                    new PartLoader(tools, part.name(), oldStyle)
                            .load(directory.path(part), before, tail);
                }
            } catch (IOException failure) {
                throw new LoadFailure(
                        "Fatal error: can't open the append log file " + part.name()
                                + " for reading: " + failure.getMessage(),
                        failure);
            }
            if (bytes > 0) {
                tell(part, begin);
            }
            before += bytes;
        }
    }

    private long totalBytes(List<AofFile> parts) throws LoadFailure {
        long bytes = 0;
        for (AofFile part : parts) {
            try {
                bytes += directory.size(part);
            } catch (IOException failure) {
                throw new LoadFailure(
                        "Unable to obtain the AOF file " + part.name()
                                + " length. stat: No such file or directory",
                        failure);
            }
        }
        return bytes;
    }

    private void tell(AofFile part, long beginNanos) {
        String kind = part.kind() == AofFile.Kind.BASE ? "base" : "incr";
        log.notice(String.format(
                Locale.ROOT,
                "DB loaded from %s file %s: %.3f seconds",
                kind,
                part.name(),
                (System.nanoTime() - beginNanos) / NANOS_PER_SECOND));
    }
}
