package dev.slotmesh.server;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.GeneralDirectives;
import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of {@code pidfile}: written when the node is ready, removed when it ends. Failing costs a line in the log. */
final class PidFile {
    private final Configuration configuration;
    private final NodeLog log;
    private Path written;

    PidFile(Configuration configuration, NodeLog log) {
        this.configuration = configuration;
        this.log = log;
    }

    /** Writes the process id and a line end, if a file is configured. */
    synchronized void write(long pid) {
        if (configuration.get(GeneralDirectives.PIDFILE).isEmpty()) {
            return;
        }
        Path file = configuration.path(GeneralDirectives.PIDFILE);
        try {
            Files.writeString(file, pid + "\n");
            written = file;
        } catch (IOException cause) {
            log.warning("Can't write the pidfile " + file, cause);
        }
    }

    /** Removes the file, if this node wrote one. */
    synchronized void remove() {
        if (written == null) {
            return;
        }
        try {
            Files.deleteIfExists(written);
            written = null;
        } catch (IOException cause) {
            log.warning("Can't remove the pidfile " + written, cause);
        }
    }
}
