package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Declares the directives of one theme, each by one call in the initialiser of a constant.
 *
 * <p>Filled by a class initialiser, hence by one thread; read through {@link Directives} after that. The running number is
 * shared by all tables, so that a {@link Configuration} is one array.
 */
final class DirectiveTable {
    private static final AtomicInteger NEXT_INDEX = new AtomicInteger();

    private final List<Directive<?>> declared = new ArrayList<>();

    Directive<Boolean> flag(String names, boolean initial, Trait... traits) {
        return special(names, new FlagSyntax(), initial, traits);
    }

    Directive<Long> integer(String names, long least, long most, long initial, Trait... traits) {
        return special(names, new IntegerSyntax(least, most), initial, traits);
    }

    /** A size in bytes that may be written with a unit ({@code 100mb}). */
    Directive<Long> memory(String names, long least, long most, long initial, Trait... traits) {
        return special(names, new MemorySyntax(least, most), initial, traits);
    }

    /** One of the constants of an enum, written in lower case with hyphens; the error lists them in their order. */
    <E extends Enum<E>> Directive<E> choice(String names, E initial, Trait... traits) {
        return special(names, new ChoiceSyntax<>(initial.getDeclaringClass()), initial, traits);
    }

    /** One of a few words; the error lists them in the order given. */
    Directive<String> word(String names, List<String> allowed, String initial, Trait... traits) {
        return special(names, new WordSyntax(allowed), initial, traits);
    }

    Directive<String> text(String names, String initial, Trait... traits) {
        return special(names, new TextSyntax(), initial, traits);
    }

    /** A directive with a syntax of its own. */
    <T> Directive<T> special(String names, Syntax<T> syntax, T initial, Trait... traits) {
        Directive<T> directive =
                new Directive<>(NEXT_INDEX.getAndIncrement(), names, syntax, initial, traits);
        declared.add(directive);
        return directive;
    }

    List<Directive<?>> declared() {
        return List.copyOf(declared);
    }
}
