package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.keyspace.rdb.SnapshotForm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A save to the snapshot file in the background. What it leads to is decided by {@link RdbSaves}. */
final class FileSave implements SnapshotJob {
    private final RdbSaves saves;
    private final Path target;
    private final Path temporary;
    private Map<String, String> aux = Map.of();
    private long changes;
    private RdbFile file;
    /** Guarded by the lock under which files are published. */
    private boolean revoked;

    FileSave(RdbSaves saves, Path target, Path temporary) {
        this.saves = saves;
        this.target = target;
        this.temporary = temporary;
    }

    @Override
    public SnapshotForm form() {
        return saves.form();
    }

    @Override
    public void cut() {
        changes = saves.changes();
        aux = saves.aux();
    }

    @Override
    public RdbSink open() throws IOException {
        file = saves.create(temporary);
        return file.begin(aux);
    }

    @Override
    public void finished() throws IOException {
        file.complete();
        saves.publish(this, file, target);
        file.close();
        saves.savedInBackground(changes);
    }

    @Override
    public void failed(Throwable cause) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException undeleted) {
            cause.addSuppressed(undeleted);
        }
        saves.failed(cause);
    }

    boolean isRevoked() {
        return revoked;
    }

    /** It must not take the place of a file that is newer. */
    void revoke() {
        revoked = true;
    }
}
