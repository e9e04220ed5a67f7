package dev.slotmesh.server.config;

import java.util.List;
import java.util.Optional;

/** {@code replicaof <host> <port>}, or {@code no one}. */
final class ReplicaOfSyntax implements Syntax<Optional<PrimaryAddress>> {
    private static final int MOST_PORT = 65535;

    @Override
    public Parsed<Optional<PrimaryAddress>> parse(
            List<String> words, Optional<PrimaryAddress> current) {
        if (words.size() != 2) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        if (words.get(0).equalsIgnoreCase("no") && words.get(1).equalsIgnoreCase("one")) {
            return Parsed.of(Optional.empty());
        }
        return WholeNumber.parse(words.get(1))
                .filter(port -> port >= 0 && port <= MOST_PORT)
                .map(port ->
                        Parsed.of(Optional.of(new PrimaryAddress(words.get(0), port.intValue()))))
                .orElseGet(() -> Parsed.refused("Invalid master port"));
    }

    @Override
    public String format(Optional<PrimaryAddress> value) {
        return value.map(primary -> primary.host() + " " + primary.port()).orElse("");
    }

    @Override
    public List<ConfigLine> lines(
            Optional<PrimaryAddress> value, Optional<PrimaryAddress> initial) {
        return value.isEmpty() ? List.of() : List.of(new ConfigLine(format(value), true));
    }
}
