package dev.slotmesh.server.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All directives of all themes, by name. Immutable. */
public final class Directives {
    private static final List<Directive<?>> ALL = Stream.of(
                    NetworkDirectives.declared(),
                    GeneralDirectives.declared(),
                    MemoryDirectives.declared(),
                    EncodingDirectives.declared(),
                    PersistenceDirectives.declared(),
                    ReplicationDirectives.declared(),
                    ClusterDirectives.declared(),
                    SecurityDirectives.declared())
            .<Directive<?>>flatMap(Collection::stream)
            .toList();

    private static final Map<String, Directive<?>> BY_NAME = byName();

    private Directives() {}

    /** Every directive once, theme by theme. */
    public static List<Directive<?>> all() {
        return ALL;
    }

    /** The directive with this name or alias, in any case. */
    public static Optional<Directive<?>> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }

    private static Map<String, Directive<?>> byName() {
        Map<String, Directive<?>> names = new HashMap<>();
        for (Directive<?> directive : ALL) {
            names.put(directive.name(), directive);
            directive.alias().ifPresent(alias -> names.put(alias, directive));
        }
        return Map.copyOf(names);
    }
}
