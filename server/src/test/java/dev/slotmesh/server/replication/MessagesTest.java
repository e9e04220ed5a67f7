package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Outside of a cluster, what is published on a primary reaches those who are subscribed on its replicas, and no file. */
@Timeout(240)
final class MessagesTest {
    private static final String MESSAGE = "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n";
    private static final String BY_PATTERN =
            "*4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$5\r\nhello\r\n";

    @AutoClose
    private final Peers peers = new Peers();

    @Test
    void shouldReachSubscribersOfReplicasOfEitherKindAndOfTheirs() throws Exception {
        Path files = peers.ownDirectory();
        Node primary = peers.slotmesh("--appendonly", "yes", "--dir", files.toString());
        int ours = peers.slotmeshReplicaOf(primary.port()).port();
        int theirs = peers.redisReplicaOf(primary.port()).port();
        int below = peers.redisReplicaOf(ours).port();
        Peers.awaitInStep(primary.port(), ours);
        Peers.awaitInStep(primary.port(), theirs);
        Peers.awaitInStep(ours, below);

        shouldDeliver(primary.port(), List.of(ours, theirs, below));

        String written = appended(files);
        assertThat(written).contains("before").contains("after").doesNotContain("hello");
    }

    @Test
    void shouldReachSubscribersOfAReplicaOfRedis() throws Exception {
        int redis = peers.redis().port();
        int ours = peers.slotmeshReplicaOf(redis).port();
        Peers.awaitInStep(redis, ours);

        shouldDeliver(redis, List.of(ours));
    }

    private static void shouldDeliver(int primary, List<Integer> replicas) {
        for (int replica : replicas) {
            try (RespConnection listener = RespConnection.to(replica)) {
                assertThat(listener.call("SUBSCRIBE", "news")).startsWith("*3\r\n$9\r\nsubscribe");
                assertThat(listener.call("PSUBSCRIBE", "n*")).startsWith("*3\r\n$10\r\npsubscribe");
                Peers.ask(primary, "SET", "k", "before");

                assertThat(Peers.ask(primary, "PUBLISH", "news", "hello"))
                        .as("receivers on the primary itself")
                        .isEqualTo(":0\r\n");

                assertThat(listener.readReplyText()).isEqualTo(MESSAGE);
                assertThat(listener.readReplyText()).isEqualTo(BY_PATTERN);
            }
            Peers.ask(primary, "SET", "k", "after");
            Awaitility.await()
                    .atMost(Peers.PATIENCE)
                    .until(() -> Peers.ask(replica, "GET", "k").contains("after"));
        }
    }

    /** What was appended to the files since the node started. */
    private static String appended(Path files) throws Exception {
        try (Stream<Path> all = Files.list(files.resolve("appendonlydir"))) {
            StringBuilder text = new StringBuilder();
            for (Path file :
                    all.filter(each -> each.toString().endsWith(".incr.aof")).toList()) {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return text.toString();
        }
    }
}
