package dev.slotmesh.server.commands.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages between clients of several event loops. */
@Timeout(60)
final class PubSubOrderTest {
    private static final int PUBLISHERS = 4;
    private static final int SUBSCRIBERS = 4;
    private static final int MESSAGES = 2000;

    @TempDir
    private Path directory;

    @AutoClose
    private Node node;

    @BeforeEach
    void start() throws Exception {
        node = EmbeddedNode.start(
                directory,
                "--io-threads",
                "4",
                "--client-output-buffer-limit",
                "pubsub",
                "1mb",
                "0",
                "0");
    }

    @Test
    void shouldGiveAllSubscribersTheSameOrder() throws Exception {
        List<RespConnection> subscribers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS + SUBSCRIBERS);
        try {
            List<Future<List<String>>> received = new ArrayList<>();
            for (int i = 0; i < SUBSCRIBERS; i++) {
                RespConnection subscriber = RespConnection.to(node.port());
                subscribers.add(subscriber);
                subscriber.call("SUBSCRIBE", "even");
                subscriber.call("PSUBSCRIBE", "od?");
                received.add(threads.submit(() -> read(subscriber)));
            }
            List<Future<?>> publishers = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                String name = "p" + i + ":";
                publishers.add(threads.submit(() -> publish(name)));
            }
            for (Future<?> publisher : publishers) {
                publisher.get();
            }

            List<String> first = received.get(0).get();
            for (Future<List<String>> other : received) {
                assertThat(other.get()).isEqualTo(first);
            }
            for (int i = 0; i < PUBLISHERS; i++) {
                String name = "p" + i + ":";
                assertThat(first.stream()
                                .filter(text -> text.startsWith(name))
                                .map(text -> Integer.valueOf(text.substring(3))))
                        .hasSize(MESSAGES)
                        .isSorted();
            }
        } finally {
            threads.shutdownNow();
            subscribers.forEach(RespConnection::close);
        }
    }

    private void publish(String name) {
        try (RespConnection client = RespConnection.to(node.port())) {
            for (int i = 0; i < MESSAGES; i++) {
                String channel = i % 2 == 0 ? "even" : "odd";
                assertThat(client.call("PUBLISH", channel, name + i))
                        .isEqualTo(":" + SUBSCRIBERS + "\r\n");
            }
        }
    }

    private static List<String> read(RespConnection subscriber) {
        List<String> texts = new ArrayList<>();
        while (texts.size() < PUBLISHERS * MESSAGES) {
            String[] lines = subscriber.readReplyText().split("\r\n");
            texts.add(lines[lines.length - 1]);
        }
        return texts;
    }

    @Test
    void shouldSendNothingAfterTheEndOfASubscription() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (RespConnection subscriber = RespConnection.to(node.port())) {
            Future<?> publisher = thread.submit(() -> {
                try (RespConnection client = RespConnection.to(node.port())) {
                    for (int i = 0; i < 4 * MESSAGES; i++) {
                        client.call("PUBLISH", "channel", "text");
                    }
                }
            });
            int rounds = 0;
            while (!publisher.isDone()) {
                assertThat(subscriber.call("SUBSCRIBE", "channel")).contains("$9\r\nsubscribe");
                subscriber.send("*2\r\n$11\r\nUNSUBSCRIBE\r\n$7\r\nchannel\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                String reply = subscriber.readReplyText();
                while (reply.contains("$7\r\nmessage")) {
                    reply = subscriber.readReplyText();
                }
                assertThat(reply).contains("$11\r\nunsubscribe");
                assertThat(subscriber.call("PING")).isEqualTo("+PONG\r\n");
                rounds++;
            }
            publisher.get();
            assertThat(rounds).isPositive();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void shouldDropASubscriberThatDoesNotRead() {
        try (RespConnection slow = RespConnection.to(node.port());
                RespConnection publisher = RespConnection.to(node.port())) {
            slow.call("SUBSCRIBE", "channel");
            String text = "x".repeat(256 * 1024);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> publisher.call("PUBLISH", "channel", text).equals(":0\r\n"));

            assertThat(publisher.call("PUBSUB", "NUMSUB", "channel"))
                    .isEqualTo("*2\r\n$7\r\nchannel\r\n:0\r\n");
            assertThat(publisher.call("CLIENT", "LIST", "TYPE", "pubsub")).isEqualTo("$0\r\n\r\n");
        }
    }
}
