package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.TemporaryFiles;
import dev.slotmesh.server.system.DurableFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files that an append-only file is made of, and how many bytes they have: found, made, adopted after a rewrite, deleted.
 * Changes are for who holds the lock of {@link AppendOnlyFile}'s changes, except where it says otherwise; the figures are
 * anybody's.
 */
final class AofFiles {
    private static final String TEMPORARY = "temp-";
    private static final Pattern LEFT_OF_REWRITES =
            Pattern.compile("temp-rewriteaof-bg-([0-9]{1,18})\\.aof");

    private final AofDirectory directory;
    private final ManifestKeeper manifests;
    private final NodeLog log;
    /** Bytes of all files before the one that is written to. */
    private volatile long earlierBytes;
    /** Bytes of all files when the last rewrite had ended, or at start. */
    private volatile long rewrittenBytes;

    AofFiles(AofDirectory directory, NodeLog log) {
        this.directory = directory;
        this.manifests = new ManifestKeeper(directory);
        this.log = log;
    }

    AofDirectory directory() {
        return directory;
    }

    ManifestKeeper manifests() {
        return manifests;
    }

    /** Bytes of all files before the one that is written to. */
    long earlierBytes() {
        return earlierBytes;
    }

    /** Bytes of all files when the last rewrite had ended, or at start. */
    long rewrittenBytes() {
        return rewrittenBytes;
    }

    /** Deletes what rewrites of processes that are no more have left. */
    void deleteLeftovers() {
        Path working = temporaryBase().toAbsolutePath().getParent();
        TemporaryFiles.deleteLeft(working, LEFT_OF_REWRITES, log);
    }

    /** Opens what there is for more commands, or makes what is missing: a base of what the keyspace has, an increment. */
    AppendFile open(BaseContent content) throws IOException {
        directory.create();
        AofManifest wanted = manifests.get();
        if (wanted.isEmpty()) {
            AofFile base = wanted.nextBase(directory.fileName(), content.isRdb());
            log.notice("Creating AOF base file " + base.name() + " on server start");
            Path temporary = directory.path().resolve(TEMPORARY + base.name());
            content.write(temporary);
            DurableFiles.rename(temporary, directory.path(base));
            wanted = wanted.withBase(base);
        }
        AppendFile file;
        if (wanted.lastIncrement().isEmpty()) {
            AofFile first = wanted.nextIncrement(directory.fileName());
            log.notice("Creating AOF incr file " + first.name() + " on server start");
            file = AppendFile.create(directory.path(first));
            wanted = wanted.withIncrement(first);
        } else {
            AofFile last = wanted.lastIncrement().get();
            log.notice("Opening AOF incr file " + last.name() + " on server start");
            file = AppendFile.open(directory.path(last));
        }
        try {
            count(wanted, file);
        } catch (IOException failure) {
            file.close();
            throw failure;
        }
        return file;
    }

    private void count(AofManifest wanted, AppendFile file) throws IOException {
        manifests.update(any -> wanted);
        earlierBytes = bytesBefore(wanted);
        rewrittenBytes = earlierBytes + file.bytes();
    }

    private long bytesBefore(AofManifest manifest) throws IOException {
        long bytes = 0;
        for (AofFile part : manifest.parts()) {
            if (!manifest.lastIncrement().equals(Optional.of(part))) {
                bytes += directory.size(part);
            }
        }
        return bytes;
    }

    /** Where the base of a rewrite under way is written. */
    Path temporaryBase() {
        return directory.besides(
                TEMPORARY + "rewriteaof-bg-" + ProcessHandle.current().pid() + ".aof");
    }

    /** The increment after the next cut, which no manifest names before the rewrite has ended: the first of all. */
    AofFile temporaryIncrement() {
        String name = TEMPORARY + directory.fileName() + ".incr";
        log.notice("Creating AOF incr file " + name + " on background rewrite");
        return new AofFile(name, 1, AofFile.Kind.INCREMENT);
    }

    /** The increment after the next cut. */
    AofFile nextIncrement() {
        AofFile file = manifests.get().nextIncrement(directory.fileName());
        log.notice("Creating AOF incr file " + file.name() + " on background rewrite");
        return file;
    }

    /**
     * Takes a base into use that is on disk under a temporary name, in place of all files before the increment after its cut.
     *
     * @param increment the temporary one, which gets its name now; empty when the manifest names it, or there is none
     * @param kept how many increments stay, the newest ones: 0 or 1
     */
    void adopt(Path temporary, boolean rdb, Optional<AofFile> increment, int kept)
            throws IOException {
        long bytes = Files.size(temporary);
        AofFile base = manifests.get().nextBase(directory.fileName(), rdb);
        DurableFiles.rename(temporary, directory.path(base));
        log.notice("Successfully renamed the temporary AOF base file " + temporary.getFileName()
                + " into " + base.name());
        AofFile added = null;
        if (increment.isPresent()) {
            added = manifests.get().nextIncrement(directory.fileName());
            DurableFiles.rename(directory.path(increment.get()), directory.path(added));
            log.notice("Successfully renamed the temporary AOF incr file "
                    + increment.get().name() + " into " + added.name());
        }
        AofFile named = added;
        manifests.update(manifest -> {
            AofManifest changed = manifest.withBase(base);
            changed = named == null ? changed : changed.withIncrement(named);
            return changed.keepingLast(kept);
        });
        earlierBytes = bytes;
    }

    /** A rewrite has ended: so many bytes are in the file that is written to. */
    void rewritten(long bytesSince) {
        rewrittenBytes = earlierBytes + bytesSince;
    }

    /** Another file is written to from now on; with the lock of the {@link AofWriter}. */
    void tookOver(long bytesOfFormer) {
        earlierBytes += bytesOfFormer;
    }

    /** Deletes the files of earlier times and forgets them. On a thread that may wait; needs no lock. */
    void deleteHistory() {
        List<AofFile> gone = manifests.get().history();
        if (gone.isEmpty()) {
            return;
        }
        for (AofFile file : gone) {
            log.notice("Removing the history file " + file.name() + " in the background");
            delete(file);
        }
        try {
            manifests.update(manifest -> manifest.withoutHistory(gone));
        } catch (IOException failure) {
            log.warning("Can't remove the history files from the AOF manifest: "
                    + failure.getMessage());
        }
    }

    /** Deletes a file, which need not be there. */
    void delete(AofFile file) {
        try {
            Files.deleteIfExists(directory.path(file));
        } catch (IOException failure) {
            log.warning("Deleting " + file.name() + " failed: " + failure.getMessage());
        }
    }
}
