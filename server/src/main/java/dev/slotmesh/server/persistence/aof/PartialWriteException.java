package dev.slotmesh.server.persistence.aof;

import java.io.IOException;

/** Not everything could be added to an append-only file. Costs nothing yet: what is left is tried again. */
final class PartialWriteException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long wanted;
    private final long written;
    private final IOException notTakenBack;

    PartialWriteException(IOException cause, long wanted, long written, IOException notTakenBack) {
        super(cause.getMessage(), cause);
        this.wanted = wanted;
        this.written = written;
        this.notTakenBack = notTakenBack;
    }

    /** What the log is told. */
    String text() {
        return written == 0
                ? "Error writing to the AOF file: " + getMessage()
                : "Short write while writing to the AOF file: (nwritten=" + written + ", expected="
                        + wanted + ")";
    }

    /** Why a part of what was to be added stays in the file, or null when it does not. */
    IOException notTakenBack() {
        return notTakenBack;
    }

    /** Bytes that stay in the file. */
    long keptBytes() {
        return notTakenBack == null ? 0 : written;
    }
}
