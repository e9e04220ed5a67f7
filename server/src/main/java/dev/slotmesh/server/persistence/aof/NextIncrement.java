package dev.slotmesh.server.persistence.aof;

import java.io.IOException;

/**
 * The increment that follows the cut of a rewrite. Its file is there before the cut; the manifest names it only when all commands
 * before the cut are in the file before, since only the last file may end in the middle of a command.
 */
final class NextIncrement implements AofWriter.Successor {
    private final AppendOnlyFile owner;
    private final AofFile file;
    private final boolean temporary;
    private final AppendFile open;
    private volatile boolean taken;

    /**
     * Makes the file.
     *
     * @param temporary whether it belongs to no manifest until the rewrite has ended
     */
    NextIncrement(AppendOnlyFile owner, AofFile file, boolean temporary) throws IOException {
        this.owner = owner;
        this.file = file;
        this.temporary = temporary;
        this.open = AppendFile.create(owner.files().directory().path(file));
    }

    AofFile file() {
        return file;
    }

    boolean isTemporary() {
        return temporary;
    }

    /** Whether it is written to. */
    boolean isTaken() {
        return taken;
    }

    @Override
    public AppendFile take() throws IOException {
        if (!temporary) {
            owner.files().manifests().update(manifest -> manifest.withIncrement(file));
        }
        owner.tookOver();
        taken = true;
        return open;
    }

    @Override
    public void refused(IOException cause) {
        owner.refused(cause);
    }

    /** Closes and deletes the file, which is not written to any more. */
    void discard() {
        try (open) {
            owner.files().delete(file);
        } catch (IOException failure) {
            owner.refused(failure);
        }
    }
}
