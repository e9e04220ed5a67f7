package dev.slotmesh.server.session;

import static dev.slotmesh.server.session.HeldConnection.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.commands.connection.ClientCommands;
import dev.slotmesh.server.commands.connection.ConnectionCommands;
import dev.slotmesh.server.commands.connection.Passwords;
import dev.slotmesh.server.commands.strings.StringCommands;
import dev.slotmesh.server.config.Configuration;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One client's session over a connection without a socket; afterwards no byte of memory may be held. */
final class SessionTest {
    private static final String HANDLER_FAILED = "-ERR internal error, see the server's log\r\n";

    private final Keyspace keyspace = new Keyspace(KeyspaceSettings.standalone(16, 1));
    private final List<HeldConnection> connections = new ArrayList<>();
    private final List<Suspension> suspensions = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private int abandoned;
    private Dispatcher dispatcher = dispatcher(SessionLimits.DEFAULT);

    @AfterEach
    void shouldHoldNothingAfterTheClientsHaveGone() {
        try {
            for (HeldConnection connection : connections) {
                connection.close();
                connection.runTasks();
                assertThat(connection.heldBytes()).isZero();
            }
            assertThat(dispatcher.clients().count()).isZero();
        } finally {
            keyspace.close();
        }
    }

    @Test
    void shouldAnswerAPipelineInOrder() {
        HeldConnection client = connect();
        StringBuilder pipeline = new StringBuilder();
        StringBuilder expected = new StringBuilder();

        for (int i = 100; i < 1100; i++) {
            pipeline.append(request("ECHO", "n" + i));
            String word = "n" + i;
            expected.append("$")
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        client.send(pipeline.toString());

        assertThat(client.take()).isEqualTo(expected.toString());
    }

    @Test
    void shouldAnswerTheSameWhereverTheRequestIsCut() {
        String requests = request("SET", "k", "a\r\nb") + "GET k\r\n" + request("GET", "k")
                + request("ECHO", "");
        String replies = "+OK\r\n$4\r\na\r\nb\r\n$4\r\na\r\nb\r\n$0\r\n\r\n";

        for (int cut = 0; cut <= requests.length(); cut++) {
            HeldConnection client = connect();
            client.send(requests.substring(0, cut));
            client.send(requests.substring(cut));
            assertThat(client.take()).as("cut at %d", cut).isEqualTo(replies);
        }
        HeldConnection slow = connect();
        for (char each : requests.toCharArray()) {
            slow.send(String.valueOf(each));
        }
        assertThat(slow.take()).as("byte by byte").isEqualTo(replies);
    }

    @Test
    void shouldKeepOrderBehindASuspendedCommand() {
        HeldConnection client = connect();

        client.send(request("PING") + request("DEBUG", "WAIT") + request("ECHO", "after"));
        assertThat(client.take()).isEqualTo("+PONG\r\n");
        assertThat(client.isReading()).isFalse();
        suspensions.get(0).resume(reply -> reply.simpleString("LATE"));
        suspensions.get(0).resume(reply -> reply.simpleString("TWICE"));

        assertThat(client.take()).isEqualTo("+LATE\r\n$5\r\nafter\r\n");
        assertThat(client.isReading()).isTrue();
    }

    @Test
    void shouldSuspendTwiceInOnePipeline() {
        HeldConnection client = connect();

        client.send(request("DEBUG", "1") + request("DEBUG", "2") + request("PING"));
        suspensions.get(0).resume(reply -> reply.integer(1));
        client.runTasks();
        suspensions.get(1).resume(reply -> reply.integer(2));

        assertThat(client.take()).isEqualTo(":1\r\n:2\r\n+PONG\r\n");
        assertThat(client.isReading()).isTrue();
    }

    @Test
    void shouldForgetASuspendedClientThatGoes() {
        HeldConnection client = connect();
        client.send(request("DEBUG", "WAIT") + request("ECHO", "never") + "*1\r\n$4\r\nhalf");

        client.close();
        client.runTasks();
        suspensions.get(0).resume(reply -> reply.simpleString("LATE"));
        client.runTasks();

        assertThat(abandoned).isEqualTo(1);
        assertThat(client.take()).isEmpty();
        assertThat(client.heldBytes()).isZero();
        assertThat(dispatcher.clients().count()).isZero();
    }

    @Test
    void shouldDropTheLateReplyThatClientReplySkipMeant() {
        HeldConnection client = connect();

        client.send(request("CLIENT", "REPLY", "SKIP")
                + request("DEBUG", "WAIT")
                + request("ECHO", "next"));
        suspensions.get(0).resume(reply -> reply.simpleString("LATE"));

        assertThat(client.take()).isEqualTo("$4\r\nnext\r\n");
    }

    @Test
    void shouldSkipOneReply() {
        HeldConnection client = connect();

        client.send(
                request("CLIENT", "REPLY", "SKIP") + request("ECHO", "1") + request("ECHO", "2"));

        assertThat(client.take()).isEqualTo("$1\r\n2\r\n");
    }

    @Test
    void shouldBeSilentUntilClientReplyOn() {
        HeldConnection client = connect();

        client.send(request("CLIENT", "REPLY", "OFF")
                + request("PING")
                + request("CLIENT", "REPLY", "SKIP")
                + request("NOSUCH")
                + request("CLIENT", "REPLY", "ON")
                + request("ECHO", "x"));

        assertThat(client.take()).isEqualTo("+OK\r\n$1\r\nx\r\n");
    }

    @Test
    void shouldPutOffEverythingWhilePausedButClient() {
        HeldConnection operator = connect();
        HeldConnection client = connect();
        operator.command("CLIENT", "PAUSE", "100000");

        client.send(request("CLIENT", "GETNAME") + request("GET", "k") + request("ECHO", "2"));
        assertThat(client.take()).isEqualTo("$-1\r\n");
        assertThat(client.isReading()).as("reading while paused").isFalse();
        operator.command("CLIENT", "UNPAUSE");

        assertThat(operator.take()).isEqualTo("+OK\r\n+OK\r\n");
        assertThat(client.take()).isEqualTo("$-1\r\n$1\r\n2\r\n");
        assertThat(client.isReading()).isTrue();
    }

    @Test
    void shouldPutOffOnlyWritesWhenToldSo() {
        HeldConnection operator = connect();
        HeldConnection client = connect();
        operator.command("CLIENT", "PAUSE", "100000", "WRITE");

        client.send(request("GET", "k") + request("SET", "k", "v") + request("GET", "k"));
        assertThat(client.take()).isEqualTo("$-1\r\n");
        operator.command("CLIENT", "UNPAUSE");

        assertThat(client.take()).isEqualTo("+OK\r\n$1\r\nv\r\n");
    }

    @Test
    void shouldAnswerEveryRequestOfABatchInWhichAPauseBegins() {
        int large = 300_000;
        HeldConnection operator = connect();
        HeldConnection client = connect();
        operator.command("SET", "large", "x".repeat(large));
        operator.command("SET", "due", "v", "PXAT", "1");
        operator.take();
        keyspace.removalLog((slot, entry, cause) -> dispatcher
                .pause()
                .start(
                        Pause.Purpose.CLIENT_PAUSE,
                        Pause.Kind.ALL,
                        System.currentTimeMillis() + 100_000));

        client.send(request("GET", "due")
                + request("GET", "large")
                + request("STRLEN", "large")
                + request("STRLEN", "none")
                + request("ECHO", "last"));
        assertThat(client.take().substring(5 + 9 + large + 2)).isEqualTo(":300000\r\n:0\r\n");
        operator.command("CLIENT", "UNPAUSE");

        assertThat(client.take()).isEqualTo("$4\r\nlast\r\n");
    }

    @Test
    void shouldNotMissAPauseThatEndsWhileARequestIsPutOff() {
        HeldConnection operator = connect();
        HeldConnection client = connect();
        operator.command("CLIENT", "PAUSE", "100000");
        client.whenNotReading(() -> dispatcher.pause().end(Pause.Purpose.CLIENT_PAUSE));

        client.send(request("SET", "k", "v") + request("GET", "k"));

        assertThat(client.take()).isEqualTo("+OK\r\n$1\r\nv\r\n");
        assertThat(client.isReading()).isTrue();
    }

    @Test
    void shouldNotReadAfterAPauseBehindASuspendedCommand() {
        HeldConnection operator = connect();
        HeldConnection client = connect();
        operator.command("CLIENT", "PAUSE", "100000");
        client.send(request("DEBUG", "WAIT"));

        operator.command("CLIENT", "UNPAUSE");
        client.runTasks();

        assertThat(client.isReading()).isFalse();
        suspensions.get(0).resume(ReplyEncoder::ok);
        assertThat(client.take()).isEqualTo("+OK\r\n");
        assertThat(client.isReading()).isTrue();
    }

    @Test
    void shouldHoldNothingOfAClientThatGoesWhilePaused() {
        HeldConnection operator = connect();
        HeldConnection client = connect();
        operator.command("CLIENT", "PAUSE", "100000");
        client.send(request("SET", "k", "v"));

        client.close();
        client.runTasks();
        operator.command("CLIENT", "UNPAUSE");
        operator.command("GET", "k");

        assertThat(client.heldBytes()).isZero();
        assertThat(operator.take()).isEqualTo("+OK\r\n+OK\r\n$-1\r\n");
    }

    @Test
    void shouldCloseAfterTheProtocolErrorIsSent() {
        HeldConnection client = connect();

        client.send(request("PING") + "*1\r\n!4\r\nPING\r\n" + request("PING"));

        assertThat(client.take())
                .isEqualTo("+PONG\r\n-ERR Protocol error: expected '$', got '!'\r\n");
        assertThat(client.isOpen()).isFalse();
        assertThat(events).containsExactly("protocol Protocol error: expected '$', got '!'");
    }

    @Test
    void shouldQuitAndExecuteNothingBehind() {
        HeldConnection client = connect();

        client.send(request("QUIT") + request("SET", "k", "v"));

        assertThat(client.take()).isEqualTo("+OK\r\n");
        assertThat(client.isOpen()).isFalse();
        HeldConnection other = connect();
        other.command("GET", "k");
        assertThat(other.take()).isEqualTo("$-1\r\n");
    }

    @Test
    void shouldLimitWhatAStrangerMaySend() {
        dispatcher.authenticationRequired(true);

        HeldConnection many = connect();
        many.send("*11\r\n");
        HeldConnection wide = connect();
        wide.send("*2\r\n$3\r\nGET\r\n$16385\r\n");
        HeldConnection plain = connect();
        plain.command("GET", "k");

        assertThat(many.take())
                .isEqualTo("-ERR Protocol error: unauthenticated multibulk length\r\n");
        assertThat(many.isOpen()).isFalse();
        assertThat(wide.take()).isEqualTo("-ERR Protocol error: unauthenticated bulk length\r\n");
        assertThat(wide.isOpen()).isFalse();
        assertThat(plain.take()).isEqualTo("-NOAUTH Authentication required.\r\n");
        assertThat(plain.isOpen()).isTrue();
    }

    @Test
    void shouldCloseAClientBeyondTheQueryBufferLimit() {
        dispatcher =
                dispatcher(new SessionLimits(1 << 20, 1000, new SessionLimits.Output(0, 0, 0), 1));
        HeldConnection client = connect();

        client.send("*2\r\n$4\r\nECHO\r\n$5000\r\n" + "x".repeat(900));
        assertThat(client.isOpen()).isTrue();
        client.send("x".repeat(200));

        assertThat(client.isOpen()).isFalse();
        assertThat(events).containsExactly("query buffer");
    }

    @Test
    void shouldCloseAtTheHardLimitAClientThatDoesNotRead() {
        dispatcher = dispatcher(
                new SessionLimits(1 << 20, 1 << 20, new SessionLimits.Output(100_000, 0, 0), 1));
        HeldConnection client = connect();
        client.peerReads(false);

        client.send(request("ECHO", "x".repeat(1000)).repeat(90));
        assertThat(client.isOpen()).isTrue();
        client.send(request("ECHO", "x".repeat(1000)).repeat(200));

        assertThat(client.isOpen()).isFalse();
        assertThat(events).containsExactly("output buffer");
    }

    @Test
    void shouldCloseAfterTheSoftLimitsTimeAClientThatDoesNotRead() {
        dispatcher = dispatcher(
                new SessionLimits(1 << 20, 1 << 20, new SessionLimits.Output(0, 1000, 50), 1));
        HeldConnection client = connect();
        client.peerReads(false);
        client.command("ECHO", "x".repeat(1000));
        assertThat(client.isOpen()).isTrue();

        Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(10)).until(() -> {
            client.session().reviewOutput();
            client.runTasks();
            return !client.isOpen();
        });

        assertThat(events).containsExactly("output buffer");
    }

    @Test
    void shouldForgiveAClientThatReadsBeforeTheSoftLimitsTime() {
        dispatcher = dispatcher(new SessionLimits(
                1 << 20, 1 << 20, new SessionLimits.Output(0, 1000, 1_000_000), 1));
        HeldConnection client = connect();
        client.peerReads(false);

        client.command("ECHO", "x".repeat(1000));
        client.peerReads(true);
        client.command("PING");

        assertThat(client.take()).endsWith("+PONG\r\n");
        assertThat(client.session().state().outputBytes()).isZero();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void shouldAnswerAMistakeOfTheServerWithAnErrorAndLive() {
        HeldConnection client = connect();

        client.send(request("TIME") + request("PING"));

        assertThat(client.take()).isEqualTo(HANDLER_FAILED + "+PONG\r\n");
        assertThat(client.isOpen()).isTrue();
        assertThat(events).containsExactly("internal time boom");
    }

    @Test
    void shouldRefuseAReplyThatNoBufferHolds() {
        ByteBuf out = Unpooled.directBuffer(64, 2048);
        try (NativeBuffer value = new NativeBuffer(2000)) {
            ReplyEncoder reply = new ReplyEncoder();
            reply.bind(out);
            ByteSpan bytes = value.put(new byte[2000]);

            Call.bulk(reply, bytes, 0, 500);
            assertThatThrownBy(() -> Call.bulk(reply, bytes, 0, 600))
                    .isSameAs(ErrorReply.REPLY_TOO_LONG);
        } finally {
            out.release();
        }
    }

    private HeldConnection connect() {
        HeldConnection connection = new HeldConnection(dispatcher);
        connections.add(connection);
        return connection;
    }

    private Dispatcher dispatcher(SessionLimits limits) {
        CommandBindings bindings = new CommandBindings();
        new ConnectionCommands(new Passwords(Configuration.of())).bind(bindings);
        new ClientCommands().bind(bindings);
        new StringCommands().bind(bindings);
        bindings.bind("debug", call -> {
            Suspension suspension = call.suspend();
            suspension.whenAbandoned(() -> abandoned++);
            suspensions.add(suspension);
        });
        bindings.bind("time", call -> {
            call.reply().array(2);
            throw new IllegalStateException("boom");
        });
        return new Dispatcher(bindings.table(), keyspace, null, limits, new Recorder());
    }

    private final class Recorder implements SessionEvents {
        @Override
        public ErrorReply refusal(Session session, CommandSpec spec) {
            return null;
        }

        @Override
        public void protocolError(Session session, String error) {
            events.add("protocol " + error);
        }

        @Override
        public void queryBufferExceeded(Session session) {
            events.add("query buffer");
        }

        @Override
        public void outputBufferExceeded(Session session, long pendingBytes) {
            events.add("output buffer");
        }

        @Override
        public void internalError(Session session, CommandSpec spec, Throwable error) {
            events.add("internal " + spec.name() + " " + error.getMessage());
        }
    }
}
