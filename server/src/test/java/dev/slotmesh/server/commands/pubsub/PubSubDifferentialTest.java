package dev.slotmesh.server.commands.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same conversations with a real server and with ours, byte for byte. A line is {@code <client> <frames> <words>}: the words
 * are sent by that client, which then reads so many replies and pushes; without words it only reads.
 */
@Timeout(60)
final class PubSubDifferentialTest {
    private static final int CLIENTS = 3;
    private static final String EVENTS = "KEA";

    @AutoClose
    private static RedisOracle redis;

    @AutoClose
    private static Node node;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        redis = RedisOracle.start("--notify-keyspace-events", EVENTS);
        node = EmbeddedNode.start(directory, "--notify-keyspace-events", EVENTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldDeliverBetweenClients(String protocol) {
        compare(protocol, """
                0 2 SUBSCRIBE news sport
                0 1 SUBSCRIBE news
                1 2 PSUBSCRIBE n* *t
                2 1 PUBLISH news first
                0 1
                1 1
                2 1 PUBLISH sport second
                0 1
                1 1
                2 1 PUBLISH other third
                2 1 PUBSUB NUMSUB news sport other
                2 1 PUBSUB NUMPAT
                2 1 PUBSUB CHANNELS s*
                2 1 PUBSUB CHANNELS nothing
                0 1 UNSUBSCRIBE news
                2 1 PUBLISH news fourth
                1 1
                1 1 PUNSUBSCRIBE n*
                2 1 PUBLISH news fifth
                2 1 PUBSUB NUMPAT
                0 1 UNSUBSCRIBE
                0 1 UNSUBSCRIBE
                1 1 PUNSUBSCRIBE
                1 1 PUNSUBSCRIBE
                0 1 PING
                2 1 PUBSUB CHANNELS
                2 1 PUBLISH news nobody
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldDeliverToShards(String protocol) {
        compare(protocol, """
                0 1 SSUBSCRIBE shard
                0 1 SUBSCRIBE shard
                2 1 SPUBLISH shard text
                0 1
                2 1 PUBLISH shard text
                0 1
                2 1 PUBSUB SHARDCHANNELS
                2 1 PUBSUB SHARDCHANNELS x*
                2 1 PUBSUB SHARDNUMSUB shard none
                0 1 SUNSUBSCRIBE none
                0 1 SUNSUBSCRIBE
                0 1 SUNSUBSCRIBE
                2 1 SPUBLISH shard text
                0 1 UNSUBSCRIBE
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldAllowFewCommandsToSubscribers(String protocol) {
        compare(protocol, """
                0 1 SUBSCRIBE a
                0 1 GET k
                0 1 GET
                0 1 NOSUCH x
                0 1 PING
                0 1 PING text
                0 1 PING too many
                0 1 CLIENT NO-EVICT ON
                0 1 MULTI
                0 1 PUBLISH b c
                0 1 PUBSUB NUMPAT
                0 1 EXEC
                0 1 RESET
                0 1 GET k
                2 1 PUBSUB CHANNELS
                0 1 PSUBSCRIBE a
                0 1 QUIT
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldSubscribeInTransactions(String protocol) {
        compare(protocol, """
                0 1 MULTI
                0 1 SUBSCRIBE a
                0 1 PSUBSCRIBE b c
                0 1 UNSUBSCRIBE
                0 2 EXEC
                2 1 PUBLISH c text
                0 1
                2 1 MULTI
                2 1 PUBLISH b text
                2 1 PUBSUB NUMPAT
                2 1 EXEC
                0 1
                0 1 PUNSUBSCRIBE b
                0 1 PUNSUBSCRIBE c
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldTellOfChangesOfKeys(String protocol) {
        compare(protocol, """
                0 1 PSUBSCRIBE __key*
                2 1 SET k v
                0 2
                2 1 EXPIRE k 100
                0 2
                2 1 RPUSH list a b
                0 2
                2 1 LPOP list 2
                0 4
                2 1 DEL k nothing
                0 2
                2 1 SET k v PX 1
                0 4
                0 2
                2 1 SELECT 1
                2 1 HSET hash f v
                0 2
                2 1 MULTI
                2 1 SADD set a
                2 1 SPOP set
                2 1 EXEC
                0 6
                2 1 MOVE hash 0
                0 4
                2 1 SELECT 0
                2 1 DEL hash
                0 2
                0 1 PUNSUBSCRIBE
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3"})
    void shouldDeliverToThePublisherItself(String protocol) {
        compare(protocol, """
                0 1 SUBSCRIBE a
                0 2 PUBLISH a text
                0 1 MULTI
                0 1 PUBLISH a text
                0 1 GET none
                0 2 EXEC
                0 1 PSUBSCRIBE *
                0 3 SET k v
                0 1 UNSUBSCRIBE a
                0 1 PUNSUBSCRIBE
                0 1 PUBLISH a text
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldSayWhatIsWrong(String protocol) {
        compare(protocol, """
                0 1 SUBSCRIBE
                0 1 PSUBSCRIBE
                0 1 SSUBSCRIBE
                0 1 PUBLISH a
                0 1 SPUBLISH a
                0 1 PUBSUB
                0 1 PUBSUB nothing
                0 1 PUBSUB NUMPAT a
                0 1 PUBSUB CHANNELS a b
                0 1 PUBSUB SHARDCHANNELS a b
                0 1 PUBSUB NUMSUB
                0 1 PUBSUB HELP
                0 1 CLIENT LIST TYPE pubsub
                0 1 CLIENT LIST TYPE nobody
                0 1 CLIENT KILL TYPE pubsub
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldEndSubscribersByType(String protocol) {
        compare(protocol, """
                0 1 SUBSCRIBE a
                1 1 SSUBSCRIBE a
                2 1 CLIENT KILL TYPE pubsub
                2 1 PUBLISH a text
                2 1 PUBSUB SHARDNUMSUB a
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldSendMessagesWhereRepliesAreNotWanted(String protocol) {
        compare(protocol, """
                0 0 CLIENT REPLY OFF
                0 1 SUBSCRIBE a
                2 1 PUBLISH a text
                0 1
                0 1 UNSUBSCRIBE a
                0 1 CLIENT REPLY ON
                1 0 CLIENT REPLY SKIP
                1 1 SUBSCRIBE b
                2 1 PUBLISH b text
                1 1
                """);
    }

    private static void compare(String protocol, String conversation) {
        List<String> theirs = hold(redis.port(), protocol, conversation);
        List<String> ours = hold(node.port(), protocol, conversation);

        for (int i = 0; i < theirs.size(); i++) {
            assertThat(ours.get(i))
                    .as("%d after %s", i, theirs.subList(Math.max(0, i - 6), i))
                    .isEqualTo(theirs.get(i));
        }
    }

    /** Each line with what was answered. */
    private static List<String> hold(int port, String protocol, String conversation) {
        List<RespConnection> clients = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(RespConnection.to(port));
            }
            clients.get(2).call("FLUSHALL");
            for (RespConnection client : clients) {
                client.call("HELLO", protocol);
            }
            for (String line : conversation.split("\n")) {
                String[] words = line.split(" ");
                answers.add(line);
                speak(clients.get(Integer.parseInt(words[0])), words, answers);
            }
            return answers;
        } finally {
            clients.forEach(RespConnection::close);
        }
    }

    private static void speak(RespConnection client, String[] words, List<String> answers) {
        if (words.length > 2) {
            StringBuilder request = new StringBuilder("*" + (words.length - 2) + "\r\n");
            for (int i = 2; i < words.length; i++) {
                request.append('$').append(words[i].length()).append("\r\n");
                request.append(words[i]).append("\r\n");
            }
            client.send(request.toString().getBytes(StandardCharsets.US_ASCII));
        }
        for (int i = 0; i < Integer.parseInt(words[1]); i++) {
            answers.add(client.readReplyText());
        }
    }
}
