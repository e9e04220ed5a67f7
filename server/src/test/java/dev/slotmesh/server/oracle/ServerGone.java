package dev.slotmesh.server.oracle;

import java.io.IOException;

/** A server refuses connections though nobody has asked it to end. Costs the test; the message has its fate and its log. */
public final class ServerGone extends AssertionError {
    private static final long serialVersionUID = 1;

    ServerGone(String message, IOException refusal) {
        super(message, refusal);
    }
}
