package dev.slotmesh.benchmarks;

import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.SessionEvents;

/** Nothing is refused, and nothing may go wrong: every event ends the benchmark. */
final class UnwantedEvents implements SessionEvents {

    @Override
    public ErrorReply refusal(Session session, CommandSpec spec) {
        return null;
    }

    @Override
    public void protocolError(Session session, String error) {
        throw new IllegalStateException(error);
    }

    @Override
    public void queryBufferExceeded(Session session) {
        throw new IllegalStateException("query buffer exceeded");
    }

    @Override
    public void outputBufferExceeded(Session session, long pendingBytes) {
        throw new IllegalStateException("output buffer exceeded");
    }

    @Override
    public void internalError(Session session, CommandSpec spec, Throwable error) {
        throw new IllegalStateException(spec.name() + " failed", error);
    }
}
