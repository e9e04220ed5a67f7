package dev.slotmesh.server.config;

import java.util.Optional;

/** The outcome of reading a value: the value, or the reason it was refused in Redis's words. */
sealed interface Parsed<T> {
    static <T> Parsed<T> of(T value) {
        return new Value<>(value);
    }

    static <T> Parsed<T> refused(String reason) {
        return new Refused<>(reason);
    }

    /** The reason, or empty when there is a value. */
    Optional<String> refusal();

    /**
     * The value.
     *
     * @throws IllegalStateException when it was refused
     */
    T value();

    /** A value that may be used. */
    record Value<T>(T value) implements Parsed<T> {
        @Override
        public Optional<String> refusal() {
            return Optional.empty();
        }
    }

    /** A text that is no value of this directive. Costs the line or the command it came in. */
    record Refused<T>(String reason) implements Parsed<T> {
        @Override
        public Optional<String> refusal() {
            return Optional.of(reason);
        }

        @Override
        public T value() {
            throw new IllegalStateException(reason);
        }
    }
}
