package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What subscribers of a shard channel read when its slot goes: the same from two redis-servers and from two of our nodes. */
@Timeout(120)
final class ShardChannelMoveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** In slot 5061. */
    private static final String CHANNEL = "bar";

    private static final String SLOT = "5061";

    @Test
    void shouldUnsubscribeAsRedisDoes(@TempDir Path directory) {
        List<String> theirs;
        try (RedisOracle first = RedisOracle.start("--cluster-enabled", "yes");
                RedisOracle second = RedisOracle.start("--cluster-enabled", "yes")) {
            Assumptions.assumeTrue(first.isAtLeast(7, 0), "the oracle is older than Redis 7.0");
            theirs = new Conversation(first.port(), second.port()).hold();
        }

        List<String> ours;
        try (TestNode first = TestNode.start(directory.resolve("first"));
                TestNode second = TestNode.start(directory.resolve("second"))) {
            ours = new Conversation(first.port(), second.port()).hold();
        }

        assertThat(ours).isEqualTo(theirs);
        assertThat(ours)
                .contains(
                        "*3\r\n$12\r\nsunsubscribe\r\n$3\r\nbar\r\n:0\r\n",
                        ">3\r\n$12\r\nsunsubscribe\r\n$3\r\nbar\r\n:0\r\n");
    }

    /** Two primaries with half of the slots each; all that a client reads is noted, the ports by name. */
    private static final class Conversation {
        private final int first;
        private final int second;
        private final List<String> read = new ArrayList<>();

        Conversation(int first, int second) {
            this.first = first;
            this.second = second;
        }

        List<String> hold() {
            form();
            move("2");
            move("3");
            unassign();
            return read;
        }

        private void form() {
            call(first, "CLUSTER", "ADDSLOTSRANGE", "0", "8191");
            call(second, "CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
            call(first, "CLUSTER", "SET-CONFIG-EPOCH", "1");
            call(second, "CLUSTER", "SET-CONFIG-EPOCH", "2");
            call(first, "CLUSTER", "MEET", "127.0.0.1", "" + second);
            for (int port : List.of(first, second)) {
                await().atMost(PATIENCE)
                        .until(() -> call(port, "CLUSTER", "INFO").contains("cluster_state:ok"));
            }
        }

        /** There by an operator's word; back by the bus, as the operator speaks to the first alone. */
        private void move(String protocol) {
            awaitSameEpochs();
            try (RespConnection subscriber = subscriber(first, protocol);
                    RespConnection other = subscriber(first, "2")) {
                note(other.call("SUBSCRIBE", CHANNEL));
                setSlot(second, "IMPORTING", first);
                setSlot(first, "MIGRATING", second);
                note(subscriber.call("SSUBSCRIBE", CHANNEL));
                setSlot(second, "NODE", second);
                setSlot(first, "NODE", second);

                note(subscriber.readReplyText());
                note(other.readReplyText());
                note(subscriber.call("GET", CHANNEL));
                note(other.call("PING"));
                note(call(first, "PUBSUB", "SHARDCHANNELS"));
                note(call(first, "SSUBSCRIBE", CHANNEL));
            }
            awaitSameEpochs();
            try (RespConnection subscriber = subscriber(second, protocol)) {
                setSlot(first, "IMPORTING", second);
                setSlot(first, "NODE", first);
                note(subscriber.readReplyText());
                note(subscriber.call("SSUBSCRIBE", CHANNEL));
            }
        }

        /** A slot goes to the greatest epoch: who does not know the other's may take it in vain. */
        private void awaitSameEpochs() {
            await().atMost(PATIENCE).until(() -> epochs(first).equals(epochs(second)));
        }

        private static List<String> epochs(int port) {
            return call(port, "CLUSTER", "NODES")
                    .lines()
                    .filter(line -> line.length() > 40)
                    .map(line -> line.split(" "))
                    .map(fields -> fields[0] + " " + fields[6])
                    .sorted()
                    .toList();
        }

        private void unassign() {
            try (RespConnection subscriber = subscriber(first, "2")) {
                setSlot(first, "NODE", first);
                note(subscriber.readReplyText());
                note(subscriber.call("SSUBSCRIBE", CHANNEL));
                note(call(first, "CLUSTER", "DELSLOTS", SLOT));
                note(subscriber.readReplyText());
            }
        }

        private RespConnection subscriber(int port, String protocol) {
            RespConnection client = RespConnection.to(port);
            client.call("HELLO", protocol);
            note(client.call("SSUBSCRIBE", CHANNEL));
            return client;
        }

        private void setSlot(int at, String state, int port) {
            String id = call(port, "CLUSTER", "MYID").substring(5, 45);
            note(call(at, "CLUSTER", "SETSLOT", SLOT, state, id));
        }

        private void note(String reply) {
            read.add(reply.replace(":" + first, ":first").replace(":" + second, ":second"));
        }

        private static String call(int port, String... words) {
            try (RespConnection client = RespConnection.to(port)) {
                return client.call(words);
            }
        }
    }
}
