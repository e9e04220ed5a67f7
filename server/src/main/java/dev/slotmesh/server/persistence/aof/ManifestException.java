package dev.slotmesh.server.persistence.aof;

import java.util.ArrayList;
import java.util.List;

/** A manifest cannot be understood, so nobody knows what the data is. Costs the process at start. */
final class ManifestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    ManifestException(String reason) {
        this(reason, List.of());
    }

    private ManifestException(String reason, List<String> where) {
        super(reason);
        lines = new ArrayList<>();
        lines.add("\n*** FATAL AOF MANIFEST FILE ERROR ***");
        lines.addAll(where);
        lines.add(reason);
    }

    /** A mistake in a line, counted from 1. */
    static ManifestException at(int number, String line, String reason) {
        return new ManifestException(
                reason,
                List.of(
                        "Reading the manifest file, at line " + number + "\n",
                        ">>> '" + line + "'\n"));
    }

    /** What the log is told, line by line. */
    List<String> logLines() {
        return List.copyOf(lines);
    }
}
