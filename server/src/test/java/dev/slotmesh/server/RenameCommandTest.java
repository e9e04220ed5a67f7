package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines {@code rename-command}, whose whole point is that the old name is gone. */
@Timeout(60)
final class RenameCommandTest {
    private static final String SECRET = "b840fc02d524045429941cc15f59e41cb7be6c52";

    @Test
    void shouldAnswerToTheNewNameAlone() throws Exception {
        List<String> directives = List.of(
                "--rename-command",
                "GET",
                "Fetch",
                "--rename-command",
                "fetch",
                "read",
                "--rename-command",
                "CLIENT",
                "cli",
                "--rename-command",
                "CONFIG",
                SECRET);
        try (Node node = start(directives);
                RedisOracle redis = RedisOracle.start(directives.toArray(String[]::new));
                RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = RespConnection.to(redis.port())) {
            for (String line : List.of(
                    "SET k v",
                    "GET k",
                    "FETCH k",
                    "read k",
                    "READ",
                    "COMMAND INFO get",
                    "COMMAND GETKEYS read k",
                    "COMMAND GETKEYS get k",
                    "CLIENT GETNAME",
                    "CLI GETNAME",
                    "CLI NOSUCH",
                    "CONFIG GET port",
                    SECRET.toUpperCase(java.util.Locale.ROOT) + " GET maxclients",
                    SECRET + "0 GET maxclients")) {
                assertThat(ours.call(line.split(" ")))
                        .as(line)
                        .isEqualTo(theirs.call(line.split(" ")));
            }
            assertThat(ours.call("READ", "k")).isEqualTo("$1\r\nv\r\n");
            assertThat(ours.call("GET", "k")).startsWith("-ERR unknown command");
            assertThat(ours.call("INFO", "commandstats")).contains("cmdstat_get:calls=2,");
        }
    }

    @Test
    void shouldDisableACommandThatWorksHereAndOneThatDoesNot() throws Exception {
        try (Node node = start(List.of("--rename-command", "FLUSHALL", ""));
                Node plain = start(List.of("--rename-command", "MODULE", ""));
                RespConnection client = RespConnection.to(node.port());
                RespConnection other = RespConnection.to(plain.port())) {
            client.call("SET", "k", "v");

            assertThat(client.call("FLUSHALL"))
                    .isEqualTo("-ERR unknown command 'FLUSHALL', with args beginning with: \r\n");
            assertThat(client.call("DBSIZE")).isEqualTo(":1\r\n");
            assertThat(count(client)).isEqualTo(count(other) - 1);
        }
    }

    private static int count(RespConnection client) {
        return Integer.parseInt(client.call("COMMAND", "COUNT").substring(1).trim());
    }

    private static Node start(List<String> directives) throws StartFailure {
        return EmbeddedNode.start(directives.toArray(String[]::new));
    }
}
