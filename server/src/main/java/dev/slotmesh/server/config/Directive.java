package dev.slotmesh.server.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One directive of {@code redis.conf}: its name, the type of its value, its default and what may be done with it.
 *
 * <p>Declared once, as a constant of one of the themed tables ({@link NetworkDirectives}, {@link MemoryDirectives}, ...), and
 * used as the typed key to {@link Configuration#get}. Identity is equality. Immutable.
 *
 * @param <T> the value as its readers want it; memory sizes are {@code Long} bytes, times carry the unit the directive has in
 *     Redis
 */
public final class Directive<T> {
    /** What sets a directive apart from one that may be read and set at any time. */
    enum Trait {
        /** Given at start only. */
        IMMUTABLE,
        /** Set at run time only when {@code enable-protected-configs} lets the client. */
        PROTECTED,
        /** Shown by CONFIG GET when named in full only. */
        HIDDEN,
        /** Its value must not reach logs or MONITOR. */
        SENSITIVE,
        /** Takes any number of words on its line. */
        MANY_WORDS,
        /** Accepted for the sake of existing files; does nothing here. */
        WITHOUT_MEANING
    }

    private final int index;
    private final String name;
    private final Optional<String> alias;
    private final Syntax<T> syntax;
    private final T initial;
    private final Set<Trait> traits;

    Directive(int index, String names, Syntax<T> syntax, T initial, Trait... traits) {
        int bar = names.indexOf('|');
        this.index = index;
        this.name = bar < 0 ? names : names.substring(0, bar);
        this.alias = bar < 0 ? Optional.empty() : Optional.of(names.substring(bar + 1));
        this.syntax = syntax;
        this.initial = initial;
        EnumSet<Trait> set = EnumSet.noneOf(Trait.class);
        Collections.addAll(set, traits);
        this.traits = Collections.unmodifiableSet(set);
    }

    /** The name in lower case, the newer one where there are two. */
    public String name() {
        return name;
    }

    /** The older name that is understood as well ({@code slave-priority}). */
    public Optional<String> alias() {
        return alias;
    }

    /** The value in force when nothing is given. */
    public T initial() {
        return initial;
    }

    /** Whether CONFIG SET refuses it. */
    public boolean isImmutable() {
        return traits.contains(Trait.IMMUTABLE);
    }

    /** Whether its value is a secret, to be kept out of the slow log, MONITOR and the log. */
    public boolean isSensitive() {
        return traits.contains(Trait.SENSITIVE);
    }

    /** Whether it is accepted but has no effect in this server. */
    public boolean isWithoutMeaning() {
        return traits.contains(Trait.WITHOUT_MEANING);
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    int index() {
        return index;
    }

    Syntax<T> syntax() {
        return syntax;
    }

    @Override
    public String toString() {
        return name;
    }
}
