package dev.slotmesh.server.resharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.cluster.TestNode;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys of slots that are somebody else's, at the start of a node and when a slot is lost. */
@Timeout(120)
final class ForeignKeysTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Slot 12182. */
    private static final String FOO = "foo";
    /** Slot 5061. */
    private static final String BAR = "bar";

    private static final int SLOT_OF_FOO = 12_182;
    private static final int SLOT_OF_BAR = 5_061;
    private static final String OTHER = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path directory;

    /** The slot of one key has another owner in nodes.conf, the slot of the other has none. */
    @Test
    void shouldTakeOrImportTheSlotsOfKeysFoundAtTheStart() throws Exception {
        String ours;
        Path home = directory.resolve("ours");
        TestNode node = TestNode.start(home);
        try (RespConnection client = node.connect()) {
            prepare(client);
        } finally {
            node.close();
        }
        orphan(home.resolve("nodes.conf"));
        try (TestNode again = TestNode.start(home);
                RespConnection client = again.connect()) {
            ours = placesOf(client, again.port());
        }

        String theirs;
        try (RedisOracle redis = RedisOracle.start("--cluster-enabled", "yes")) {
            try (RespConnection client = redis.connect()) {
                prepare(client);
            }
            redis.stop();
            orphan(redis.directory().resolve("nodes.conf"));
            redis.restart();
            try (RespConnection client = redis.connect()) {
                theirs = placesOf(client, redis.port());
            }
        }
        assertThat(ours)
                .isEqualTo(theirs)
                .contains("0-12181 12183-16383 [" + SLOT_OF_FOO + "-<-" + OTHER + "]");
    }

    private static void prepare(RespConnection client) {
        assertThat(client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383")).isEqualTo("+OK\r\n");
        await().atMost(PATIENCE)
                .until(() -> client.call("CLUSTER", "INFO").contains("cluster_state:ok"));
        assertThat(client.call("SET", FOO, "1")).isEqualTo("+OK\r\n");
        assertThat(client.call("SET", BAR, "2")).isEqualTo("+OK\r\n");
        assertThat(client.call("SAVE")).isEqualTo("+OK\r\n");
    }

    /** Gives the slot of one key to a node that nobody answers for, and takes the slot of the other away. */
    private static void orphan(Path nodesConf) throws IOException {
        String mine = "0-" + (SLOT_OF_BAR - 1) + " " + (SLOT_OF_BAR + 1) + "-" + (SLOT_OF_FOO - 1)
                + " " + (SLOT_OF_FOO + 1) + "-16383";
        String other = OTHER + " 127.0.0.1:1@10001,, master - 0 0 1 connected " + SLOT_OF_FOO;
        String text = Files.readString(nodesConf);
        assertThat(text).contains(" 0-16383");
        Files.writeString(nodesConf, other + "\n" + text.replace(" 0-16383", " " + mine));
    }

    /** The slots in this node's own line of CLUSTER NODES, and what became of the keys. */
    private static String placesOf(RespConnection client, int port) {
        String nodes = client.call("CLUSTER", "NODES");
        String own = nodes.lines()
                .filter(line -> line.contains("myself"))
                .findFirst()
                .orElseThrow();
        return own.substring(own.indexOf("connected"))
                + client.call("DBSIZE")
                + client.call("CLUSTER", "GETKEYSINSLOT", "" + SLOT_OF_FOO, "9")
                + client.call("CLUSTER", "GETKEYSINSLOT", "" + SLOT_OF_BAR, "9");
    }

    /** A replica, and the append-only file, must not keep what the primary dropped. */
    @Test
    void shouldTellReplicasThatKeysWentWithTheirSlot() {
        String[] lasting = {"--appendonly", "yes"};
        try (TestNode owner = TestNode.start(directory.resolve("owner"), lasting);
                TestNode replica = TestNode.start(directory.resolve("replica"));
                TestNode taker = TestNode.start(directory.resolve("taker"));
                RespConnection first = owner.connect();
                RespConnection second = taker.connect();
                RespConnection third = replica.connect()) {
            first.call("CLUSTER", "SET-CONFIG-EPOCH", "1");
            first.call("CLUSTER", "MEET", "127.0.0.1", "" + replica.port());
            first.call("CLUSTER", "MEET", "127.0.0.1", "" + taker.port());
            prepare(first);
            await().atMost(PATIENCE)
                    .until(() -> third.call("CLUSTER", "REPLICATE", id(first)).equals("+OK\r\n"));
            await().atMost(PATIENCE).until(() -> third.call("DBSIZE").equals(":2\r\n"));
            await().atMost(PATIENCE)
                    .until(() -> second.call("CLUSTER", "NODES").contains(" 0-16383"));
            first.call("WATCH", FOO);

            second.call("CLUSTER", "SETSLOT", "" + SLOT_OF_FOO, "IMPORTING", id(first));
            second.call("CLUSTER", "SETSLOT", "" + SLOT_OF_FOO, "NODE", id(second));

            await().atMost(PATIENCE).until(() -> first.call("DBSIZE").equals(":1\r\n"));
            await().atMost(PATIENCE).until(() -> third.call("DBSIZE").equals(":1\r\n"));
            first.call("MULTI");
            first.call("PING");
            assertThat(first.call("EXEC")).isEqualTo("*-1\r\n");
            assertThat(first.call("ROLE")).startsWith("*3\r\n$6\r\nmaster");
        }
        try (TestNode again = TestNode.start(directory.resolve("owner"), lasting);
                RespConnection first = again.connect()) {
            assertThat(first.call("DBSIZE")).isEqualTo(":1\r\n");
            assertThat(first.call("CLUSTER", "NODES")).doesNotContain("[");
        }
    }

    private static String id(RespConnection client) {
        return client.call("CLUSTER", "MYID").substring(5, 45);
    }
}
