package dev.slotmesh.server.persistence;

import java.io.IOException;

/** A save came to nothing; the file before it is as it was. The message is the line for the log. */
final class SaveFailure extends IOException {
    private static final long serialVersionUID = 1L;

    SaveFailure(String line, Throwable cause) {
        super(line + ": " + FileErrors.text(cause), cause);
    }
}
