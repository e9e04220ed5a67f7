package dev.slotmesh.server.commands.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.command.AllCommands;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.session.CommandHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands about connections and the server, and what is wrong with requests, answered byte for byte as redis-server 7.0 does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConnectionDifferentialTest {
    /** One conversation; words split at spaces, {@code ''} is an empty word, a quoted word comes last. */
    private static final String[] CONVERSATION = """
            PING
            PING hello
            PING a b
            ECHO x
            ECHO
            ECHO a b
            CLIENT GETNAME
            CLIENT SETNAME me
            CLIENT GETNAME
            CLIENT SETNAME ''
            CLIENT GETNAME
            CLIENT SETNAME
            CLIENT SETNAME a b
            CLIENT SETNAME a\u0001b
            CLIENT SETNAME a\u00e9
            CLIENT
            CLIENT NOSUCH
            CLIENT NOSUCH a b
            client getname
            CLIENT ID x
            CLIENT REPLY
            CLIENT REPLY MAYBE
            CLIENT REPLY ON
            CLIENT REPLY ON x
            CLIENT NO-EVICT
            CLIENT NO-EVICT ON
            CLIENT NO-EVICT off
            CLIENT NO-EVICT x
            CLIENT LIST TYPE
            CLIENT LIST TYPE nosuch
            CLIENT LIST TYPE master
            CLIENT LIST TYPE pubsub
            CLIENT LIST TYPE replica
            CLIENT LIST ID
            CLIENT LIST ID x
            CLIENT LIST ID 123456789
            CLIENT LIST ID 1 x
            CLIENT LIST NOSUCH
            CLIENT LIST ID 0
            CLIENT LIST ID -1
            CLIENT KILL
            CLIENT KILL 127.0.0.1:1
            CLIENT KILL nosuch
            CLIENT KILL ID
            CLIENT KILL ID x
            CLIENT KILL ID 0
            CLIENT KILL ID -1
            CLIENT KILL ID 12345678
            CLIENT KILL ID 12345678 SKIPME
            CLIENT KILL ID 12345678 SKIPME x
            CLIENT KILL ID 12345678 SKIPME no
            CLIENT KILL TYPE nosuch
            CLIENT KILL TYPE master
            CLIENT KILL TYPE slave SKIPME yes
            CLIENT KILL TYPE pubsub
            CLIENT KILL ADDR 127.0.0.1:1
            CLIENT KILL LADDR 127.0.0.1:1
            CLIENT KILL USER nosuch
            CLIENT KILL USER default ADDR 127.0.0.1:1
            CLIENT KILL NOSUCH 1
            CLIENT KILL ID 12345678 x
            CLIENT PAUSE
            CLIENT PAUSE x
            CLIENT PAUSE -1
            CLIENT PAUSE 0
            CLIENT PAUSE 0 WRITE
            CLIENT PAUSE 0 READ
            CLIENT PAUSE 0 WRITE x
            CLIENT UNPAUSE
            CLIENT UNPAUSE x
            CLIENT INFO x
            SELECT 5
            RESET x
            RESET
            PING
            AUTH
            AUTH x
            AUTH default x
            AUTH nosuch x
            AUTH a b c
            HELLO 1
            HELLO 4
            HELLO x
            HELLO 3 NOSUCH
            HELLO 3 AUTH
            HELLO 3 AUTH x
            HELLO 3 SETNAME
            HELLO 3 AUTH nosuch x
            HELLO 2 SETNAME a\u0001b
            HELLO 2 NOSUCH x
            TIME x
            COMMAND COUNT x
            COMMAND NOSUCH
            COMMAND GETKEYS
            COMMAND GETKEYS PING
            COMMAND GETKEYS NOSUCH a
            COMMAND GETKEYS SET a
            COMMAND GETKEYS SET a b
            COMMAND LIST FILTERBY
            COMMAND LIST FILTERBY x y
            COMMAND INFO nosuch
            COMMAND DOCS nosuch
            CONFIG
            CONFIG NOSUCH
            CONFIG GET
            CONFIG GET nosuch
            CONFIG GET maxclients
            CONFIG GET maxclients maxclients
            CONFIG GET client-output-buffer-limit
            CONFIG SET
            CONFIG SET timeout
            CONFIG SET timeout 1 hz
            CONFIG SET timeout x
            CONFIG SET timeout -1
            CONFIG SET nosuch x
            CONFIG SET timeout 0 nosuch x
            CONFIG SET timeout 0 timeout 0
            CONFIG SET cluster-enabled yes
            CONFIG SET port 1 port 2
            CONFIG SET maxmemory-policy nosuch
            CONFIG SET client-output-buffer-limit nosuch
            CONFIG SET client-output-buffer-limit "normal 0 0"
            CONFIG SET timeout 0
            CONFIG RESETSTAT x
            CONFIG RESETSTAT
            CONFIG REWRITE x
            CONFIG REWRITE
            DEBUG
            DEBUG NOSUCH
            DEBUG SLEEP
            DEBUG SLEEP 0
            DEBUG SLEEP 0.001
            DEBUG SLEEP x
            DEBUG OBJECT nosuch
            DEBUG OBJECT
            DEBUG SET-ACTIVE-EXPIRE 1
            DEBUG SET-ACTIVE-EXPIRE
            INFO nosuch
            MEMORY
            MEMORY NOSUCH
            MEMORY USAGE
            MEMORY USAGE nosuch
            MEMORY USAGE nosuch SAMPLES
            MEMORY USAGE nosuch SAMPLES x
            MEMORY USAGE nosuch SAMPLES -1
            MEMORY USAGE nosuch SAMPLES 5
            NOSUCH
            NOSUCH a b c
            '' a
            NOSUCH ''
            SHUTDOWN nosuch
            SHUTDOWN NOSAVE SAVE
            SHUTDOWN ABORT
            SHUTDOWN ABORT NOW
            CLUSTER INFO
            CLUSTER
            READONLY
            ASKING
            SELECT x
            SELECT 16
            SELECT -1
            QUIT
            """.split("\n");

    /**
     * What is no command, or not quite. Not here, as this node is meant to differ: more than 1,048,576 arguments, lines of
     * more than 64 KiB that arrive whole, and NUL in an inline command, after which Redis 7.0 does not go on.
     */
    private static final String[] BROKEN = {
        "*x\r\n",
        "*-5\r\nPING\r\n",
        "*0\r\nPING\r\n",
        "*9999999999999999999\r\n",
        "*1\r\n!4\r\n",
        "*1\r\n$x\r\n",
        "*1\r\n$-1\r\n",
        "*1\r\n$536870913\r\n",
        "*1\r\n$99999999999999999999\r\n",
        "*1\r\n\r\n",
        "PING 'a\r\n",
        "PING \"a\r\n",
        "PING \"a\"b\r\n",
        "PING 'a b'\r\n",
        "PING \"a\\x41\\n\"\r\n",
        "  PING  \r\n",
        "\r\n\r\nPING\r\n",
        "PING\n",
    };

    @AutoClose
    private RedisOracle redis;

    @AutoClose
    private Node node;

    @BeforeAll
    void start() throws Exception {
        redis = RedisOracle.start("--enable-debug-command", "yes");
        Assumptions.assumeTrue(
                redis.isAtLeast(7, 0), "the replies of redis-server 7.0 are compared");
        node = EmbeddedNode.start("--enable-debug-command", "yes");
    }

    @ParameterizedTest(name = "RESP{0}")
    @ValueSource(ints = {2, 3})
    void shouldAnswerAsRedisDoes(int protocol) {
        SoftAssertions differences = new SoftAssertions();
        try (RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = redis.connect()) {
            for (String line : CONVERSATION) {
                String[] words = words(line);
                if (words[0].equals("PING") || words[0].equals("CLIENT")) {
                    ours.call("HELLO", Integer.toString(protocol));
                    theirs.call("HELLO", Integer.toString(protocol));
                }
                differences.assertThat(ours.call(words)).as(line).isEqualTo(theirs.call(words));
            }
            assertThat(ours.isClosedByPeer()).isTrue();
        }
        differences.assertAll();
    }

    @Test
    void shouldAnswerHelloWithTheSameFields() {
        for (String[] hello : new String[][] {
            {"HELLO"}, {"HELLO", "3"}, {"HELLO", "2"}, {"HELLO", "3", "SETNAME", "n"}
        }) {
            try (RespConnection ours = RespConnection.to(node.port());
                    RespConnection theirs = redis.connect()) {
                assertThat(ours.call(hello).replaceAll(":\\d+\r\n\\$4", ":ID\r\n\\$4"))
                        .isEqualTo(theirs.call(hello).replaceAll(":\\d+\r\n\\$4", ":ID\r\n\\$4"));
                assertThat(ours.call("CLIENT", "GETNAME"))
                        .isEqualTo(theirs.call("CLIENT", "GETNAME"));
            }
        }
    }

    @Test
    void shouldRefuseAWrongNumberOfArgumentsOfEveryCommand() {
        CommandTable<CommandHandler> table = node.dispatcher().table();
        SoftAssertions differences = new SoftAssertions();
        int compared = 0;
        try (RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = redis.connect()) {
            for (int i = 0; i < table.size(); i++) {
                CommandSpec spec = table.at(i);
                if (AllCommands.ADDITIONS.contains(spec.name())) {
                    continue;
                }
                for (String[] words : wrongForms(spec)) {
                    differences
                            .assertThat(ours.call(words))
                            .as(String.join(" ", words))
                            .isEqualTo(theirs.call(words));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
        differences.assertAll();
    }

    /** The command's name with no, one too few and one too many arguments, as far as they are wrong. */
    private static List<String[]> wrongForms(CommandSpec spec) {
        List<String> name = List.of(spec.name().split("\\|"));
        List<String[]> forms = new ArrayList<>();
        for (int count = name.size(); count <= 12; count++) {
            if (!spec.acceptsArgumentCount(count) && !spec.isContainer()) {
                List<String> words = new ArrayList<>(name);
                while (words.size() < count) {
                    words.add("1");
                }
                forms.add(words.toArray(String[]::new));
            }
        }
        if (spec.isContainer()) {
            if (!spec.name().equals("command")) {
                forms.add(new String[] {spec.name()});
            }
            forms.add(new String[] {spec.name(), "nosuch"});
            forms.add(new String[] {spec.name(), "x".repeat(200), "a"});
        }
        return forms;
    }

    @Test
    void shouldQuoteUnknownCommandsAsRedisDoes() {
        SoftAssertions differences = new SoftAssertions();
        try (RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = redis.connect()) {
            for (int length : new int[] {1, 20, 127, 128, 129, 200}) {
                String word = "w".repeat(length);
                for (String[] words : new String[][] {
                    {word},
                    {"no", word},
                    {"no", word, word},
                    {"no", "a", word, "b"},
                    {"no\r\nsuch", "a\nb"}
                }) {
                    differences
                            .assertThat(ours.call(words))
                            .as("%d words of %d", words.length, length)
                            .isEqualTo(theirs.call(words));
                }
            }
        }
        differences.assertAll();
    }

    @Test
    void shouldAnswerBrokenAndInlineRequestsAsRedisDoes() {
        SoftAssertions differences = new SoftAssertions();
        for (String request : BROKEN) {
            byte[] bytes = (request + "\r\nQUIT\r\n").getBytes(StandardCharsets.ISO_8859_1);
            try (RespConnection ours = RespConnection.to(node.port());
                    RespConnection theirs = redis.connect()) {
                ours.send(bytes);
                theirs.send(bytes);
                differences
                        .assertThat(everything(ours))
                        .as(request.substring(0, Math.min(30, request.length())))
                        .isEqualTo(everything(theirs));
            }
        }
        differences.assertAll();
    }

    /** All replies until the server closes. */
    private static String everything(RespConnection connection) {
        StringBuilder all = new StringBuilder();
        while (!connection.isClosedByPeer()) {
            all.append(connection.readReplyText());
        }
        return all.toString();
    }

    @Test
    void shouldGuardTheDoorAsRedisDoes() throws Exception {
        String[] lines = """
                GET k
                PING
                CLIENT ID x
                NOSUCH
                GET
                HELLO
                HELLO 3
                HELLO 3 AUTH default wrong
                HELLO x AUTH default secret
                AUTH wrong
                AUTH nosuch secret
                AUTH default wrong
                AUTH a b c
                RESET
                AUTH secret
                PING
                AUTH default secret
                AUTH wrong
                PING
                RESET
                PING
                HELLO 2 AUTH default secret SETNAME a\u0001
                PING
                CLIENT GETNAME
                QUIT
                """.split("\n");
        SoftAssertions differences = new SoftAssertions();
        try (RedisOracle guarded = RedisOracle.start("--requirepass", "secret");
                Node guardedNode = EmbeddedNode.start("--requirepass", "secret");
                RespConnection ours = RespConnection.to(guardedNode.port());
                RespConnection theirs = guarded.connect()) {
            for (String line : lines) {
                differences
                        .assertThat(ours.call(words(line)))
                        .as(line)
                        .isEqualTo(theirs.call(words(line)));
            }
        }
        differences.assertAll();
    }

    @Test
    void shouldDescribeClientsWithRedissFields() {
        try (RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = redis.connect()) {
            for (String form : new String[] {"INFO", "LIST"}) {
                String mine = ours.call("CLIENT", form);
                assertThat(fieldNames(mine)).isEqualTo(fieldNames(theirs.call("CLIENT", form)));
                assertThat(mine).contains("cmd=client|" + form.toLowerCase(java.util.Locale.ROOT));
            }
        }
    }

    private static List<String> fieldNames(String reply) {
        String line = reply.split("\n")[1];
        return Arrays.stream(line.split(" "))
                .map(f -> f.substring(0, f.indexOf('=')))
                .toList();
    }

    @Test
    void shouldKillTheClientMeant() {
        try (RespConnection operator = RespConnection.to(node.port());
                RespConnection byId = RespConnection.to(node.port());
                RespConnection byAddress = RespConnection.to(node.port());
                RespConnection byOldForm = RespConnection.to(node.port())) {
            String id = byId.call("CLIENT", "ID").substring(1).trim();
            byAddress.call("PING");
            byOldForm.call("PING");

            assertThat(operator.call("CLIENT", "KILL", "ID", id)).isEqualTo(":1\r\n");
            assertThat(operator.call(
                            "CLIENT", "KILL", "ADDR", "127.0.0.1:" + byAddress.localPort()))
                    .isEqualTo(":1\r\n");
            assertThat(operator.call("CLIENT", "KILL", "127.0.0.1:" + byOldForm.localPort()))
                    .isEqualTo("+OK\r\n");

            assertThat(byId.isClosedByPeer()).isTrue();
            assertThat(byAddress.isClosedByPeer()).isTrue();
            assertThat(byOldForm.isClosedByPeer()).isTrue();
            String self = operator.call("CLIENT", "ID").substring(1).trim();
            assertThat(operator.call("CLIENT", "KILL", "ID", self, "SKIPME", "no"))
                    .isEqualTo(":1\r\n");
            assertThat(operator.isClosedByPeer()).isTrue();
        }
    }

    private static String[] words(String line) {
        if (line.endsWith("\"")) {
            int quote = line.indexOf('"');
            String[] words = line.substring(0, quote).split(" ");
            String[] all = Arrays.copyOf(words, words.length + 1);
            all[words.length] = line.substring(quote + 1, line.length() - 1);
            return all;
        }
        return Arrays.stream(line.split(" "))
                .map(word -> word.equals("''") ? "" : word)
                .toArray(String[]::new);
    }
}
