package dev.slotmesh.server.commands.connection;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.config.RedisVersion;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ClientState;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/** PING, ECHO, QUIT, RESET, AUTH and HELLO. */
public final class ConnectionCommands {
    private static final ErrorReply NO_PASSWORD_SET = new ErrorReply(
            "ERR AUTH <password> called without any password configured for the default user. Are you sure your"
                    + " configuration is correct?");
    private static final ErrorReply WRONG_PASSWORD =
            new ErrorReply("WRONGPASS invalid username-password pair or user is disabled.");
    private static final ErrorReply HELLO_FIRST_AUTHENTICATE = new ErrorReply(
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass>"
                    + " option can be used to authenticate the client and select the RESP protocol version at the"
                    + " same time");

    private final Passwords passwords;

    public ConnectionCommands(Passwords passwords) {
        this.passwords = passwords;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("ping", this::ping)
                .bind("echo", this::echo)
                .bind("quit", this::quit)
                .bind("reset", this::reset)
                .bind("auth", this::auth)
                .bind("hello", this::hello);
    }

    private void ping(Call call) {
        if (call.count() > 2) {
            throw call.wrongArity();
        }
        if (call.session().pushes().isListeningOnly()) {
            call.reply().array(2);
            call.reply().bulk("pong");
            if (call.count() == 2) {
                call.replyBulk(call.span(1));
            } else {
                call.reply().bulk("");
            }
        } else if (call.count() == 2) {
            call.replyBulk(call.span(1));
        } else {
            call.reply().simpleString("PONG");
        }
    }

    private void echo(Call call) {
        call.replyBulk(call.span(1));
    }

    private void quit(Call call) {
        call.reply().ok();
        call.session().closeAfterReplies();
    }

    private void reset(Call call) {
        ClientState client = call.client();
        call.dispatcher().transactions().end(call.session());
        call.session().pushes().unsubscribe();
        client.asking(false);
        client.readOnly(false);
        client.database(0);
        client.name("");
        client.replyMode(ClientState.ReplyMode.ON);
        if (passwords.required()) {
            admit(call, false);
        }
        call.session().protocol(2);
        call.session().forgetAckWrites(call.dispatcher().ackWrites());
        call.reply().simpleString("RESET");
    }

    private void auth(Call call) {
        if (call.count() > 3) {
            throw ErrorReply.SYNTAX;
        }
        if (call.count() == 2 && !passwords.required()) {
            throw NO_PASSWORD_SET;
        }
        String user = call.count() == 3 ? call.text(1) : "default";
        authenticate(call, user, call.count() - 1);
        call.reply().ok();
    }

    private void authenticate(Call call, String user, int passwordArgument) {
        if (!passwords.accepts(user, call.bytes(passwordArgument))) {
            throw WRONG_PASSWORD;
        }
        admit(call, true);
    }

    private static void admit(Call call, boolean authenticated) {
        call.client().authenticated(authenticated);
        call.session().limits(call.dispatcher().requestLimits(authenticated));
    }

    private void hello(Call call) {
        int protocol = call.client().protocol();
        if (call.count() > 1) {
            protocol = (int) call.integer(
                    1, new ErrorReply("ERR Protocol version is not an integer or out of range"));
            if (protocol < 2 || protocol > 3) {
                throw new ErrorReply("NOPROTO unsupported protocol version");
            }
        }
        int name = helloOptions(call);
        if (!call.client().authenticated() && passwords.required()) {
            throw HELLO_FIRST_AUTHENTICATE;
        }
        if (name > 0) {
            call.client().name(ClientNames.checked(call.span(name)));
        }
        call.session().protocol(protocol);
        replyHello(call, protocol);
    }

    /** Carries out AUTH and finds SETNAME; returns the argument that is the name, or 0. */
    private int helloOptions(Call call) {
        int name = 0;
        for (int i = 2; i < call.count(); i++) {
            int following = call.count() - 1 - i;
            if (call.is(i, "AUTH") && following >= 2) {
                authenticate(call, call.text(i + 1), i + 2);
                i += 2;
            } else if (call.is(i, "SETNAME") && following >= 1) {
                name = i + 1;
                ClientNames.checked(call.span(name));
                i++;
            } else {
                throw new ErrorReply("ERR Syntax error in HELLO option '" + call.text(i) + "'");
            }
        }
        return name;
    }

    private static void replyHello(Call call, int protocol) {
        ReplyEncoder reply = call.reply();
        reply.map(7);
        reply.bulk("server");
        reply.bulk("redis");
        reply.bulk("version");
        reply.bulk(RedisVersion.NUMBER);
        reply.bulk("proto");
        reply.integer(protocol);
        reply.bulk("id");
        reply.integer(call.session().id());
        reply.bulk("mode");
        reply.bulk(call.clusterEnabled() ? "cluster" : "standalone");
        reply.bulk("role");
        reply.bulk("master");
        reply.bulk("modules");
        reply.array(0);
    }
}
