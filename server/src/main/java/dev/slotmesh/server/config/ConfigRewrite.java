package dev.slotmesh.server.config;

import java.nio.file.Path;

/** One CONFIG REWRITE under way. Runs under the configuration's monitor. */
final class ConfigRewrite {
    private final Configuration configuration;
    private final Path file;

    ConfigRewrite(Configuration configuration, Path file) {
        this.configuration = configuration;
        this.file = file;
    }

    ConfigOutcome run() {
        return new ConfigOutcome.Refused("Rewriting CONFIG file: " + file + configuration);
    }
}
