package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.rdb.RdbFileReader;
import dev.slotmesh.keyspace.rdb.RdbFileSummary;
import dev.slotmesh.keyspace.rdb.RdbFormatException;
import dev.slotmesh.keyspace.rdb.RdbLoadListener;
import dev.slotmesh.keyspace.rdb.RdbLoadSettings;
import dev.slotmesh.keyspace.rdb.RdbSource;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Loads RDB files and streams, telling the log, {@link Loading} and INFO how it goes. Whoever calls it has {@link Loading}
 * begun and ends it. One load at a time, on a thread that may wait.
 */
public final class RdbLoads {
    private final Configuration configuration;
    private final Keyspace keyspace;
    private final Loading loading;
    private final NodeLog log;

    RdbLoads(Configuration configuration, Keyspace keyspace, Loading loading, NodeLog log) {
        this.configuration = configuration;
        this.keyspace = keyspace;
        this.loading = loading;
        this.log = log;
    }

    /**
     * The settings for a load now: with the file's checksum compared if the configuration says so, and without the keys whose
     * time has passed unless the node is a replica, which keeps them until it is told.
     */
    public RdbLoadSettings settings() {
        RdbLoadSettings settings = RdbLoadSettings.ofPrimary(System.currentTimeMillis())
                .withChecksum(configuration.get(PersistenceDirectives.RDBCHECKSUM));
        return keyspace.expiryMode() == ExpiryMode.DELETE ? settings : settings.keepingExpired();
    }

    /**
     * Loads a file into the keyspace.
     *
     * @param settings as {@link #settings} gives them, or changed; their listener is replaced
     * @throws java.nio.file.NoSuchFileException when there is none
     * @throws IOException when it cannot be read
     * @throws RdbFormatException when it is wrong; what came of it is still in the keyspace, as after an IOException
     */
    public RdbFileSummary load(Path path, RdbLoadSettings settings) throws IOException {
        try (RdbFileSource source = RdbFileSource.open(path)) {
            return load(source, settings, RdbLoadListener.NONE);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /**
     * Loads from anywhere. What the source throws comes through.
     *
     * @param settings as {@link #settings} gives them, or changed; their listener is replaced
     * @param further is told of everything as well
     * @throws RdbFormatException when the bytes are wrong; what came of them is still in the keyspace
     */
    public RdbFileSummary load(
            RdbSource source, RdbLoadSettings settings, RdbLoadListener further) {
        return load(source, keyspace, settings, further);
    }

    /** As the other {@code load}, into a keyspace that may be a staged one. */
    public RdbFileSummary load(
            RdbSource source, Keyspace into, RdbLoadSettings settings, RdbLoadListener further) {
        LoadProgress progress = new LoadProgress(
                loading,
                log,
                () -> configuration.getInt(PersistenceDirectives.KEY_LOAD_DELAY),
                further);
        RdbFileSummary summary = RdbFileReader.load(source, into, settings.telling(progress));
        loading.loaded(summary.keys(), summary.expiredKeys());
        log.notice("Done loading RDB, keys loaded: " + summary.keys() + ", keys expired: "
                + summary.expiredKeys()
                + (summary.emptyKeys() > 0
                        ? ", empty keys skipped: " + summary.emptyKeys() + "."
                        : "."));
        return summary;
    }

    /** Takes everything out of the keyspace, libraries of functions as well; its memory is freed in the background. Takes the world lock. */
    public void emptyKeyspace() {
        keyspace.locks().lockWorld();
        try {
            for (int number = 0; number < keyspace.databaseCount(); number++) {
                keyspace.remains().add(keyspace.database(number).detach());
            }
            keyspace.libraries(Libraries.NONE);
        } finally {
            keyspace.locks().unlockWorld();
        }
    }
}
