package dev.slotmesh.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.config.CommandLine.Result;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
    @TempDir
    Path directory;

    /** Arguments parted by {@code ~} that the real server refuses; the last lines it prints are the expected ones. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port",
                "--foo~bar",
                "--hz~abc",
                "--port~21302~21303",
                "--port~--hz~10",
                "--loglevel~--hz~10",
                "--cluster-enabled~yes~--cluster-enabled",
                "--loglevel~verbos",
                "--save~--hz~x",
                "--save~60~1~-~--hz~1x",
                "--save~10~--hz~x",
                "--save~~10~1",
                "--port 1x",
                "--hz~10~--port 1x",
                "--port~21302 ",
                "--foo=bar",
                "--foo.bar",
                "--rename-command~a",
                "--include",
                "--appendfsync~Always~--Hz~x",
                "--proc-title-template~{x}",
                "--appendfilename~",
                "--appenddirname~a/b",
                "--dbfilename~a/b",
                "--dir~",
                "--dir~/nonexistent",
                "--dir~/etc/hostname",
                "--shutdown-on-sigterm",
                "--notify-keyspace-events~KEQ",
                "--notify-keyspace-events",
                "--list-max-ziplist-entries~3~4",
                "--hz\nfoo",
                "-- hz~9x",
                "--port~1x~-",
                "-~--port~1x",
                "--replicaof~1",
                "--replicaof~a~99999999",
                "--bind~1~2~3~4~5~6~7~8~9~0~1~2~3~4~5~6~7~8",
                "--client-output-buffer-limit~normal~1~2",
                "--client-output-buffer-limit~x~1~2~3",
                "--client-output-buffer-limit~normal~1~2~3x",
                "--oom-score-adj-values~1~2~99999",
                "--unixsocketperm~999",
                "--unixsocketperm~1000",
                "--cluster-enabled~yes~--replicaof~127.0.0.1~1",
                "--requirepass~a\nb\u0001~--hz~x",
            })
    void shouldRefuseArgumentsInTheSameWords(String joined) throws Exception {
        List<String> arguments = List.of(joined.split("~", -1));

        Result ours = CommandLine.read(arguments, InputStream.nullInputStream());

        assertThat(ours).isInstanceOf(Result.Failed.class);
        assertThat(((Result.Failed) ours).text()).isEqualTo(fatal(arguments, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port 0\nfoo bar\n",
                "port 0\nsave \"x\n",
                "# c\n\n  hz  x  \r\nport 0",
                "hz 'x\\'y'\n",
                "hz \"\\x41\\n\"\n",
                "hz \"1\"2\n",
                "save 1\n",
                "HZ\t\"x\"",
                "rename-command a",
                "rename-command nosuch a",
                "rename-command get SET",
                "rename-command get a\nrename-command get b",
                "maxmemory 1tb\n",
            })
    void shouldRefuseFilesAndStandardInputInTheSameWords(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("redis.conf"), content);

        assertThat(read("", file.toString())).isInstanceOf(Result.Failed.class);
        assertThat(((Result.Failed) read("", file.toString())).text())
                .isEqualTo(fatal(List.of(file.toString()), ""));
        assertThat(((Result.Failed) read(content, "-")).text())
                .isEqualTo(fatal(List.of("-"), content));
        Path fine = Files.writeString(directory.resolve("fine.conf"), "port 0\n# no more\n");
        assertThat(((Result.Failed) read(content, fine.toString(), "--timeout", "3", "-")).text())
                .isEqualTo(fatal(List.of(fine.toString(), "--timeout", "3", "-"), content));
    }

    @Test
    void shouldReachTheSameValuesAsRedis() throws Exception {
        Path included = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(included.resolve("10.conf"), "timeout 1\nhz 20\n");
        Files.writeString(included.resolve("20.conf"), "timeout 2\n");
        Files.writeString(included.resolve(".30.conf"), "timeout 3\n");
        Path file = Files.writeString(
                directory.resolve("redis.conf"), """
                    # a comment
                    save 900 1
                    save 300 10
                    include %s/*.conf
                    include %s/nothing-*.conf
                    client-output-buffer-limit normal 1mb 2kb 3
                    client-output-buffer-limit replica 1gb 2 3
                    rename-command CONFIG CONFIG
                    slave-priority 50
                    MAXMEMORY 100MB
                    masterauth "a\\x41\\"b c"
                    masteruser 'it\\'s'
                    notify-keyspace-events ""
                    list-max-ziplist-value 3
                    latency-tracking-info-percentiles 50 99.95
                    shutdown-on-sigterm nosave force
                    unixsocketperm 700
                    """.formatted(included, included));
        List<String> arguments = List.of(
                "--maxmemory-clients",
                "5%",
                "--lfu-log-factor 7",
                "--hash-max-ziplist-entries",
                "9",
                "--lazyfree-lazy-expire",
                "YES");

        try (RedisOracle redis = RedisOracle.start(with(arguments, "--include", file.toString()));
                RespConnection client = redis.connect()) {
            Result ours = read("", with(arguments, "--include", file.toString()));

            assertThat(ours).isInstanceOf(Result.Ready.class);
            Configuration configuration = ((Result.Ready) ours).configuration();
            for (Directive<?> directive : Directives.all()) {
                if (!ConfigDifferentialTest.ADDITIONS.contains(directive.name())
                        && !List.of("port", "bind", "dir", "maxclients", "io-threads")
                                .contains(directive.name())) {
                    assertThat(client.call("CONFIG", "GET", directive.name()))
                            .as(directive.name())
                            .endsWith("\r\n" + configuration.text(directive) + "\r\n");
                }
            }
        }
    }

    @Test
    void shouldFollowTheFileWithTheCommandLine() throws Exception {
        Path file = Files.writeString(
                directory.resolve("redis.conf"), "port 7000\ncluster-enabled no\ndir " + directory);

        Configuration configuration =
                ready(file.toString(), "--port", "7001", "--cluster-enabled", "yes");

        assertThat(configuration.getInt(NetworkDirectives.PORT)).isEqualTo(7001);
        assertThat(configuration.get(ClusterDirectives.CLUSTER_ENABLED)).isTrue();
        assertThat(configuration.file()).contains(file);
        assertThat(configuration.path(ClusterDirectives.CLUSTER_CONFIG_FILE))
                .isEqualTo(directory.resolve("nodes.conf"));
    }

    @Test
    void shouldKeepWhatIsNotADirectiveOfConfigGet() throws Exception {
        Configuration configuration = ready(
                "--rename-command",
                "FLUSHALL",
                "",
                "--user",
                "alice",
                "on",
                ">secret",
                "--daemonize",
                "no",
                "--hz",
                "5");

        assertThat(configuration.renamedCommands())
                .containsExactly(new RenamedCommand("FLUSHALL", ""));
        assertThat(configuration.users()).containsExactly(List.of("alice", "on", ">secret"));
        assertThat(configuration.withoutMeaning()).containsExactly("daemonize");
        assertThat(configuration.file()).isEmpty();
    }

    @Test
    void shouldSayWhichFileCannotBeOpened() {
        Result missing = read("", directory.resolve("none.conf").toString());

        assertThat(missing)
                .isEqualTo(new Result.Failed("Fatal error, can't open config file '"
                        + directory.resolve("none.conf") + "': No such file or directory\n"));
    }

    @Test
    void shouldRefuseFilesThatIncludeThemselves() throws Exception {
        Path file = directory.resolve("loop.conf");
        Files.writeString(file, "include " + file);

        assertThat(((Result.Failed) read("", file.toString())).text())
                .contains("include one another too deeply");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v", "--version"})
    void shouldNoticeThatTheVersionIsAskedFor(String argument) {
        assertThat(read("", argument, "x")).isInstanceOf(Result.ShowVersion.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help"})
    void shouldNoticeThatHelpIsAskedFor(String argument) {
        assertThat(read("", argument)).isInstanceOf(Result.ShowHelp.class);
    }

    private static Configuration ready(String... arguments) {
        Result result = read("", arguments);
        assertThat(result).isInstanceOf(Result.Ready.class);
        return ((Result.Ready) result).configuration();
    }

    private static Result read(String standardInput, String... arguments) {
        return CommandLine.read(
                List.of(arguments),
                new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String[] with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(arguments);
        return all.toArray(new String[0]);
    }

    /** What the real server prints from its headline on, the version being ours. */
    private String fatal(List<String> arguments, String standardInput) throws Exception {
        Optional<String> printed = RedisOracle.output(directory, arguments, standardInput);
        assertThat(printed).isPresent();
        String text = printed.get();
        int headline = text.indexOf("\n*** FATAL CONFIG FILE ERROR");
        assertThat(headline).as("in <%s>", text).isNotNegative();
        return text.substring(headline)
                .replaceFirst("\\(Redis [0-9.]+\\)", "(Redis " + RedisVersion.NUMBER + ")");
    }
}
