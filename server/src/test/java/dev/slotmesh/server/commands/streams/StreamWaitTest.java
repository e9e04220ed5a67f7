package dev.slotmesh.server.commands.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers that wait, and how their wait ends, as in redis-server 7.0; words are separated by blanks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StreamWaitTest {
    private static final String GROUP = "XGROUP CREATE k g $ MKSTREAM";
    private static final String OTHER = "XGROUP CREATE k2 g $ MKSTREAM";
    private static final String READ = "XREAD BLOCK 0 STREAMS k $";
    private static final String READ_GROUP = "XREADGROUP GROUP g c BLOCK 0 STREAMS k >";

    @AutoClose
    private RedisOracle redis;

    @AutoClose
    private Node node;

    @BeforeAll
    void start() throws Exception {
        redis = RedisOracle.start();
        Assumptions.assumeTrue(redis.isAtLeast(7, 0), "redis-server 7.0 is compared with");
        node = EmbeddedNode.start();
    }

    /** What was there before | who waits | what then happens, up to the end of the wait. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                GROUP + "|" + READ_GROUP + "|DEL k",
                GROUP + "|" + READ_GROUP + "|SET k x",
                GROUP + ",LPUSH l 1|" + READ_GROUP + "|RENAME l k",
                GROUP + "|" + READ_GROUP + "|RENAME k k2",
                GROUP + "|" + READ_GROUP + "|FLUSHALL",
                GROUP + "|" + READ_GROUP + "|SWAPDB 0 1",
                GROUP + "|" + READ_GROUP + "|XGROUP DESTROY k g",
                GROUP + "|" + READ_GROUP + "|XADD k 5-1 f v",
                GROUP + "|" + READ_GROUP + "|XGROUP SETID k g 0,XSETID k 9,XADD k 10-1 f v",
                GROUP + "|" + READ_GROUP + "|MULTI,XADD k 5-1 f v,XADD k 6-1 f v,XDEL k 5-1,EXEC",
                GROUP + "|" + READ_GROUP + "|MULTI,XADD k 5-1 f v,XDEL k 5-1,EXEC",
                GROUP + "|" + READ_GROUP + "|MULTI,DEL k," + GROUP + ",EXEC,XADD k 5-1 f v",
                GROUP + "|" + READ_GROUP
                        + "|MULTI,XGROUP DESTROY k g,XGROUP CREATE k g 0,EXEC,XADD k 5-1 f v",
                GROUP + "," + OTHER + ",XADD k2 5-1 f v|" + READ_GROUP + "|RENAME k2 k",
                GROUP + "," + OTHER + ",XADD k2 5-1 f v|" + READ_GROUP + "|COPY k2 k REPLACE",
                GROUP + ",XADD k2 5-1 f v|" + READ_GROUP + "|RENAME k2 k",
                GROUP + "," + OTHER
                        + "|XREADGROUP GROUP g c COUNT 1 BLOCK 0 NOACK STREAMS k k2 > >"
                        + "|XADD k2 5-1 f v",
                GROUP + "|" + READ + "|XADD k 5-1 f v",
                "XADD k 5-1 f v|" + READ + "|DEL k,XADD k 3-1 f v,XADD k 6-1 f v",
                "XADD k 5-1 f v|" + READ + "|XSETID k 7-0,XADD k 8-1 f v",
                GROUP + "|" + READ + "|MULTI,XADD k 5-1 f v,XDEL k 5-1,EXEC",
                "XADD k 5-1 f v|" + READ + "|SET k 1,DEL k,XADD k 6-1 f v",
                "LPUSH l 1|XREAD COUNT 2 BLOCK 0 STREAMS k m 0 0"
                        + "|MULTI,XADD m 1-1 a b,XADD m 2-1 a b,XADD m 3-1 a b,EXEC",
                GROUP + "|XREAD BLOCK 1 STREAMS k $|",
                GROUP + "|XREADGROUP GROUP g c BLOCK 1 STREAMS k >|"
            })
    void shouldEndTheWaitAsRedisDoes(String scenario) {
        for (int protocol = 2; protocol <= 3; protocol++) {
            String expected = outcome(redis.port(), protocol, scenario);

            assertThat(outcome(node.port(), protocol, scenario)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "XADD k 9-1 f v",
                "XDEL k 1-1",
                "XDEL k 1-2",
                "XTRIM k MAXLEN 1",
                "XSETID k 9-1",
                "XGROUP CREATE k h 0",
                "XGROUP CREATE new h 0 MKSTREAM",
                "XGROUP SETID k g 0",
                "XGROUP CREATECONSUMER k g d",
                "XGROUP DELCONSUMER k g c",
                "XGROUP DESTROY k g",
                "XREADGROUP GROUP g c STREAMS k >",
                "XREADGROUP GROUP g d STREAMS k 0",
                "XACK k g 1-1",
                "XCLAIM k g d 0 1-1",
                "XAUTOCLAIM k g d 0 0"
            })
    void shouldBreakAWatchAsRedisDoes(String command) {
        String expected = watched(redis.port(), command);

        assertThat(watched(node.port(), command)).isEqualTo(expected);
    }

    private static String watched(int port, String command) {
        try (RespConnection client = RespConnection.to(port);
                RespConnection watcher = RespConnection.to(port)) {
            client.call("FLUSHALL");
            calls(
                    client,
                    "XADD k 1-1 f v,XADD k 2-1 f v,XADD k 3-1 f v,XGROUP CREATE k g 0,"
                            + "XREADGROUP GROUP g c COUNT 1 STREAMS k >");
            watcher.call("WATCH", "k", "new");
            calls(client, command);
            watcher.call("MULTI");
            return watcher.call("EXEC");
        }
    }

    private static String outcome(int port, int protocol, String scenario) {
        String[] parts = scenario.split("\\|", -1);
        try (RespConnection client = RespConnection.to(port);
                RespConnection waiting = RespConnection.to(port)) {
            client.call("FLUSHALL");
            calls(client, parts[0]);
            waiting.call("HELLO", "" + protocol);
            waiting.sendCommand(parts[1].split(" "));
            if (!parts[2].isEmpty()) {
                Awaitility.await()
                        .until(() -> client.call("INFO", "clients").contains("blocked_clients:1"));
                calls(client, parts[2]);
            }
            String reply = waiting.readReplyText();
            String after = client.call("XINFO", "STREAM", "k");
            return reply + after + client.call("XPENDING", "k", "g");
        }
    }

    private static void calls(RespConnection client, String commands) {
        for (String command : List.of(commands.split(","))) {
            client.call(command.split(" "));
        }
    }
}
