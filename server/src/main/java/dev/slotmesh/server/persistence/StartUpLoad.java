package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.rdb.RdbFileSummary;
import dev.slotmesh.keyspace.rdb.RdbFormatException;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** What a node has when it starts: the data set of its snapshot file, if there is one. */
final class StartUpLoad {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Configuration configuration;
    private final RdbLoads loads;
    private final Loading loading;
    private final NodeLog log;

    StartUpLoad(Configuration configuration, RdbLoads loads, Loading loading, NodeLog log) {
        this.configuration = configuration;
        this.loads = loads;
        this.loading = loading;
        this.log = log;
    }

    /**
     * Loads the snapshot file. Clients may be connected and are answered LOADING.
     *
     * @return what was in it; empty when there is none, or when the load was given up since the node goes down
     * @throws LoadFailure when it cannot be loaded; the keyspace is empty then
     */
    Optional<RdbFileSummary> run() throws LoadFailure {
        Path path = configuration.path(PersistenceDirectives.DBFILENAME);
        long begin = System.nanoTime();
        if (configuration.get(PersistenceDirectives.DBFILENAME).isEmpty()) {
            loading.end();
            return Optional.empty();
        }
        loading.begin(size(path), false);
        boolean whole = false;
        try {
            RdbFileSummary summary = loads.load(path, loads.settings());
            whole = true;
            log.notice(String.format(
                    Locale.ROOT,
                    "DB loaded from disk: %.3f seconds",
                    (System.nanoTime() - begin) / NANOS_PER_SECOND));
            return Optional.of(summary);
        } catch (NoSuchFileException | CancellationException noneOrGivenUp) {
            return Optional.empty();
        } catch (RdbFormatException wrong) {
            throw new LoadFailure(
                    "Fatal error loading the DB from " + path + ": at offset " + wrong.offset()
                            + " of the file: " + wrong.getMessage() + ". Exiting.",
                    wrong);
        } catch (IOException failure) {
            throw new LoadFailure(
                    "Fatal error loading the DB from " + path + ": " + failure + ". Exiting.",
                    failure);
        } finally {
            if (!whole) {
                loads.emptyKeyspace();
            }
            loading.end();
        }
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException absentOrUnreadable) {
            // Opening it says why.
            return 0;
        }
    }
}
