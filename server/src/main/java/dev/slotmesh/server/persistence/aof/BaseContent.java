package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.commands.CommandForm;
import dev.slotmesh.keyspace.rdb.KeyspaceSnapshot;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.keyspace.rdb.SnapshotForm;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.persistence.RdbContent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** What a base is made of, as the configuration wants it at the moment a rewrite begins. */
final class BaseContent {
    private final Configuration configuration;
    private final Keyspace keyspace;
    private final boolean rdb;

    BaseContent(Configuration configuration, Keyspace keyspace) {
        this.configuration = configuration;
        this.keyspace = keyspace;
        // Libraries of functions have no place among commands.
        this.rdb = configuration.get(PersistenceDirectives.AOF_USE_RDB_PREAMBLE)
                || !keyspace.libraries().isEmpty();
    }

    boolean isRdb() {
        return rdb;
    }

    SnapshotForm form() {
        if (!rdb) {
            return new CommandForm();
        }
        return RdbContent.form(configuration);
    }

    BaseFile open(Path path) throws IOException {
        return new BaseFile(
                path, configuration.get(PersistenceDirectives.AOF_REWRITE_INCREMENTAL_FSYNC));
    }

    RdbSink begin(BaseFile file) {
        if (!rdb) {
            return file.beginCommands(
                    configuration.get(PersistenceDirectives.AOF_TIMESTAMP_ENABLED));
        }
        Map<String, String> aux = RdbContent.head(keyspace.memoryUse().usedBytes(), Map.of(), true);
        return file.beginRdb(aux, configuration.get(PersistenceDirectives.RDBCHECKSUM));
    }

    /** Writes a base of everything there is, while nobody changes it; no lock is held. */
    void write(Path path) throws IOException {
        try (BaseFile file = open(path);
                KeyspaceSnapshot snapshot = snapshot()) {
            RdbSink sink = begin(file);
            boolean more = true;
            while (more) {
                more = snapshot.writeSome(sink);
            }
            file.finish();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private KeyspaceSnapshot snapshot() {
        keyspace.locks().lockWorld();
        try {
            return KeyspaceSnapshot.begin(
                    keyspace, form(), System.currentTimeMillis(), KeyspaceSnapshot.Pace.NORMAL);
        } finally {
            keyspace.locks().unlockWorld();
        }
    }
}
