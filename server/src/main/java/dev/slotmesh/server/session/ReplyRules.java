package dev.slotmesh.server.session;

import dev.slotmesh.server.command.CommandSpec;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;

/** What becomes of a command's reply once it is written: counted, and sent or dropped. On the session's thread. */
final class ReplyRules {
    private ReplyRules() {}

    /** Replaces what the command has written so far by an error. */
    static void fail(Session session, CommandSpec spec, int start, String text) {
        session.reply().buffer().writerIndex(start);
        session.reply().error(text);
        session.worker().statistics().failed(spec.index());
    }

    /** As {@link #finish} for one reply of many: CLIENT REPLY SKIP is for EXEC as a whole. */
    static void finishQueued(Session session, int start) {
        session.worker().statistics().reply(session.output(), start);
        if (session.isPrimary()) {
            dropOfPrimary(session, start);
        } else if (session.slotImport() != null) {
            dropOfImport(session, start);
        }
        boolean unanswered = session.transaction().isUnanswered()
                || session.state().replyMode() == ClientState.ReplyMode.OFF;
        if (unanswered) {
            session.output().writerIndex(Math.max(start, session.out().kept()));
        }
    }

    /** EXEC has been answered: a SKIP that held for it is spent, one that was set by it is for the next command. */
    static void transactionAnswered(Session session, boolean unanswered) {
        ClientState state = session.state();
        if (unanswered && state.replyMode() == ClientState.ReplyMode.SKIP_NEXT) {
            state.replyMode(ClientState.ReplyMode.ON);
        } else if (state.replyMode() == ClientState.ReplyMode.SKIP) {
            state.replyMode(ClientState.ReplyMode.SKIP_NEXT);
        }
    }

    /** Counts an error reply and applies CLIENT REPLY to what was written since {@code start}. */
    static void finish(Session session, int start) {
        session.worker().statistics().reply(session.output(), start);
        ClientState state = session.state();
        if (session.isPrimary()) {
            dropOfPrimary(session, start);
        } else if (session.slotImport() != null) {
            dropOfImport(session, start);
        } else if (state.replyMode() != ClientState.ReplyMode.ON) {
            dropReply(state, session.output(), Math.max(start, session.out().kept()));
        }
    }

    private static void dropReply(ClientState state, ByteBuf output, int start) {
        output.writerIndex(start);
        switch (state.replyMode()) {
            case SKIP -> state.replyMode(ClientState.ReplyMode.SKIP_NEXT);
            case SKIP_NEXT -> state.replyMode(ClientState.ReplyMode.ON);
            default -> {
                // OFF stays until CLIENT REPLY ON.
            }
        }
    }

    /** A primary gets no reply; an error is told to the node. */
    private static void dropOfPrimary(Session session, int start) {
        String error = errorFrom(session, start);
        if (error != null) {
            session.worker().refusedPrimary(session, error);
        }
        session.output().writerIndex(start);
    }

    /** Who hands slots over gets no reply but to what steers that; an error is the end. */
    private static void dropOfImport(Session session, int start) {
        String error = errorFrom(session, start);
        boolean answers = session.takeSteering();
        if (error != null) {
            session.slotImport().failed(session.state().lastCommand(), error);
            session.closeAfterReplies();
        } else if (!answers) {
            session.output().writerIndex(start);
        }
    }

    /** The error that was written from there on, without the dash and the line's end; null when it is none. */
    private static String errorFrom(Session session, int start) {
        ByteBuf replies = session.output();
        return replies.writerIndex() > start && replies.getByte(start) == '-'
                ? replies.toString(
                        start + 1, replies.writerIndex() - start - 3, StandardCharsets.ISO_8859_1)
                : null;
    }
}
