package dev.slotmesh.server.commands.connection;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Session;

/** Which clients CLIENT KILL means: all conditions given must hold. */
final class ClientFilter {
    private static final ErrorReply BAD_ID =
            new ErrorReply("ERR client-id should be greater than 0");

    private long id;
    private String remote;
    private String local;
    private boolean onlyNormal;
    private boolean none;
    private boolean skipMe = true;

    private ClientFilter() {}

    /** The old form, CLIENT KILL addr: that client, be it the caller. */
    static ClientFilter ofAddress(String address) {
        ClientFilter filter = new ClientFilter();
        filter.remote = address;
        filter.skipMe = false;
        return filter;
    }

    /**
     * The form with options, from argument {@code first} on.
     *
     * @throws ErrorReply as Redis 7.0 words it
     */
    static ClientFilter of(Call call, int first) {
        if ((call.count() - first) % 2 != 0) {
            throw ErrorReply.SYNTAX;
        }
        ClientFilter filter = new ClientFilter();
        for (int i = first; i < call.count(); i += 2) {
            filter.option(call, i);
        }
        return filter;
    }

    private void option(Call call, int i) {
        int value = i + 1;
        if (call.is(i, "ID")) {
            id = call.integer(value, BAD_ID);
            if (id < 1) {
                throw BAD_ID;
            }
        } else if (call.is(i, "TYPE")) {
            boolean normal = isNormal(call, value);
            onlyNormal = normal;
            none |= !normal;
        } else if (call.is(i, "ADDR")) {
            remote = call.text(value);
        } else if (call.is(i, "LADDR")) {
            local = call.text(value);
        } else if (call.is(i, "USER")) {
            String user = call.text(value);
            if (!user.equals("default")) {
                throw new ErrorReply("ERR No such user '" + user + "'");
            }
        } else if (call.is(i, "SKIPME")) {
            skipMe = yes(call, value);
        } else {
            throw ErrorReply.SYNTAX;
        }
    }

    /**
     * Whether a type is {@code normal}; no client here is of another type yet.
     *
     * @throws ErrorReply when there is no such type
     */
    static boolean isNormal(Call call, int argument) {
        if (call.is(argument, "NORMAL")) {
            return true;
        }
        if (call.is(argument, "MASTER")
                || call.is(argument, "REPLICA")
                || call.is(argument, "SLAVE")
                || call.is(argument, "PUBSUB")) {
            return false;
        }
        throw new ErrorReply("ERR Unknown client type '" + call.text(argument) + "'");
    }

    private static boolean yes(Call call, int argument) {
        if (call.is(argument, "YES")) {
            return true;
        }
        if (call.is(argument, "NO")) {
            return false;
        }
        throw ErrorReply.SYNTAX;
    }

    boolean matches(Session session, Session caller) {
        return !none
                && (id == 0 || session.id() == id)
                && (remote == null || session.connection().remoteAddress().equals(remote))
                && (local == null || session.connection().localAddress().equals(local))
                && !(skipMe && session == caller);
    }
}
