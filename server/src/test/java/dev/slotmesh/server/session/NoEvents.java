package dev.slotmesh.server.session;

import dev.slotmesh.server.command.CommandSpec;

/** A node that refuses nothing; a mistake of ours ends the test. */
public final class NoEvents implements SessionEvents {
    @Override
    public ErrorReply refusal(Session session, CommandSpec spec) {
        return null;
    }

    @Override
    public void protocolError(Session session, String error) {
        throw new AssertionError(error);
    }

    @Override
    public void queryBufferExceeded(Session session) {
        throw new AssertionError("query buffer exceeded");
    }

    @Override
    public void outputBufferExceeded(Session session, long pendingBytes) {
        throw new AssertionError("output buffer exceeded");
    }

    @Override
    public void internalError(Session session, CommandSpec spec, Throwable error) {
        throw new AssertionError(spec.name(), error);
    }
}
