package dev.slotmesh.server.commands.migrate;

import java.io.IOException;

/** The conversation with the other server broke; the message is what the client is told. */
final class TargetFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean timeout;

    private TargetFailure(String message, boolean timeout, Throwable cause) {
        super(message, cause);
        this.timeout = timeout;
    }

    static TargetFailure connecting(Throwable cause) {
        return new TargetFailure("IOERR error or timeout connecting to the client", true, cause);
    }

    static TargetFailure writing(boolean timeout, Throwable cause) {
        return new TargetFailure(
                "IOERR error or timeout writing to target instance", timeout, cause);
    }

    static TargetFailure reading(boolean timeout, Throwable cause) {
        return new TargetFailure(
                "IOERR error or timeout reading to target instance", timeout, cause);
    }

    /** Whether waiting was the trouble; otherwise a connection that was kept may just have been closed by the other end. */
    boolean isTimeout() {
        return timeout;
    }
}
