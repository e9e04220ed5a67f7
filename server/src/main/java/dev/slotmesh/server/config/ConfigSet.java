package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One CONFIG SET under way: check all names, read all values, publish them, tell the listeners, and take everything back when
 * one of them refuses. Runs under the configuration's monitor.
 */
final class ConfigSet {
    private final Configuration configuration;
    private final List<String> words;
    private final boolean localClient;
    private final List<Change<?>> changes = new ArrayList<>();

    ConfigSet(Configuration configuration, List<String> words, boolean localClient) {
        this.configuration = configuration;
        this.words = words;
        this.localClient = localClient;
    }

    ConfigOutcome run() {
        if (words.isEmpty()) {
            return refused("wrong number of arguments for 'config|set' command");
        }
        if (words.size() % 2 != 0) {
            return refused("syntax error");
        }
        return firstBadName()
                .or(this::firstBadValue)
                .or(this::apply)
                .orElseGet(ConfigOutcome.Done::new);
    }

    private Optional<ConfigOutcome> firstBadName() {
        Set<String> seen = new HashSet<>();
        for (int at = 0; at < words.size(); at += 2) {
            String name = words.get(at).toLowerCase(Locale.ROOT);
            Optional<Directive<?>> directive = Directives.find(name);
            if (directive.isEmpty()) {
                return Optional.of(
                        refused("Unknown option or number of arguments for CONFIG SET - '"
                                + words.get(at) + "'"));
            }
            Optional<String> reason = reasonNotToSet(directive.get());
            if (reason.isPresent()) {
                return failed(name, reason.get());
            }
            if (!seen.add(name)) {
                return failed(name, "duplicate parameter");
            }
        }
        return Optional.empty();
    }

    private Optional<String> reasonNotToSet(Directive<?> directive) {
        if (directive.isImmutable()) {
            return Optional.of("can't set immutable config");
        }
        if (directive.has(Trait.PROTECTED)) {
            GuardedAccess access = configuration.get(SecurityDirectives.ENABLE_PROTECTED_CONFIGS);
            boolean allowed =
                    access == GuardedAccess.YES || access == GuardedAccess.LOCAL && localClient;
            return allowed ? Optional.empty() : Optional.of("can't set protected config");
        }
        return Optional.empty();
    }

    private Optional<ConfigOutcome> firstBadValue() {
        for (int at = 0; at < words.size(); at += 2) {
            String name = words.get(at).toLowerCase(Locale.ROOT);
            Optional<String> reason =
                    read(name, Directives.find(name).orElseThrow(), words.get(at + 1));
            if (reason.isPresent()) {
                return failed(name, reason.get());
            }
        }
        return Optional.empty();
    }

    private <T> Optional<String> read(String name, Directive<T> directive, String argument) {
        T previous = configuration.get(directive);
        Parsed<T> parsed = directive.syntax().parse(split(directive, argument), previous);
        if (parsed.refusal().isEmpty()) {
            changes.add(new Change<>(name, directive, previous, parsed.value()));
        }
        return parsed.refusal();
    }

    /** Words are cut at every single blank, and quotes mean nothing, unlike in a file. */
    private static List<String> split(Directive<?> directive, String argument) {
        if (!directive.has(Trait.MANY_WORDS)) {
            return List.of(argument);
        }
        return argument.isEmpty() ? List.of() : Arrays.asList(argument.split(" ", -1));
    }

    private Optional<ConfigOutcome> apply() {
        changes.forEach(Change::publish);
        for (int at = 0; at < changes.size(); at++) {
            Optional<String> reason = changes.get(at).announce();
            if (reason.isPresent()) {
                takeBack(at);
                return failed(changes.get(at).name, reason.get());
            }
        }
        return Optional.empty();
    }

    private void takeBack(int refusedAt) {
        for (int at = changes.size() - 1; at >= 0; at--) {
            changes.get(at).restore();
        }
        for (int at = refusedAt; at >= 0; at--) {
            changes.get(at).announceRestored();
        }
    }

    private static Optional<ConfigOutcome> failed(String name, String reason) {
        return Optional.of(refused(
                "CONFIG SET failed (possibly related to argument '" + name + "') - " + reason));
    }

    private static ConfigOutcome refused(String error) {
        return new ConfigOutcome.Refused(error);
    }

    /** One directive's step from its previous value to the next. */
    private final class Change<T> {
        private final String name;
        private final Directive<T> directive;
        private final T previous;
        private final T next;
        private int accepted;

        Change(String name, Directive<T> directive, T previous, T next) {
            this.name = name;
            this.directive = directive;
            this.previous = previous;
            this.next = next;
        }

        void publish() {
            configuration.publish(directive, next);
        }

        void restore() {
            configuration.publish(directive, previous);
        }

        Optional<String> announce() {
            if (previous.equals(next)) {
                return Optional.empty();
            }
            for (ConfigListener<T> listener : configuration.listeners(directive)) {
                Optional<String> reason = listener.changed(previous, next);
                if (reason.isPresent()) {
                    return reason;
                }
                accepted++;
            }
            return Optional.empty();
        }

        /** A listener that cannot go back has said so in its own log; the others must still be told. */
        void announceRestored() {
            List<ConfigListener<T>> listeners = configuration.listeners(directive);
            for (int at = accepted - 1; at >= 0; at--) {
                listeners.get(at).changed(next, previous);
            }
        }
    }
}
