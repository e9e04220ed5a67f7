package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.Reply;
import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.session.KeyEventSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Random commands make the keyspace events that redis-server 7.0 publishes, in its order, on its channels.
 *
 * <p>{@code -Dslotmesh.differential.events=N} sends N lines instead of 3,000, {@code -Dslotmesh.differential.seed=S} adds S
 * to the seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KeyEventTest {
    private static final int LINES = Integer.getInteger("slotmesh.differential.events", 3_000);
    private static final long SEED = 20263 + Long.getLong("slotmesh.differential.seed", 0);
    private static final List<CommandGroup> GROUPS =
            List.of(new StringGroup(), new BitmapGroup(), new KeyGroup());
    private static final String MARK = "mark";

    private final Recorded ours = new Recorded();

    @AutoClose
    private RedisOracle redis;

    @AutoClose
    private Node node;

    /** What the server under test would publish, as channel and message. Any thread. */
    private static final class Recorded implements KeyEventSink {
        private final List<String> messages = new ArrayList<>();

        @Override
        public synchronized void event(
                int database,
                ByteSpan key,
                KeyEvent event,
                boolean onKeyspace,
                boolean onKeyevent) {
            String name = new String(key.toByteArray(), StandardCharsets.ISO_8859_1);
            if (onKeyspace) {
                messages.add("__keyspace@" + database + "__:" + name + " " + event.name());
            }
            if (onKeyevent) {
                messages.add("__keyevent@" + database + "__:" + event.name() + " " + name);
            }
        }

        synchronized List<String> take() {
            List<String> taken = List.copyOf(messages);
            messages.clear();
            return taken;
        }
    }

    @BeforeAll
    void start() throws Exception {
        redis = RedisOracle.start("--enable-debug-command", "yes");
        Assumptions.assumeTrue(
                redis.isAtLeast(7, 0), "the events of redis-server 7.0 are what is compared with");
        node = EmbeddedNode.start("--enable-debug-command", "yes");
        node.dispatcher().notifications().sink(ours);
    }

    @Test
    void shouldMakeTheEventsThatRedisPublishes() {
        try (RespConnection left = RespConnection.to(node.port());
                RespConnection right = redis.connect();
                RespConnection subscriber = redis.connect()) {
            ask(left, "KEAnm");
            ask(right, "KEAnm");
            subscriber.call("PSUBSCRIBE", "__key*__:*");
            Words words = new Words(new SplittableRandom(SEED));
            List<String> before = new ArrayList<>();

            for (int sent = 0; sent < LINES; ) {
                for (Line line : words.pick(GROUPS).next(words)) {
                    sent++;
                    String mark = MARK + sent;
                    before.add(line + "");
                    for (RespConnection client : List.of(left, right)) {
                        client.call(line.toArray());
                        client.call("SETRANGE", mark, "0", "x");
                        client.call("DEL", mark);
                    }

                    assertThat(unordered(line, upTo(mark, ours.take())))
                            .as(
                                    "seed %d, line %d: %s",
                                    SEED,
                                    sent,
                                    before.subList(Math.max(0, before.size() - 12), before.size()))
                            .isEqualTo(unordered(line, upTo(mark, published(subscriber, mark))));
                }
            }
        }
    }

    @Test
    void shouldPublishTheClassesThatAreAskedForOnly() {
        try (RespConnection left = RespConnection.to(node.port())) {
            ask(left, "K$");
            ours.take();

            left.call("SET", "k", "v", "EX", "100");
            left.call("GET", "nothing");
            left.call("DEL", "k");

            assertThat(ours.take()).containsExactly("__keyspace@0__:k set");

            ask(left, "g$");
            left.call("SET", "k", "v", "EX", "100");
            assertThat(ours.take()).as("neither K nor E").isEmpty();
            ask(left, "Egx");
            left.call("SET", "k", "v");
            left.call("PEXPIRE", "k", "100");
            left.call("PEXPIREAT", "k", "1");
            assertThat(ours.take())
                    .containsExactly("__keyevent@0__:expire k", "__keyevent@0__:del k");
            ask(left, "");
            left.call("SET", "k", "v", "EX", "100");
            assertThat(ours.take()).isEmpty();
        }
    }

    private static void ask(RespConnection client, String classes) {
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        client.call("FLUSHALL");
        assertThat(client.call("CONFIG", "SET", "notify-keyspace-events", classes))
                .isEqualTo("+OK\r\n");
    }

    /** The messages up to the last one of the mark. */
    private static List<String> published(RespConnection subscriber, String mark) {
        List<String> messages = new ArrayList<>();
        while (messages.isEmpty()
                || !messages.get(messages.size() - 1).matches("__keyevent@\\d+__:del " + mark)) {
            Reply.Array message = (Reply.Array) ReplyBytes.decode(subscriber.readReplyText());
            messages.add(text(message, 2) + " " + text(message, 3));
        }
        return messages;
    }

    private static String text(Reply.Array message, int element) {
        return ((Reply.Bulk) message.elements().get(element)).text();
    }

    private static List<String> upTo(String mark, List<String> messages) {
        return messages.stream().filter(message -> !message.contains(mark)).toList();
    }

    /** Walks meet keys whose time has passed in the order of each server's tables; RANDOMKEY meets any of them. */
    private static List<String> unordered(Line line, List<String> messages) {
        return switch (line.name()) {
            case "KEYS", "SCAN" -> messages.stream().sorted().toList();
            default -> messages;
        };
    }
}
