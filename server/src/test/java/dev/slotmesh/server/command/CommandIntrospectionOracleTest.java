package dev.slotmesh.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The replies of the COMMAND family beside those of a real server of the version that the descriptions are of. */
final class CommandIntrospectionOracleTest {
    @AutoClose
    private static RedisOracle redis;

    @BeforeAll
    static void start() {
        redis = RedisOracle.start();
        assumeTrue(redis.isAtLeast(7, 0) && !redis.isAtLeast(7, 1), "the descriptions are of 7.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldDescribeEveryCommandAsTheRealServerDoes(int protocol) {
        try (RespConnection client = client(protocol)) {
            List<String> names =
                    CanonicalReply.sorted(AllCommands.decode(client.call("COMMAND", "LIST")));
            assertThat(names).containsExactlyInAnyOrderElementsOf(AllCommands.names());
            String[] words = words("INFO", names);

            List<Reply> expected = elements(client.call(words));
            List<Reply> actual = elements(AllCommands.call(protocol, words));

            assertThat(actual).hasSameSizeAs(names);
            for (int i = 0; i < names.size(); i++) {
                assertThat(CanonicalReply.of(actual.get(i)))
                        .as(names.get(i))
                        .isEqualTo(CanonicalReply.of(expected.get(i)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldDescribeCommandsWithoutNotesAndSubcommandsByteForByte(int protocol) {
        try (RespConnection client = client(protocol)) {
            for (CommandSpec command : everyCommand()) {
                boolean noted = command.keySpecs().stream().anyMatch(spec -> spec.notes() != null);
                if (!noted && !command.isContainer()) {
                    assertThat(AllCommands.call(protocol, "COMMAND", "INFO", command.name()))
                            .isEqualTo(client.call("COMMAND", "INFO", command.name()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldDocumentEveryCommandAsTheRealServerDoes(int protocol) {
        try (RespConnection client = client(protocol)) {
            for (CommandSpec command : everyCommand()) {
                Reply expected = AllCommands.decode(client.call("COMMAND", "DOCS", command.name()));
                Reply actual = AllCommands.decode(
                        AllCommands.call(protocol, "COMMAND", "DOCS", command.name()));

                assertThat(CanonicalReply.of(actual))
                        .as(command.name())
                        .isEqualTo(CanonicalReply.of(expected));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldAnswerAllCommandsWhenNoneIsNamed(int protocol) {
        try (RespConnection client = client(protocol)) {
            for (String[] words :
                    List.of(new String[] {"COMMAND"}, new String[] {"COMMAND", "INFO"})) {
                List<String> expected = canonical(elements(client.call(words)));
                List<String> actual = canonical(elements(AllCommands.call(protocol, words)));

                assertThat(actual).isEqualTo(expected);
            }
            assertThat(AllCommands.call(protocol, "COMMAND", "COUNT"))
                    .isEqualTo(client.call("COMMAND", "COUNT"));
            assertThat(head(AllCommands.call(protocol, "COMMAND", "DOCS")))
                    .isEqualTo(head(client.call("COMMAND", "DOCS")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldAnswerUnknownNamesAsTheRealServerDoes(int protocol) {
        try (RespConnection client = client(protocol)) {
            for (String name : List.of(
                    "nope",
                    "cluster|",
                    "cluster|meet|x",
                    "cluster|nope",
                    "get|x",
                    "|",
                    "",
                    "cluster meet",
                    "ge",
                    "gett",
                    "a-name-far-longer-than-any-command-has",
                    "\0et",
                    "g\u00e5t",
                    "zadd ")) {
                for (String form : List.of("INFO", "DOCS")) {
                    assertThat(AllCommands.call(protocol, "COMMAND", form, name))
                            .as(form + " " + name)
                            .isEqualTo(client.call("COMMAND", form, name));
                }
            }
            for (String name : List.of("Get", "CLUSTER|Meet", "GEORADIUSBYMEMBER_ro")) {
                assertThat(AllCommands.call(protocol, "COMMAND", "INFO", name, "nope"))
                        .isEqualTo(client.call("COMMAND", "INFO", name, "nope"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldListAndFilterAsTheRealServerDoes(int protocol) {
        List<String> categories = new ArrayList<>(AclCategories.names());
        categories.addAll(List.of("STRING", "Set", "@set", "nope", ""));
        Stream<String[]> filters = Stream.concat(
                categories.stream().map(category -> new String[] {"ACLCAT", category}),
                Stream.of(
                                "*",
                                "CLUSTER*",
                                "x[ar]*",
                                "*|help",
                                "G?T",
                                "get",
                                "",
                                "\\get",
                                "[^a-y]*",
                                "nope")
                        .map(pattern -> new String[] {"PATTERN", pattern}));
        try (RespConnection client = client(protocol)) {
            filters.forEach(filter -> {
                String[] words = {"COMMAND", "LIST", "FILTERBY", filter[0], filter[1]};

                assertThat(CanonicalReply.sorted(
                                AllCommands.decode(AllCommands.call(protocol, words))))
                        .as(String.join(" ", words))
                        .isEqualTo(CanonicalReply.sorted(AllCommands.decode(client.call(words))));
            });
            for (String line : List.of(
                    "LIST x",
                    "LIST FILTERBY",
                    "LIST FILTERBY MODULE",
                    "LIST FILTERBY MODULE x",
                    "LIST FILTERBY FOO x",
                    "LIST FILTERBY PATTERN get x",
                    "LIST filterby pattern get")) {
                String[] words = ("COMMAND " + line).split(" ");

                assertThat(AllCommands.call(protocol, words))
                        .as(line)
                        .isEqualTo(client.call(words));
            }
        }
    }

    @Test
    void shouldHelpWithTheSyntaxOfTheRealServer() {
        try (RespConnection client = client(2)) {
            List<String> expected = syntax(client.call("COMMAND", "HELP"));

            assertThat(syntax(AllCommands.call(2, "COMMAND", "HELP"))).isEqualTo(expected);
            assertThat(expected).hasSize(9);
        }
    }

    private static List<String> syntax(String help) {
        return help.lines()
                .filter(line -> line.startsWith("+") && !line.startsWith("+ "))
                .toList();
    }

    private static List<String> canonical(List<Reply> commands) {
        return commands.stream().map(CanonicalReply::of).sorted().toList();
    }

    private static List<Reply> elements(String reply) {
        return ((Reply.Array) AllCommands.decode(reply)).elements();
    }

    private static String head(String reply) {
        return reply.substring(0, reply.indexOf('\n'));
    }

    private static String[] words(String form, List<String> names) {
        return Stream.concat(Stream.of("COMMAND", form), names.stream()).toArray(String[]::new);
    }

    private static List<CommandSpec> everyCommand() {
        return AllCommands.names().stream().map(AllCommands.TABLE::find).toList();
    }

    private static RespConnection client(int protocol) {
        RespConnection client = redis.connect();
        client.call("HELLO", Integer.toString(protocol));
        return client;
    }
}
