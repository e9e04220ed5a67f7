package dev.slotmesh.server.persistence.aof;

import java.io.IOException;
import java.util.function.UnaryOperator;

/** The manifest in force, in memory and on disk. Thread safe; its monitor is a leaf, held while the file is written. */
final class ManifestKeeper {
    private final AofDirectory directory;
    private AofManifest manifest = AofManifest.EMPTY;

    ManifestKeeper(AofDirectory directory) {
        this.directory = directory;
    }

    synchronized AofManifest get() {
        return manifest;
    }

    /** Takes what was found on disk. */
    synchronized void found(AofManifest onDisk) {
        manifest = onDisk;
    }

    /**
     * Changes the manifest, on disk first.
     *
     * @throws IOException when it cannot be saved: then it is as it was
     */
    synchronized AofManifest update(UnaryOperator<AofManifest> change) throws IOException {
        AofManifest next = change.apply(manifest);
        if (!next.equals(manifest)) {
            directory.save(next);
            manifest = next;
        }
        return next;
    }
}
