package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.ExpiryCycle;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.resp.Reply;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.session.EmbeddedConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A few clients of one node that take turns with random lines, wait for each other, dump and restore, run out of time and
 * memory. All on one thread; the node's own threads expire and free meanwhile.
 */
final class Crowd implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final int LINES_KEPT = 25;
    private static final int LONGEST_SHOWN = 300;
    private static final int MINUTE_MS = 60_000;
    private static final long CENTURY_MS = 100L * 365 * 24 * 60 * MINUTE_MS;
    private static final int CYCLE_NANOS = 20_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<CommandGroup> GROUPS = Stream.concat(
                    CommandGroups.chosen().stream(), Stream.of(new GrowthGroup()))
            .toList();

    private final Node node;
    private final Keyspace keyspace;
    private final ExpiryCycle expiry;
    private final Words words;
    private final List<EmbeddedConnection> clients = new ArrayList<>();
    private final Deque<Line> last = new ArrayDeque<>();
    private boolean shortOfMemory;

    Crowd(Node node, Words words) {
        this.node = node;
        this.keyspace = node.keyspace();
        this.expiry = new ExpiryCycle(keyspace);
        this.words = words;
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new EmbeddedConnection(node.dispatcher()));
        }
        clients.get(0).call(ProgramRun.DEFAULTS.toArray());
        clients.get(0).call("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "0");
    }

    /** Plays at least so many lines; returns how many. */
    int play(int lines) {
        int played = 0;
        while (played < lines) {
            EmbeddedConnection client = freeClient();
            if (words.onceIn(20)) {
                carry(client);
                played += 2;
            }
            if (words.onceIn(200)) {
                happen(client);
            } else if (shortOfMemory && words.onceIn(20)) {
                send(client, Line.of("CONFIG", "SET", "maxmemory", "0"));
                shortOfMemory = false;
            }
            for (Line line : words.pick(GROUPS).next(words)) {
                Line sent = words.onceIn(40) ? words.spoilt(line) : line;
                // Refused in a transaction, but if its MULTI was spoilt, it would end the node.
                if (!sent.name().equals("SHUTDOWN")) {
                    send(client, sent);
                    played++;
                }
            }
            clients.forEach(other -> check(other.takeReplies()));
            // A step of moving blocks together, whether memory asks for it or not.
            keyspace.compaction().run(words.below(2), 0, 0);
        }
        return played;
    }

    /** A client that does not wait. Sometimes, and when all do, some wait is ended in one of the ways there are. */
    private EmbeddedConnection freeClient() {
        int chosen = words.below(CLIENTS);
        EmbeddedConnection client = clients.get(chosen);
        if (!client.session().isSuspended()) {
            return client;
        }
        switch (words.below(8)) {
            case 0 -> client.elapse(2 * MINUTE_MS);
            case 1 -> client.close();
            case 2 -> node.dispatcher().unblock(client.session(), words.onceIn(2));
            default -> {
                // Another client may serve it.
            }
        }
        check(client.takeReplies());
        if (!client.isOpen() || client.session().isSuspended() && allWait()) {
            client.close();
            clients.set(chosen, new EmbeddedConnection(node.dispatcher()));
        }
        return clients.stream()
                .filter(other -> !other.session().isSuspended())
                .findFirst()
                .orElseThrow();
    }

    private boolean allWait() {
        return clients.stream().allMatch(client -> client.session().isSuspended());
    }

    private void carry(EmbeddedConnection client) {
        String dump = send(client, Line.of("DUMP", words.key()));
        if (!dump.startsWith("$") || dump.startsWith("$-1")) {
            return;
        }
        String payload = new String(
                ((Reply.Bulk) ReplyBytes.decode(dump)).bytes(), StandardCharsets.ISO_8859_1);
        LineBuilder line = new LineBuilder(words, "RESTORE")
                .add(words.key(), words.pick("0", "0", "1", "1000000"))
                .add(words.onceIn(3) ? payload : DamagedPayload.of(payload, words));
        send(client, line.maybe(2, "REPLACE").line());
    }

    /** What no client can do, or not so that all goes on after it. */
    private void happen(EmbeddedConnection client) {
        if (words.onceIn(2)) {
            long nowMs = System.currentTimeMillis() + CENTURY_MS * words.below(3);
            expiry.run(nowMs, CYCLE_NANOS, 1 + words.below(10));
            return;
        }
        long limit = keyspace.eviction().countedBytes() * (50 + words.below(60)) / 100;
        send(client, Line.of("CONFIG", "SET", "maxmemory-policy", policy()));
        send(client, Line.of("CONFIG", "SET", "maxmemory", Long.toString(limit)));
        shortOfMemory = true;
    }

    private String policy() {
        return words.pick(
                "noeviction",
                "allkeys-lru",
                "allkeys-lfu",
                "allkeys-random",
                "volatile-lru",
                "volatile-ttl",
                "volatile-random");
    }

    private String send(EmbeddedConnection client, Line line) {
        last.add(line);
        if (last.size() > LINES_KEPT) {
            last.remove();
        }
        String reply = client.call(line.toArray());
        check(reply);
        return reply;
    }

    private void check(String replies) {
        if (replies.contains("-ERR internal error")) {
            throw new AssertionError("a mistake of the server after " + lastLines());
        }
    }

    private String lastLines() {
        StringBuilder text = new StringBuilder();
        for (Line line : last) {
            String shown = line.toString();
            text.append("\n  ").append(shown, 0, Math.min(shown.length(), LONGEST_SHOWN));
        }
        return text.toString();
    }

    /** All clients go and all keys; nothing may be left. Returns the bytes that were in use before. */
    long leave() {
        EmbeddedConnection operator = new EmbeddedConnection(node.dispatcher());
        clients.forEach(EmbeddedConnection::close);
        clients.forEach(client -> check(client.takeReplies()));
        operator.call("CONFIG", "SET", "maxmemory", "0");
        long usedBytes = keyspace.memoryUse().usedBytes();
        assertThat(operator.call("FLUSHALL", words.pick("SYNC", "ASYNC"))).isEqualTo("+OK\r\n");
        operator.close();
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> keyspace.remains().free(CYCLE_NANOS)
                        && keyspace.remains().pendingCount() == 0);
        assertThat(keyspace.memoryUse().usedBytes()).as("bytes in use").isZero();
        assertThat(node.dispatcher().waitingCount()).as("waiting clients").isZero();
        assertThat(node.dispatcher().timedWaitCount()).as("of them with a time").isZero();
        assertThat(node.dispatcher().keysOfInterest()).as("keys of interest").isZero();
        return usedBytes;
    }

    @Override
    public void close() {
        clients.forEach(EmbeddedConnection::close);
    }
}
