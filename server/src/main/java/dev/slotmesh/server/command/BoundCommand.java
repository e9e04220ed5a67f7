package dev.slotmesh.server.command;

import java.util.Objects;

/**
 * A command and the code that carries it out.
 *
 * @param name the full name in lower case, {@code get} or {@code cluster|meet}
 * @param handler what runs the command; the table only keeps it
 * @param <H> the dispatcher's handler type
 */
public record BoundCommand<H>(String name, H handler) {
    public BoundCommand {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(handler, "handler");
    }
}
