package dev.slotmesh.server.commands.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.TemporaryDirectory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** MIGRATE from a node and from a real server to the same real target: replies, and what is where afterwards. */
@Timeout(120)
final class MigrateTest {
    private static final String LOCAL = "127.0.0.1";
    private static final String OK = "+OK\r\n";

    @AutoClose
    private final TemporaryDirectory directory = new TemporaryDirectory("migrate-");

    @AutoClose
    private RedisOracle redis;

    @AutoClose
    private RedisOracle oursGoTo;

    @AutoClose
    private RedisOracle theirsGoTo;

    @AutoClose
    private Node node;

    @AutoClose
    private RespConnection ours;

    @AutoClose
    private RespConnection theirs;

    @BeforeEach
    void start() throws Exception {
        redis = RedisOracle.start();
        oursGoTo = RedisOracle.start();
        theirsGoTo = RedisOracle.start();
        node = EmbeddedNode.start(directory.path());
        ours = RespConnection.to(node.port());
        theirs = RespConnection.to(redis.port());
    }

    @Test
    void shouldAnswerAndMoveAsRedis() {
        String closed = "" + RedisOracle.freePort();
        for (String line : List.of(
                "SET a 1",
                "SET b 2 EX 1000",
                "RPUSH l 1 2 3",
                "MIGRATE 127.0.0.1 PORT x 0 1000",
                "MIGRATE 127.0.0.1 PORT a 0 1000 KEYS b",
                "MIGRATE 127.0.0.1 PORT '' 0 1000 KEYS",
                "MIGRATE 127.0.0.1 PORT a z 1000",
                "MIGRATE 127.0.0.1 PORT a 0 y",
                "MIGRATE 127.0.0.1 CLOSED a 0 1000",
                "MIGRATE 127.0.0.1 xx a 0 1000",
                "MIGRATE 127.0.0.1 PORT a 77 1000",
                "MIGRATE 127.0.0.1 PORT a 0 1000 FOO",
                "MIGRATE 127.0.0.1 PORT a 0 1000 AUTH",
                "MIGRATE 127.0.0.1 PORT a 0 1000 AUTH2 one",
                "MIGRATE 127.0.0.1 PORT a 0 1000 AUTH pw",
                "MIGRATE 127.0.0.1 PORT",
                "EXISTS a b l",
                "MIGRATE 127.0.0.1 PORT '' 0 1000 COPY REPLACE AUTH2 default x KEYS a nope b",
                "EXISTS a b l",
                "MIGRATE 127.0.0.1 PORT '' 3 1000 KEYS a nope b l",
                "EXISTS a b l",
                "SET a 5",
                "SET c 6",
                "MIGRATE 127.0.0.1 PORT '' 3 1000 KEYS a c",
                "EXISTS a",
                "EXISTS c",
                "MIGRATE 127.0.0.1 PORT '' 3 -5 REPLACE KEYS a c",
                "EXISTS a c",
                "SET d 1",
                "MULTI",
                "SET d 2",
                "MIGRATE 127.0.0.1 PORT d 3 1000",
                "EXISTS d",
                "EXEC")) {
            assertThat(ask(ours, oursGoTo, closed, line))
                    .as(line)
                    .isEqualTo(ask(theirs, theirsGoTo, closed, line));
            assertThat(stored(oursGoTo))
                    .as("at the target after " + line)
                    .isEqualTo(stored(theirsGoTo));
        }
    }

    private static String ask(
            RespConnection source, RedisOracle target, String closed, String line) {
        String[] words = line.replace("PORT", "" + target.port())
                .replace("CLOSED", closed)
                .split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].equals("''") ? "" : words[i];
        }
        return source.call(words);
    }

    /** What is changed all the time arrives as it is in the end, once. */
    @Test
    void shouldMoveAKeyThatIsChangedMeanwhile() throws Exception {
        for (int round = 0; round < 20; round++) {
            AtomicBoolean moved = new AtomicBoolean();
            CompletableFuture<Integer> added = CompletableFuture.supplyAsync(() -> {
                try (RespConnection writer = RespConnection.to(node.port())) {
                    int count = 0;
                    // RPUSHX has no effect where the list is not any more.
                    while (!moved.get() || writer.call("EXISTS", "list").equals(":1\r\n")) {
                        count += writer.call("RPUSHX", "list", "x").equals(":0\r\n") ? 0 : 1;
                    }
                    return count;
                }
            });
            ours.call("RPUSH", "list", "first");
            assertThat(ours.call("MIGRATE", LOCAL, "" + oursGoTo.port(), "list", "0", "5000"))
                    .isEqualTo(OK);
            moved.set(true);

            int pushed = added.get() + 1;
            try (RespConnection there = RespConnection.to(oursGoTo.port())) {
                assertThat(there.call("LLEN", "list")).isEqualTo(":" + pushed + "\r\n");
                there.call("DEL", "list");
            }
        }
    }

    /** A key that another client deletes while it is on its way is not over there in the end. */
    @Test
    void shouldNotLeaveBehindWhatWasDeletedMeanwhile() throws Exception {
        try (RespConnection other = RespConnection.to(node.port());
                RespConnection there = RespConnection.to(oursGoTo.port())) {
            for (int round = 0; round < 50; round++) {
                other.call("SET", "k", "v");
                ours.sendCommand("MIGRATE", LOCAL, "" + oursGoTo.port(), "k", "0", "5000");
                boolean deletedHere = other.call("DEL", "k").equals(":1\r\n");
                assertThat(ours.readReplyText()).isIn(OK, "+NOKEY\r\n");
                assertThat(there.call("DEL", "k"))
                        .as("round %d", round)
                        .isEqualTo(deletedHere ? ":0\r\n" : ":1\r\n");
                assertThat(other.call("EXISTS", "k")).isEqualTo(":0\r\n");
            }
        }
    }

    /** A target that does not answer costs the client its time and nobody else anything. */
    @Test
    void shouldNotBlockOthersWhileTheTargetIsSilent() throws Exception {
        try (RespConnection there = RespConnection.to(oursGoTo.port());
                RespConnection other = RespConnection.to(node.port())) {
            other.call("SET", "k", "v");
            there.call("CLIENT", "PAUSE", "100000", "ALL");
            ours.sendCommand("MIGRATE", LOCAL, "" + oursGoTo.port(), "k", "0", "1000");

            for (int i = 0; i < 100; i++) {
                assertThat(other.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
                assertThat(other.call("SET", "k2", "v")).isEqualTo(OK);
            }
            assertThat(ours.readReplyText())
                    .isEqualTo("-IOERR error or timeout reading to target instance\r\n");
            assertThat(other.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
        }
    }

    /** What was kept for the next time may have been closed by the other end. */
    @Test
    void shouldConnectAnewWhenAKeptConnectionIsClosed() {
        try (RespConnection there = RespConnection.to(oursGoTo.port())) {
            ours.call("SET", "a", "1");
            ours.call("SET", "b", "1");
            assertThat(ours.call("MIGRATE", LOCAL, "" + oursGoTo.port(), "a", "0", "5000"))
                    .isEqualTo(OK);
            there.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

            assertThat(ours.call("MIGRATE", LOCAL, "" + oursGoTo.port(), "b", "0", "5000"))
                    .isEqualTo(OK);
            assertThat(there.call("EXISTS", "a", "b")).isEqualTo(":2\r\n");
        }
    }

    /** Watchers and listeners hear of it as of DEL, and replicas are told so. */
    @Test
    void shouldTellOfTheKeysAsOfDeletedOnes() throws Exception {
        try (RespConnection watcher = RespConnection.to(node.port());
                RespConnection listener = RespConnection.to(node.port())) {
            ours.call("CONFIG", "SET", "notify-keyspace-events", "KA");
            ours.call("SET", "k", "v");
            watcher.call("WATCH", "k");
            listener.call("SUBSCRIBE", "__keyspace@0__:k");

            assertThat(ours.call("MIGRATE", LOCAL, "" + oursGoTo.port(), "k", "0", "5000"))
                    .isEqualTo(OK);

            assertThat(listener.readReplyText()).contains("\r\ndel\r\n");
            watcher.call("MULTI");
            watcher.call("PING");
            assertThat(watcher.call("EXEC")).isEqualTo("*-1\r\n");
            assertThat(node.dispatcher().keysOfInterest()).isZero();
        }
    }

    private static String stored(RedisOracle target) {
        try (RespConnection there = RespConnection.to(target.port())) {
            there.call("SELECT", "3");
            StringBuilder all = new StringBuilder(there.call("DBSIZE"));
            for (String key : List.of("a", "b", "c", "d", "l")) {
                all.append(there.call("DUMP", key))
                        .append(there.call("TTL", key).length());
            }
            return all.toString();
        }
    }
}
