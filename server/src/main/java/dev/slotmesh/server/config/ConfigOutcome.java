package dev.slotmesh.server.config;

/** What became of a CONFIG SET or CONFIG REWRITE. */
public sealed interface ConfigOutcome {
    /** Carried out: {@code +OK}. */
    record Done() implements ConfigOutcome {}

    /**
     * Not carried out, nothing has changed.
     *
     * @param error the text of the error reply without {@code -ERR } and line end
     */
    record Refused(String error) implements ConfigOutcome {}
}
