package dev.slotmesh.server.commands.connection;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Session;

/** What CLIENT LIST and CLIENT KILL know as a client's type. */
enum ClientKind {
    NORMAL,
    PRIMARY,
    REPLICA,
    /** Subscribed to some channel or pattern. */
    SUBSCRIBER;

    /**
     * The type that an argument names.
     *
     * @throws ErrorReply when there is no such type
     */
    static ClientKind named(Call call, int argument) {
        if (call.is(argument, "NORMAL")) {
            return NORMAL;
        }
        if (call.is(argument, "MASTER")) {
            return PRIMARY;
        }
        if (call.is(argument, "REPLICA") || call.is(argument, "SLAVE")) {
            return REPLICA;
        }
        if (call.is(argument, "PUBSUB")) {
            return SUBSCRIBER;
        }
        throw new ErrorReply("ERR Unknown client type '" + call.text(argument) + "'");
    }

    /** The type of a client. */
    static ClientKind of(Session session) {
        if (session.isPrimary()) {
            return PRIMARY;
        }
        if (session.isReplica()) {
            return REPLICA;
        }
        return session.pushes().isSubscribed() ? SUBSCRIBER : NORMAL;
    }
}
