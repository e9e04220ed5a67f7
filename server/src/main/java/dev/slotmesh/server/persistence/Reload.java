package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbFormatException;
import dev.slotmesh.keyspace.rdb.RdbLoadListener;
import dev.slotmesh.keyspace.rdb.RdbLoadSettings;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * DEBUG RELOAD: saves the data set and loads it again in place of what there is. The world lock is held from the beginning to the
 * end, so that nothing can change in between; clients are answered LOADING.
 */
public final class Reload {
    private final Configuration configuration;
    private final Keyspace keyspace;
    private final RdbSaves saves;
    private final RdbLoads loads;
    private final NodeLog log;

    /** What is left out or done otherwise. */
    public enum Option {
        /** Keys that are there already take the value of the file. */
        MERGE,
        /** What there is stays. */
        NOFLUSH,
        /** The file is loaded as it is. */
        NOSAVE
    }

    /** What came of it; the log has the reasons. */
    public enum Outcome {
        DONE,
        /** Nothing has changed. */
        NOT_SAVED,
        /** The data set is empty, or with {@link Option#NOFLUSH} as it was. */
        NOT_LOADED
    }

    Reload(
            Configuration configuration,
            Keyspace keyspace,
            RdbSaves saves,
            RdbLoads loads,
            NodeLog log) {
        this.configuration = configuration;
        this.keyspace = keyspace;
        this.saves = saves;
        this.loads = loads;
        this.log = log;
    }

    /**
     * Does it. The world lock is held.
     *
     * @param emptied is told when what there was has been let go
     */
    Outcome run(Set<Option> options, Loading loading, Runnable emptied) {
        loading.begin(0, false);
        try {
            if (!options.contains(Option.NOSAVE) && !saves.saveNow()) {
                return Outcome.NOT_SAVED;
            }
            return load(options, emptied) ? Outcome.DONE : Outcome.NOT_LOADED;
        } finally {
            loading.end();
        }
    }

    private boolean load(Set<Option> options, Runnable emptied) {
        Path path = configuration.path(PersistenceDirectives.DBFILENAME);
        RdbLoadSettings settings =
                options.contains(Option.MERGE) ? loads.settings().replacing() : loads.settings();
        boolean whole = false;
        try {
            if (options.contains(Option.NOFLUSH)) {
                rehearse(path, settings);
            } else {
                loads.emptyKeyspace();
                emptied.run();
            }
            loads.load(path, settings);
            whole = true;
            log.warning("DB reloaded by DEBUG RELOAD");
        } catch (RdbFormatException wrong) {
            log.warning("DEBUG RELOAD failed: at offset " + wrong.offset() + " of " + path + ": "
                    + wrong.getMessage());
        } catch (IOException | CancellationException failure) {
            log.warning("DEBUG RELOAD failed: " + failure);
        } finally {
            if (!whole && !options.contains(Option.NOFLUSH)) {
                loads.emptyKeyspace();
            }
        }
        return whole;
    }

    /** Loads the file beside what there is, so that a file that is wrong costs nothing. */
    private void rehearse(Path path, RdbLoadSettings settings) throws IOException {
        Keyspace staged = keyspace.stage();
        try (RdbFileSource source = RdbFileSource.open(path)) {
            loads.load(source, staged, settings, RdbLoadListener.NONE);
            if (settings.duplicates() == RdbLoadSettings.Duplicates.REFUSE) {
                refuseCommon(staged);
            }
        } finally {
            staged.discard();
        }
    }

    private void refuseCommon(Keyspace staged) throws IOException {
        if (staged.libraries().sources().stream().anyMatch(keyspace.libraries()::contains)) {
            throw new IOException("a library of functions is there already");
        }
        ByteSpan[] common = {null};
        ByteSpan key = new ByteSpan();
        for (int i = 0; i < keyspace.databaseCount(); i++) {
            Database present = keyspace.database(i);
            staged.database(i).forEach(0, (slot, entry) -> {
                slot.key(entry, key);
                if (present.slot(slot.number()).contains(key)) {
                    common[0] = new ByteSpan().set(key);
                }
            });
        }
        if (common[0] != null) {
            throw new IOException("the key '" + common[0] + "' is there already");
        }
    }
}
