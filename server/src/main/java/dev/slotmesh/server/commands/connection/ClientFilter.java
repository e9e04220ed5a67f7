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
    /** Null for all. */
    private ClientKind kind;

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
            kind = ClientKind.named(call, value);
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
        return (kind == null || kind == ClientKind.of(session))
                && (id == 0 || session.id() == id)
                && (remote == null || session.connection().remoteAddress().equals(remote))
                && (local == null || session.connection().localAddress().equals(local))
                && !(skipMe && session == caller);
    }
}
