package dev.slotmesh.server.session;

import static dev.slotmesh.server.session.HeldConnection.request;
import static dev.slotmesh.server.session.SessionFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** MULTI, EXEC and WATCH as far as one server cannot be compared with another: other clients, memory, slots. */
final class TransactionTest {
    private static final String ABORTED =
            "-EXECABORT Transaction discarded because of previous errors.\r\n";
    private static final String BROKEN = "*-1\r\n";
    private final SessionFixture node = new SessionFixture();
    private final HeldConnection client = node.connect();
    private final HeldConnection other = node.connect();

    @AfterEach
    void shouldLeaveNothingBehind() {
        node.close();
    }

    @Test
    void shouldExecuteNothingWhenAnotherClientChangedAWatchedKey() {
        for (String change : List.of(
                "SET k 1",
                "APPEND k 1",
                "DEL k",
                "SET k 1 EX 100",
                "PERSIST k",
                "RENAME k l",
                "RENAME l k",
                "COPY k l",
                "FLUSHALL",
                "SET k 1",
                "EXPIRE k 0",
                "SETRANGE k 1 1",
                "SWAPDB 0 1")) {
            call(client, "WATCH other k l");
            call(other, change);
            assertThat(execute("SET other x")).as(change).isEqualTo(BROKEN);
        }
        for (String noChange :
                List.of("GET k", "DEL k", "EXPIRE k 10", "FLUSHALL", "SET k 1 XX", "TOUCH k")) {
            call(client, "WATCH other k");
            call(other, noChange);
            assertThat(execute("SET mine x")).as(noChange).isEqualTo("*1\r\n+OK\r\n");
        }
    }

    @Test
    void shouldExecuteNothingWhenAWatchedKeyHasExpired() {
        call(client, "SET k 1 PXAT " + (System.currentTimeMillis() + 100));
        call(client, "WATCH k");
        call(client, "MULTI");
        call(client, "PING");
        while (!call(other, "EXISTS k").equals(":0\r\n")) {
            Thread.onSpinWait();
        }
        assertThat(call(client, "EXEC")).isEqualTo(BROKEN);

        call(client, "SET k 1 PXAT 1");
        call(client, "WATCH k");
        call(other, "GET k");
        assertThat(execute("PING")).as("absent before and after").isEqualTo("*1\r\n+PONG\r\n");
    }

    @Test
    void shouldPushNothingIntoTheReplyOfATransactionThatStandsStill() {
        String transaction = request("MULTI") + request("DEBUG", "x") + request("EXEC");
        String before = "+OK\r\n+QUEUED\r\n*1\r\n";
        client.send(transaction + transaction + request("ECHO", "a"));
        assertThat(client.take()).isEqualTo(before);

        push("first");
        push("second");
        assertThat(client.take()).as("the reply is not whole").isEmpty();
        node.waiting().answer();
        assertThat(client.take())
                .as("the next one stands still")
                .isEqualTo("+answered\r\n" + before);
        push("third");
        node.waiting().answer();

        assertThat(client.take())
                .isEqualTo("+answered\r\n$1\r\na\r\n+first\r\n+second\r\n+third\r\n");
        push("fourth");
        assertThat(client.take()).isEqualTo("+fourth\r\n");
    }

    @Test
    void shouldForgetWhatWasPushedIntoATransactionWhoseClientHasGone() {
        client.send(request("MULTI") + request("DEBUG", "x") + request("EXEC"));
        push("late");
        client.take();

        client.close();
        client.runTasks();
        node.waiting().answer();

        assertThat(client.take()).isEmpty();
        assertThat(client.heldBytes()).isZero();
    }

    /** As somebody else does it; the client gets it as soon as its loop comes to it. */
    private void push(String text) {
        client.session().pushes().add(reply -> reply.simpleString(text));
        client.runTasks();
    }

    @Test
    void shouldForgetWatchesWithTheirEnd() {
        for (String end : List.of("UNWATCH", "MULTI;DISCARD", "MULTI;EXEC", "RESET")) {
            call(client, "WATCH a b c");
            assertThat(node.dispatcher().keysOfInterest()).isEqualTo(3);
            for (String line : end.split(";")) {
                call(client, line);
            }
            assertThat(node.dispatcher().keysOfInterest()).as(end).isZero();
        }
        call(client, "WATCH a a");
        client.close();
        client.runTasks();
        assertThat(node.dispatcher().keysOfInterest()).isZero();
    }

    @Test
    void shouldShowTheTransactionInTheClientList() {
        call(client, "WATCH k");
        assertThat(info()).contains(" flags=N ").contains(" multi=-1 ");
        call(client, "MULTI");
        call(client, "SET k 1");
        assertThat(info()).contains(" flags=x ").contains(" multi=1 ").contains(" multi-mem=29 ");
        call(other, "SET k 2");
        assertThat(info()).contains(" flags=xd ");
        call(client, "DISCARD");
        assertThat(info()).contains(" flags=N ").contains(" multi=-1 ").contains(" multi-mem=0 ");
    }

    @Test
    void shouldCloseAClientWhoseQueueIsTooLarge() {
        SessionLimits limits =
                new SessionLimits(1 << 20, 1 << 16, new SessionLimits.Output(0, 0, 0), 1000);
        try (SessionFixture small = new SessionFixture(null, limits)) {
            HeldConnection queueing = small.connect();
            call(queueing, "MULTI");
            String value = "x".repeat(10_000);
            for (int i = 0; i < 6; i++) {
                assertThat(call(queueing, "SET k " + value)).isEqualTo("+QUEUED\r\n");
            }
            call(queueing, "SET k " + value);

            queueing.runTasks();
            assertThat(queueing.isOpen()).isFalse();
            assertThat(small.mistakes()).containsExactly("query buffer");
            assertThat(queueing.heldBytes()).isZero();
        }
    }

    @Test
    void shouldCopyWhatIsQueued() {
        client.send(
                request("MULTI") + request("SET", "k", "first") + request("SET", "l", "second"));
        client.send(
                request("SET", "m", "third") + request("EXEC") + request("MGET", "k", "l", "m"));

        assertThat(client.take())
                .isEqualTo("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n+OK\r\n+OK\r\n"
                        + "*3\r\n$5\r\nfirst\r\n$6\r\nsecond\r\n$5\r\nthird\r\n");
    }

    @Test
    void shouldDecideOverTheSlotsOfTheQueueAsAWhole() {
        int[] lost = {-1};
        Router router = new Router() {
            @Override
            public String refusal(Call call, int slot) {
                return slot == lost[0] ? "MOVED " + slot + " 127.0.0.1:7001" : null;
            }

            @Override
            public String waitRefusal(Session session, int slot) {
                return null;
            }
        };
        try (SessionFixture cluster = new SessionFixture(router, SessionLimits.DEFAULT)) {
            HeldConnection queueing = cluster.connect();
            lines(queueing, "MULTI", "SET a 1", "SET b 2");
            assertThat(call(queueing, "EXEC"))
                    .isEqualTo("-CROSSSLOT Keys in request don't hash to the same slot\r\n");
            assertThat(call(queueing, "EXISTS a")).isEqualTo(":0\r\n");
            lines(queueing, "MULTI", "SET {a}1 1", "PING", "INCR {a}2");
            assertThat(call(queueing, "EXEC")).isEqualTo("*3\r\n+OK\r\n+PONG\r\n:1\r\n");

            lines(queueing, "WATCH b", "MULTI", "SET a 1", "KEYS *");
            assertThat(call(queueing, "EXEC")).startsWith("*2\r\n+OK\r\n*3\r\n");
            lost[0] = slotOf("a");
            call(queueing, "MULTI");
            assertThat(call(queueing, "SET a 1"))
                    .isEqualTo("-MOVED " + lost[0] + " 127.0.0.1:7001\r\n");
            assertThat(call(queueing, "EXEC")).isEqualTo(ABORTED);
            lines(queueing, "MULTI", "SET b 1");
            lost[0] = slotOf("b");
            assertThat(call(queueing, "EXEC"))
                    .isEqualTo("-MOVED " + lost[0] + " 127.0.0.1:7001\r\n");
            assertThat(call(queueing, "EXEC")).isEqualTo("-ERR EXEC without MULTI\r\n");
        }
    }

    /** Each transaction moves one unit between two counters of a slot; a watcher moves it back, if nobody came between. */
    @Test
    void shouldBeAtomicBesideOtherLoops() throws Exception {
        int loops = 4;
        int rounds = 500;
        ExecutorService threads = Executors.newFixedThreadPool(loops);
        CountDownLatch start = new CountDownLatch(1);
        try (SessionFixture cluster = new SessionFixture(new OwnsAll(), SessionLimits.DEFAULT)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < loops; i++) {
                boolean watches = i % 2 == 1;
                running.add(threads.submit(() -> {
                    HeldConnection mover = new HeldConnection(cluster.dispatcher());
                    start.await();
                    int executed = 0;
                    for (int round = 0; round < rounds; round++) {
                        executed += watches ? increment(mover) : move(mover);
                    }
                    mover.close();
                    mover.runTasks();
                    return executed;
                }));
            }
            start.countDown();
            int incremented = 0;
            for (int i = 0; i < loops; i++) {
                int executed = running.get(i).get(60, TimeUnit.SECONDS);
                incremented += i % 2 == 1 ? executed : 0;
            }

            HeldConnection reader = cluster.connect();
            assertThat(call(reader, "MGET {t}a {t}b {t}sum"))
                    .isEqualTo(bulks(-loops / 2 * rounds, loops / 2 * rounds, incremented));
        } finally {
            threads.shutdownNow();
        }
    }

    /** Reads, adds one and stores, unless somebody else did meanwhile. Returns how often it was executed, 0 or 1. */
    private static int increment(HeldConnection mover) {
        lines(mover, "WATCH {t}sum");
        String now = call(mover, "GET {t}sum");
        int sum = now.startsWith("$-1") ? 0 : Integer.parseInt(now.split("\r\n")[1]);
        lines(mover, "MULTI", "SET {t}sum " + (sum + 1));
        return call(mover, "EXEC").startsWith("*1") ? 1 : 0;
    }

    private static int move(HeldConnection mover) {
        lines(mover, "MULTI", "DECR {t}a", "INCR {t}b", "MGET {t}a {t}b");
        String[] reply = call(mover, "EXEC").split("\r\n");
        assertThat(Integer.parseInt(reply[5])).isEqualTo(-Integer.parseInt(reply[7]));
        return 1;
    }

    private static String bulks(int... numbers) {
        StringBuilder text = new StringBuilder("*" + numbers.length + "\r\n");
        for (int number : numbers) {
            String digits = Integer.toString(number);
            text.append('$')
                    .append(digits.length())
                    .append("\r\n")
                    .append(digits)
                    .append("\r\n");
        }
        return text.toString();
    }

    private record OwnsAll() implements Router {
        @Override
        public String refusal(Call call, int slot) {
            return null;
        }

        @Override
        public String waitRefusal(Session session, int slot) {
            return null;
        }
    }

    private static int slotOf(String key) {
        try (var buffer = new dev.slotmesh.keyspace.memory.NativeBuffer(16)) {
            return HashSlot.of(buffer.put(key.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static void lines(HeldConnection of, String... lines) {
        for (String line : lines) {
            call(of, line);
        }
    }

    private String info() {
        return call(other, "CLIENT LIST")
                .lines()
                .filter(line -> line.contains("id=" + client.session().id() + " "))
                .findFirst()
                .orElseThrow();
    }

    private String execute(String line) {
        call(client, "MULTI");
        call(client, line);
        return call(client, "EXEC");
    }
}
