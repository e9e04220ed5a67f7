package dev.slotmesh.server.commands.connection;

import dev.slotmesh.server.session.AckWrites;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ClientState;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.HelpReply;
import dev.slotmesh.server.session.Pause;
import dev.slotmesh.server.session.Session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** CLIENT and its subcommands, as far as clients of one kind need them. */
public final class ClientCommands {
    private static final ErrorReply BAD_ID = new ErrorReply("ERR Invalid client ID");

    public void bind(CommandBindings bindings) {
        bindings.bind("client|id", call -> call.reply().integer(call.session().id()))
                .bind("client|getname", this::getName)
                .bind("client|setname", this::setName)
                .bind("client|list", this::list)
                .bind("client|info", this::info)
                .bind("client|kill", this::kill)
                .bind("client|reply", this::reply)
                .bind("client|no-evict", this::noEvict)
                .bind("client|ack-writes", this::ackWrites)
                .bind("client|pause", this::pause)
                .bind("client|unblock", this::unblock)
                .bind("client|unpause", this::unpause)
                .bind("client|help", this::help);
    }

    private void getName(Call call) {
        String name = call.client().name();
        if (name.isEmpty()) {
            call.reply().nullBulk();
        } else {
            call.reply().bulk(name);
        }
    }

    private void setName(Call call) {
        call.client().name(ClientNames.checked(call.span(2)));
        call.reply().ok();
    }

    private void info(Call call) {
        StringBuilder line = new StringBuilder();
        ClientLines.append(line, call.session(), call.nowMs());
        call.reply().verbatim("txt", line.append('\n'));
    }

    private void list(Call call) {
        Stream<Session> chosen;
        if (call.count() == 2) {
            chosen = call.clients().all().stream();
        } else if (call.count() == 4 && call.is(2, "TYPE")) {
            ClientKind kind = ClientKind.named(call, 3);
            chosen = call.clients().all().stream().filter(each -> ClientKind.of(each) == kind);
        } else if (call.count() > 3 && call.is(2, "ID")) {
            chosen = byIds(call).stream();
        } else {
            throw ErrorReply.SYNTAX;
        }
        StringBuilder lines = new StringBuilder();
        chosen.sorted(Comparator.comparingLong(Session::id)).forEach(session -> {
            ClientLines.append(lines, session, call.nowMs());
            lines.append('\n');
        });
        call.reply().verbatim("txt", lines);
    }

    private static List<Session> byIds(Call call) {
        List<Session> found = new ArrayList<>();
        for (int i = 3; i < call.count(); i++) {
            Session session = call.clients().find(call.integer(i, BAD_ID));
            if (session != null) {
                found.add(session);
            }
        }
        return found;
    }

    private void kill(Call call) {
        boolean oldForm = call.count() == 3;
        ClientFilter filter =
                oldForm ? ClientFilter.ofAddress(call.text(2)) : ClientFilter.of(call, 2);
        int killed = 0;
        for (Session session : call.clients().all()) {
            if (filter.matches(session, call.session())) {
                killed++;
                if (session == call.session()) {
                    session.closeAfterReplies();
                } else {
                    session.closeFromAnywhere();
                }
            }
        }
        if (!oldForm) {
            call.reply().integer(killed);
        } else if (killed > 0) {
            call.reply().ok();
        } else {
            throw new ErrorReply("ERR No such client");
        }
    }

    private void reply(Call call) {
        ClientState client = call.client();
        if (call.is(2, "ON")) {
            client.replyMode(ClientState.ReplyMode.ON);
            call.reply().ok();
        } else if (call.is(2, "OFF")) {
            client.replyMode(ClientState.ReplyMode.OFF);
        } else if (call.is(2, "SKIP")) {
            if (client.replyMode() == ClientState.ReplyMode.ON) {
                client.replyMode(ClientState.ReplyMode.SKIP);
            }
        } else {
            throw ErrorReply.SYNTAX;
        }
    }

    private void noEvict(Call call) {
        if (call.is(2, "ON")) {
            call.client().noEvict(true);
        } else if (call.is(2, "OFF")) {
            call.client().noEvict(false);
        } else {
            throw ErrorReply.SYNTAX;
        }
        call.reply().ok();
    }

    /** Beyond Redis: how many replicas must have a write of this connection before it is answered. */
    private void ackWrites(Call call) {
        long replicas = call.integer(2);
        if (replicas < 0 || replicas > Integer.MAX_VALUE) {
            throw ErrorReply.NOT_AN_INTEGER;
        }
        call.session()
                .ownAckWrites(new AckWrites(
                        (int) replicas, call.dispatcher().ackWrites().timeoutMs()));
        call.reply().ok();
    }

    private void pause(Call call) {
        Pause.Kind kind = Pause.Kind.ALL;
        if (call.count() == 4) {
            if (call.is(3, "WRITE")) {
                kind = Pause.Kind.WRITES;
            } else if (!call.is(3, "ALL")) {
                throw new ErrorReply("ERR CLIENT PAUSE mode must be WRITE or ALL");
            }
        } else if (call.count() > 4) {
            throw new ErrorReply("ERR unknown subcommand or wrong number of arguments for '"
                    + call.text(1) + "'. Try CLIENT HELP.");
        }
        long durationMs =
                call.integer(2, new ErrorReply("ERR timeout is not an integer or out of range"));
        if (durationMs < 0) {
            throw new ErrorReply("ERR timeout is negative");
        }
        if (durationMs > Long.MAX_VALUE - call.nowMs()) {
            throw new ErrorReply("ERR timeout is out of range");
        }
        call.dispatcher()
                .pause()
                .start(Pause.Purpose.CLIENT_PAUSE, kind, call.nowMs() + durationMs);
        call.reply().ok();
    }

    private void unpause(Call call) {
        if (call.dispatcher().pause().end(Pause.Purpose.CLIENT_PAUSE)) {
            call.dispatcher().resumePaused();
        }
        call.reply().ok();
    }

    private void unblock(Call call) {
        if (call.count() > 4) {
            throw new ErrorReply("ERR unknown subcommand or wrong number of arguments for '"
                    + call.text(1) + "'. Try CLIENT HELP.");
        }
        boolean withError = call.count() == 4 && call.is(3, "ERROR");
        if (call.count() == 4 && !withError && !call.is(3, "TIMEOUT")) {
            throw new ErrorReply("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
        }
        Session target = call.clients().find(call.integer(2));
        boolean ended = target != null && call.dispatcher().unblock(target, withError);
        call.reply().integer(ended ? 1 : 0);
    }

    private void help(Call call) {
        HelpReply.write(
                call,
                "ACK-WRITES <replicas>",
                "    Answer writes of this connection when so many replicas have them; 0: at once.",
                "GETNAME",
                "    The name of this connection.",
                "ID",
                "    The number of this connection.",
                "INFO",
                "    A line about this connection.",
                "KILL <ip:port>",
                "    Close the connection from that address.",
                "KILL <option> <value> [<option> <value> [...]]",
                "    Close connections. Options are:",
                "    * ADDR (<ip:port>|<unixsocket>:0)",
                "      Those from the address.",
                "    * LADDR (<ip:port>|<unixsocket>:0)",
                "      Those to the local address.",
                "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
                "      Those of a type.",
                "    * USER <username>",
                "      Those of a user.",
                "    * SKIPME (YES|NO)",
                "      Spare this connection (default: yes).",
                "LIST [options ...]",
                "    A line about each connection. Options:",
                "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
                "      Only those of a type.",
                "UNPAUSE",
                "    End a pause.",
                "PAUSE <timeout> [WRITE|ALL]",
                "    Put off all commands, or only writes, for <timeout> milliseconds.",
                "REPLY (ON|OFF|SKIP)",
                "    Choose which replies this connection gets.",
                "SETNAME <name>",
                "    Name this connection.",
                "NO-EVICT (ON|OFF)",
                "    Spare this connection when clients are evicted.",
                "UNBLOCK <clientid> [TIMEOUT|ERROR]",
                "    End a connection's wait for keys.");
    }
}
