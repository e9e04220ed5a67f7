package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.keyspace.rdb.SnapshotForm;
import dev.slotmesh.server.persistence.SnapshotJob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The making of a new base beside the clients' work. What is written after the cut goes to another increment, so that the base
 * and that increment are the whole.
 */
final class AofRewrite implements SnapshotJob {
    private final AppendOnlyFile owner;
    private final BaseContent content;
    private final Path temporary;
    private BaseFile file;

    AofRewrite(AppendOnlyFile owner, BaseContent content, Path temporary) {
        this.owner = owner;
        this.content = content;
        this.temporary = temporary;
    }

    @Override
    public SnapshotForm form() {
        return content.form();
    }

    @Override
    public void cut() {
        owner.cut();
    }

    @Override
    public RdbSink open() throws IOException {
        file = content.open(temporary);
        return content.begin(file);
    }

    @Override
    public void finished() throws IOException {
        file.finish();
        file.close();
        owner.written(this, temporary, content.isRdb());
    }

    @Override
    public boolean isRewrite() {
        return true;
    }

    @Override
    public void failed(Throwable cause) {
        try {
            if (file != null) {
                file.close();
            }
            Files.deleteIfExists(temporary);
        } catch (IOException alsoFailed) {
            cause.addSuppressed(alsoFailed);
        }
        owner.failed(cause);
    }
}
