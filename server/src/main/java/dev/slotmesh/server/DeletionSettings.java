package dev.slotmesh.server;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.Directive;
import dev.slotmesh.server.config.MemoryDirectives;
import dev.slotmesh.server.propagation.CommandLog;
import dev.slotmesh.server.propagation.DeletionForms;

import java.util.List;
import java.util.Optional;

/** The directives that say whether others are told of a deletion by DEL or by UNLINK. */
final class DeletionSettings {
    private static final List<Directive<Boolean>> DIRECTIVES = List.of(
            MemoryDirectives.LAZYFREE_LAZY_EXPIRE,
            MemoryDirectives.LAZYFREE_LAZY_EVICTION,
            MemoryDirectives.LAZYFREE_LAZY_SERVER_DEL);

    private final Configuration configuration;
    private final CommandLog commandLog;

    DeletionSettings(Configuration configuration, CommandLog commandLog) {
        this.configuration = configuration;
        this.commandLog = commandLog;
    }

    /** Puts the values of now in force, and from now on those of each CONFIG SET. */
    void applyAndListen() {
        apply();
        for (Directive<Boolean> directive : DIRECTIVES) {
            configuration.listen(directive, (was, now) -> {
                apply();
                return Optional.empty();
            });
        }
    }

    private void apply() {
        commandLog.deletionForms(new DeletionForms(
                configuration.get(MemoryDirectives.LAZYFREE_LAZY_EXPIRE),
                configuration.get(MemoryDirectives.LAZYFREE_LAZY_EVICTION),
                configuration.get(MemoryDirectives.LAZYFREE_LAZY_SERVER_DEL)));
    }
}
