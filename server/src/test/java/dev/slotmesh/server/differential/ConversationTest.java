package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.ReplicationListener;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conversations of several clients with a server, held with both servers and compared byte for byte, as is what each tells its
 * replicas meanwhile.
 *
 * <p>One step a line: {@code A: GET k} sends and reads the reply, {@code A> BLPOP k 0} sends a command that waits, and goes on
 * once the server counts one more waiting client, {@code A<} reads the reply that was waited for, {@code A!} disconnects, {@code A3}
 * goes on in RESP3.
 * {@code $A} is the ID of client A.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConversationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RedisOracle redis;
    private Node node;
    private ReplicationListener toldByRedis;
    private ReplicationListener toldByNode;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        redis = RedisOracle.start("--repl-diskless-sync", "no");
        Assumptions.assumeTrue(
                redis.isAtLeast(7, 0), "the replies of redis-server 7.0 are what is compared with");
        node = EmbeddedNode.start(directory, "--repl-diskless-sync", "no");
        toldByRedis = ReplicationListener.to(redis.port());
        toldByNode = ReplicationListener.to(node.port());
    }

    @AfterAll
    void stop() {
        if (toldByNode != null) {
            toldByNode.close();
        }
        if (toldByRedis != null) {
            toldByRedis.close();
        }
        if (node != null) {
            node.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Order of arrival, and what is left.
                "A> BLPOP a b 0\nB> BRPOP b 0\nC> BLMOVE b c LEFT RIGHT 0\nD: RPUSH b 1\nA<\nD: RPUSH b 2 3 4\nB<\nC<\n"
                        + "D: LRANGE b 0 -1\nD: LRANGE c 0 -1",
                // A chain of moves within one push.
                "A> BLPOP c 0\nB> BLMOVE b c LEFT LEFT 0\nC> BRPOPLPUSH a b 0\nD: LPUSH a x\nC<\nB<\nA<\nD: DBSIZE",
                // The whole transaction is executed first.
                "A> BLPOP a b 0\nD: MULTI\nD: RPUSH b 1\nD: DEL b\nD: RPUSH a 2\nD: RPUSH b 3\nD: EXEC\nA<\n"
                        + "D: LRANGE a 0 -1\nD: LRANGE b 0 -1",
                "A> BLPOP a 0\nD: MULTI\nD: RPUSH a 1\nD: DEL a\nD: EXEC\nD: SET a x\nD: DEL a\nD: RPUSH a 2\nA<",
                // Inside a transaction nothing waits.
                "A: MULTI\nA: BLPOP a 0\nA: BLMOVE a b LEFT LEFT 0\nA: BLMPOP 0 1 a LEFT\n"
                        + "A: XREAD BLOCK 0 STREAMS s 0\nA: EXEC",
                "A: MULTI\nA: BZPOPMIN z 0\nA: BZMPOP 0 1 z MIN\nA: EXEC",
                // Times.
                "A: BLPOP a 0.05\nB: BLMOVE a b LEFT LEFT 0.05\nC: XREAD BLOCK 50 STREAMS s 0\nA: PING",
                "A3\nA: BLPOP a 0.05\nA: BLMOVE a b LEFT LEFT 0.05",
                "A3\nA: BZPOPMAX z 0.05",
                // Unblocked.
                "A> BLPOP a 0\nD: CLIENT UNBLOCK $A\nA<\nA> BLPOP a 0\nD: CLIENT UNBLOCK $A ERROR\nA<\n"
                        + "A> BLMOVE a b LEFT LEFT 0\nD: CLIENT UNBLOCK $A TIMEOUT\nA<\nD: CLIENT UNBLOCK $A\nD: CLIENT UNBLOCK 9999\n"
                        + "D: CLIENT UNBLOCK $A now\nD: CLIENT UNBLOCK x\nD: CLIENT UNBLOCK $A ERROR x",
                // Gone.
                "A> BLPOP a 0\nB> BLPOP a 0\nA!\nD: RPUSH a 1\nB<",
                "A> BLPOP a 0\nB> BLPOP a 0\nD: CLIENT KILL ID $A\nD: RPUSH a 1\nB<",
                // Every way in which a key is made.
                "A> BLPOP k 0\nD: RPUSH l 1\nD: RENAME l k\nA<\nA> BLPOP k 0\nD: RPUSH l 2\nD: COPY l k\nA<\n"
                        + "A> BLPOP k 0\nD: RPUSH s 2 1\nD: SORT s STORE k\nA<\nD: LRANGE k 0 -1",
                "A> BLPOP k 0\nD: SELECT 1\nD: RPUSH k 1\nD: MOVE k 0\nA<\nA> BLPOP k 0\nD: RPUSH k 2\nD: SWAPDB 0 1\nA<",
                "A> BLPOP k 0\nD: FLUSHALL\nD: SET k 1\nD: DEL k\nD: SADD k 1\nD: DEL k\nD: RPUSH k 1\nA<",
                // Sorted sets and streams wait for their own type.
                "A> BZPOPMIN k 0\nB> BLPOP k 0\nC> XREAD BLOCK 0 STREAMS k $\nD: ZADD k 1 a 2 b\nA<\nD: DEL k\n"
                        + "D: RPUSH k x\nB<\nD: XADD k 1-1 f v\nC<",
                "A> XREAD BLOCK 0 STREAMS s t $ $\nB> XREAD BLOCK 0 COUNT 1 STREAMS s 0\nD: XADD s 1-1 f v\nA<\nB<\nD: XADD t 1-1 f v",
                "D: XGROUP CREATE s g $ MKSTREAM\nA> XREADGROUP GROUP g c BLOCK 0 STREAMS s >\n"
                        + "B> XREADGROUP GROUP g c BLOCK 0 STREAMS s >\nD: XADD s 1-1 f v\nA<\nD: DEL s\nB<",
                "D: XGROUP CREATE s g $ MKSTREAM\nA> XREADGROUP GROUP g c BLOCK 0 STREAMS s >\nD: XGROUP DESTROY s g\nA<",
                "D: XGROUP CREATE s g $ MKSTREAM\nA> XREADGROUP GROUP g c BLOCK 0 STREAMS s >\nD: SET s x\nA<",
                // A target of another type.
                "A> BLMOVE a b LEFT LEFT 0\nD: SET b x\nD: RPUSH a 1\nA<\nD: LRANGE a 0 -1",
                // Watched keys change by what is served.
                "B: WATCH a c\nA> BLMOVE b c LEFT LEFT 0\nD: RPUSH b 1\nA<\nB: MULTI\nB: PING\nB: EXEC",
                "B: WATCH a\nA> BLPOP a 0\nD: RPUSH a 1\nA<\nB: MULTI\nB: PING\nB: EXEC",
                // What is told of waits that are served, besides all the above: pops of several,
                // and of sorted sets.
                "A> BLMPOP 0 2 a b RIGHT COUNT 2\nD: RPUSH b 1 2 3\nA<\nA> BLMPOP 0 1 c LEFT COUNT 9\nD: RPUSH c 1 2\nA<",
                "A> BZPOPMAX a b 0\nB> BZMPOP 0 1 b MIN COUNT 2\nD: ZADD b 1 x 2 y 3 z\nA<\nB<\nA> BZPOPMIN z 0\nD: ZADD z 1 a\nA<",
                "A> BRPOPLPUSH a b 0\nD: LPUSH a 1\nA<\nD: BRPOPLPUSH b a 0\nD: BLPOP none a 0\nD: BRPOP a 0.01",
                "D: XGROUP CREATE s g $ MKSTREAM\nA> XREADGROUP GROUP g c BLOCK 0 NOACK STREAMS s >\nD: XADD s 1-1 f v\nA<\n"
                        + "D: XADD s 1-2 f v\nD: XREADGROUP GROUP g new STREAMS s >\nD: XREADGROUP GROUP g newer STREAMS s >",
                // Transactions: of one command, of several databases, without effect, and given up.
                "D: MULTI\nD: SET a 1\nD: EXEC\nD: MULTI\nD: GET a\nD: DEL none\nD: EXEC\nD: MULTI\nD: SET a 2\nD: SELECT 3\n"
                        + "D: SET b 3\nD: EXEC\nD: SET c 4\nD: MULTI\nD: SPOP none\nD: INCRBYFLOAT f 1.5\nD: LPUSH a x\nD: EXEC",
                "A: WATCH a\nD: SET a 1\nA: MULTI\nA: SET b 1\nA: EXEC\nA: MULTI\nA: SET b 2\nA: DISCARD\nA: SET b 3",
                "A> BLPOP a 0\nD: MULTI\nD: SET x 1\nD: RPUSH a 1\nD: SET y 1\nD: EXEC\nA<\nD: SELECT 2\nB: SELECT 2\nB> BLPOP a 0\nD: RPUSH a 1\nB<",
                // Databases as a whole.
                "D: SWAPDB 0 1\nD: SWAPDB 2 2\nD: FLUSHDB\nD: SELECT 1\nD: FLUSHDB ASYNC\nD: FLUSHALL SYNC\nD: SET a 1\nD: MOVE a 2\n"
                        + "D: MOVE a 2\nD: SET a 2\nD: COPY a b DB 3\nD: COPY a b DB 3 REPLACE\nD: RENAMENX a b\nD: DBSIZE",
                // Commands that others are told of as something else.
                "D: SET a 1 EX 100 GET\nD: GETEX a PERSIST\nD: GETEX a\nD: GETDEL a\nD: GETSET a 2\nD: EXPIRE a -1\nD: SETEX a 100 x\n"
                        + "D: EXPIRE a 200 GT\nD: PERSIST a\nD: PERSIST a\nD: HINCRBYFLOAT h f 1.5\nD: SADD s 1 2 3\nD: SPOP s 3\n"
                        + "D: SORT_RO s\nD: RPUSH l 2 1\nD: SORT l STORE k\nD: SORT none STORE k\nD: SINTERSTORE k none",
                "D: CONFIG SET lazyfree-lazy-expire yes lazyfree-lazy-server-del yes\nD: SADD s 1 2\nD: SPOP s 5\nD: SET a 1\n"
                        + "D: EXPIRE a -1\nD: SET a 1\nD: GETEX a PXAT 1\nD: SET a 1\nD: PEXPIREAT a 1\n"
                        + "D: CONFIG SET lazyfree-lazy-expire no lazyfree-lazy-server-del no\nD: SET a 1\nD: EXPIRE a 0",
                "A> BLPOP a b c 0\nD: MULTI\nD: INFO nosuchsection\nD: RPUSH c 1\nD: RPUSH b 1\nD: EXEC\nA<\nD: KEYS b",
            })
    void shouldAnswerEveryClientAsRedisDoes(String script) {
        Assumptions.assumeTrue(
                !script.contains(" BZ") || node.dispatcher().table().find("bzpopmin") != null,
                "sorted sets can be waited for");

        List<String> theirs = hold(script, redis.port());
        List<String> ours = hold(script, node.port());

        assertThat(ours).isEqualTo(theirs);
        assertThat(told(toldByNode, node.port())).isEqualTo(told(toldByRedis, redis.port()));
        assertThat(node.dispatcher().waitingCount()).isZero();
    }

    /** What replicas were told meanwhile. */
    private static List<List<String>> told(ReplicationListener listener, int port) {
        List<String> mark = List.of("SET", "mark", "1");
        try (RespConnection client = RespConnection.to(port)) {
            client.call(mark.toArray(String[]::new));
        }
        return listener.until(mark).stream().map(ConversationTest::withoutTimes).toList();
    }

    /** Moments of deliveries to a group are each server's own. */
    private static List<String> withoutTimes(List<String> command) {
        return command.stream()
                .map(word -> word.matches("\\d{13}") ? "(time)" : word)
                .toList();
    }

    private static List<String> hold(String script, int port) {
        try (Conversation conversation = new Conversation(port)) {
            return script.lines().map(conversation::step).toList();
        }
    }

    private static final class Conversation implements AutoCloseable {
        private final Map<String, RespConnection> clients = new HashMap<>();
        private final Map<String, String> ids = new HashMap<>();
        private final int port;
        private final RespConnection control;
        private int waiting;

        Conversation(int port) {
            this.port = port;
            this.control = RespConnection.to(port);
            control.call("FLUSHALL");
        }

        /** Takes a step; returns it with the reply. */
        String step(String line) {
            String who = line.substring(0, 1);
            RespConnection client = clients.computeIfAbsent(who, name -> connect(name));
            String command = line.substring(2).strip();
            return switch (line.charAt(1)) {
                case ':' -> line + " -> " + call(client, command);
                case '>' -> {
                    client.sendCommand(words(command));
                    waiting++;
                    awaitWaiting();
                    yield line;
                }
                case '<' -> {
                    waiting--;
                    yield line + " -> " + client.readReplyText();
                }
                case '3' -> {
                    client.call("HELLO", "3");
                    yield line;
                }
                case '!' -> {
                    client.close();
                    waiting--;
                    awaitWaiting();
                    yield line;
                }
                default -> throw new IllegalArgumentException(line);
            };
        }

        private String call(RespConnection client, String command) {
            String reply = client.call(words(command));
            if (command.startsWith("CLIENT KILL")) {
                waiting--;
                awaitWaiting();
            }
            return reply;
        }

        private RespConnection connect(String name) {
            RespConnection client = RespConnection.to(port);
            ids.put(name, client.call("CLIENT", "ID").substring(1).strip());
            return client;
        }

        private String[] words(String command) {
            List<String> words = new ArrayList<>();
            for (String word : command.split(" ")) {
                boolean id = word.length() == 2 && word.startsWith("$");
                words.add(id ? ids.get(word.substring(1)) : word);
            }
            return words.toArray(String[]::new);
        }

        private void awaitWaiting() {
            String expected = "blocked_clients:" + waiting + "\r\n";
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> control.call("INFO", "clients").contains(expected));
        }

        @Override
        public void close() {
            clients.values().forEach(RespConnection::close);
            waiting = 0;
            awaitWaiting();
            control.close();
        }
    }
}
