package dev.slotmesh.server.commands.connection;

import dev.slotmesh.server.session.ClientState;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.Subscriber;

/** A client as CLIENT LIST and CLIENT INFO show it: one line, the fields in Redis 7.0's order. */
final class ClientLines {
    /** The receive buffer a client is read into, bytes. */
    private static final int READ_BUFFER_BYTES = 16 * 1024;

    private ClientLines() {}

    /** Appends the line of a client, without a line end. */
    static void append(StringBuilder out, Session session, long nowMs) {
        ClientState state = session.state();
        long pending = state.outputBytes();
        out.append("id=").append(session.id());
        out.append(" addr=").append(session.connection().remoteAddress());
        out.append(" laddr=").append(session.connection().localAddress());
        out.append(" fd=").append(session.connection().descriptor());
        out.append(" name=").append(state.name());
        out.append(" age=").append(Math.max(0, nowMs - state.createdMs()) / 1000);
        out.append(" idle=").append(Math.max(0, nowMs - state.lastInteractionMs()) / 1000);
        out.append(" flags=").append(flags(session));
        out.append(" db=").append(state.database());
        Subscriber subscriber = session.pushes().subscriber();
        out.append(" sub=").append(subscriber == null ? 0 : subscriber.channelCount());
        out.append(" psub=").append(subscriber == null ? 0 : subscriber.patternCount());
        out.append(" ssub=").append(subscriber == null ? 0 : subscriber.shardChannelCount());
        out.append(" multi=").append(state.queuedCommands());
        out.append(" qbuf=").append(state.queryBufferBytes());
        out.append(" qbuf-free=").append(Math.max(0, READ_BUFFER_BYTES - state.queryBufferBytes()));
        out.append(" argv-mem=0 multi-mem=").append(state.queuedBytes());
        out.append(" rbs=0 rbp=0 obl=0");
        out.append(" oll=").append(pending > 0 ? 1 : 0);
        out.append(" omem=").append(pending);
        out.append(" tot-mem=").append(state.bufferBytes());
        out.append(" events=").append(pending > 0 ? "rw" : "r");
        out.append(" cmd=").append(state.lastCommand());
        out.append(" user=").append(state.user());
        out.append(" redir=-1 resp=").append(state.protocol());
    }

    private static String flags(Session session) {
        StringBuilder flags = new StringBuilder();
        if (session.isReplica()) {
            flags.append('S');
        }
        if (session.isPrimary()) {
            flags.append('M');
        }
        if (session.pushes().isSubscribed()) {
            flags.append('P');
        }
        if (session.state().queuedCommands() >= 0) {
            flags.append('x');
        }
        if (session.isSuspended() || session.isPostponed()) {
            flags.append('b');
        }
        if (session.isWatchBroken()) {
            flags.append('d');
        }
        if (session.isClosing()) {
            flags.append('c');
        }
        if (session.connection().unixSocket()) {
            flags.append('U');
        }
        if (session.state().readOnly()) {
            flags.append('r');
        }
        if (session.state().noEvict()) {
            flags.append('e');
        }
        return flags.length() == 0 ? "N" : flags.toString();
    }
}
