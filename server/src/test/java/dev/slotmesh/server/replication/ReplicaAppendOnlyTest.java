package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The append-only file of a node whose data set is replaced by that of a primary. */
@Timeout(120)
final class ReplicaAppendOnlyTest {
    @AutoClose
    private final Peers peers = new Peers();

    @ParameterizedTest
    @CsvSource({"disabled", "on-empty-db", "swapdb"})
    void shouldHoldTheDataSetThatAFullResyncBrought(String load) throws Exception {
        int primary = peers.redis("--enable-debug-command", "yes").port();
        Peers.ask(primary, "DEBUG", "POPULATE", "1000");
        Path own = peers.ownDirectory();
        String digest;
        try (Node replica = start(own, "--repl-diskless-load", load)) {
            Peers.ask(replica.port(), "SET", "own", "before");
            follow(replica.port(), primary);
            Peers.ask(primary, "SET", "later", "value");
            Peers.awaitInStep(primary, replica.port());
            awaitWholeFile(replica.port());
            Peers.ask(primary, "SET", "latest", "value");
            Peers.awaitInStep(primary, replica.port());
            digest = Peers.digest(replica.port());
            assertThat(digest).isEqualTo(Peers.digest(primary));
        }

        try (Node again = start(own)) {
            assertThat(Peers.digest(again.port())).isEqualTo(digest);
        }
    }

    /** What was kept is of use until the primary's data set is there, and the node goes on with it when it leads. */
    @Test
    void shouldBeKeptAgainByANodeThatLeadsAfterALoadThatFailed() throws Exception {
        String answer =
                "+FULLRESYNC " + "a".repeat(40) + " 0\r\n$100\r\nREDIS0010 and nothing of use";
        Path own = peers.ownDirectory();
        String digest;
        try (ScriptedPrimary primary = ScriptedPrimary.answering(answer, true);
                Node replica = start(own, "--repl-diskless-load", "on-empty-db")) {
            follow(replica.port(), primary.port());
            Awaitility.await().atMost(Peers.PATIENCE).until(() -> primary.answered() > 0);
            Peers.awaitInfo(replica.port(), "aof_enabled", "0");

            // Refused while the next attempt is being loaded.
            Awaitility.await()
                    .atMost(Peers.PATIENCE)
                    .until(() ->
                            Peers.ask(replica.port(), "REPLICAOF", "NO", "ONE").equals("+OK\r\n"));
            awaitWholeFile(replica.port());
            Peers.ask(replica.port(), "SET", "own", "after");
            digest = Peers.digest(replica.port());
        }

        try (Node again = start(own)) {
            assertThat(Peers.ask(again.port(), "GET", "own")).isEqualTo("$5\r\nafter\r\n");
            assertThat(Peers.digest(again.port())).isEqualTo(digest);
        }
    }

    private Node start(Path own, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of("--appendonly", "yes", "--dir", own.toString()));
        all.addAll(List.of("--enable-debug-command", "yes"));
        all.addAll(List.of(more));
        return peers.slotmesh(all.toArray(String[]::new));
    }

    private static void follow(int replica, int primary) {
        assertThat(Peers.ask(replica, "REPLICAOF", "127.0.0.1", "" + primary)).startsWith("+OK");
    }

    private static void awaitWholeFile(int port) {
        Awaitility.await()
                .atMost(Peers.PATIENCE)
                .until(() -> !Peers.info(port, "aof_rewrites").equals("0"));
        Peers.awaitInfo(port, "aof_rewrite_scheduled", "0");
        Peers.awaitInfo(port, "aof_rewrite_in_progress", "0");
        assertThat(Peers.info(port, "aof_last_bgrewrite_status")).isEqualTo("ok");
    }
}
