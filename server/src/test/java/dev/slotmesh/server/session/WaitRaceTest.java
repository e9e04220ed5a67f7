package dev.slotmesh.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of several event loops push, wait, time out, unblock each other, run transactions and disconnect all at once:
 * every pushed value is given to exactly one client or is still there, and nothing is left in the registries.
 *
 * <p>{@code -Dslotmesh.waits.steps=N} makes N steps per loop instead of 5,000.
 */
final class WaitRaceTest {
    private static final int STEPS = Integer.getInteger("slotmesh.waits.steps", 5_000);
    private static final int LOOPS = 4;
    private static final int CLIENTS = 6;
    private static final int KEYS = 3;
    private static final long SEED = 811;

    @ParameterizedTest(name = "a lock per slot: {0}")
    @ValueSource(booleans = {false, true})
    void shouldGiveEachValueToOneClient(boolean lockPerSlot) throws Exception {
        SessionFixture node =
                new SessionFixture(lockPerSlot ? new OwnsAll() : null, SessionLimits.DEFAULT);
        ExecutorService threads = Executors.newFixedThreadPool(LOOPS);
        try {
            List<Loop> loops = new ArrayList<>();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < LOOPS; i++) {
                Loop loop = new Loop(node, i);
                loops.add(loop);
                running.add(threads.submit(loop::run));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }

            List<String> pushed = sorted(loops.stream().flatMap(loop -> loop.pushed.stream()));
            List<String> taken = node.waiting().served().stream()
                    .flatMap(values -> Stream.of(values.split(";")))
                    .toList();
            assertThat(sorted(Stream.concat(taken.stream(), left(node))))
                    .as("seed " + SEED)
                    .isEqualTo(pushed);
            assertThat(taken).as("some clients really waited").hasSizeGreaterThan(STEPS / 10);
            assertThat(node.mistakes()).isEmpty();
        } finally {
            threads.shutdownNow();
            assertThat(node.dispatcher().keysOfInterest()).isZero();
            node.close();
        }
    }

    private static List<String> sorted(Stream<String> values) {
        return values.sorted().toList();
    }

    private static Stream<String> left(SessionFixture node) {
        HeldConnection client = node.connect();
        return Stream.iterate(0, key -> key < KEYS * 2, key -> key + 1)
                .map(key -> SessionFixture.call(client, "GET " + key(key)))
                .filter(reply -> !reply.startsWith("$-1"))
                .map(reply -> reply.substring(reply.indexOf('\n') + 1).strip())
                .flatMap(values -> Stream.of(values.split(";")));
    }

    /** Keys of two slots. */
    private static String key(int number) {
        return "{" + number % 2 + "}" + number / 2;
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

    /** One thread with its clients. */
    private static final class Loop {
        private final SessionFixture node;
        private final int number;
        private final SplittableRandom random;
        private final List<HeldConnection> clients = new ArrayList<>();
        private final List<String> pushed = new ArrayList<>();

        Loop(SessionFixture node, int number) {
            this.node = node;
            this.number = number;
            this.random = new SplittableRandom(SEED + number);
        }

        void run() {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new HeldConnection(node.dispatcher()));
            }
            for (int step = 0; step < STEPS; step++) {
                int which = random.nextInt(CLIENTS);
                HeldConnection client = clients.get(which);
                client.take();
                if (random.nextInt(200) == 0) {
                    client.close();
                    client.runTasks();
                    clients.set(which, new HeldConnection(node.dispatcher()));
                } else if (client.session().isWaiting()) {
                    disturb(client);
                } else {
                    act(client, step);
                }
            }
            for (HeldConnection client : clients) {
                client.close();
                client.runTasks();
                assertThat(client.heldBytes()).isZero();
                assertThat(client.timers()).isZero();
            }
        }

        private void act(HeldConnection client, int step) {
            String key = key(random.nextInt(KEYS * 2));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> client.command("APPEND", key, push(step));
                case 3 -> {
                    client.command("MULTI");
                    client.command("APPEND", key, push(step));
                    client.command("EXEC");
                }
                case 4 -> {
                    List<Long> ids = node.dispatcher().clients().all().stream()
                            .map(Session::id)
                            .toList();
                    String id = ids.get(random.nextInt(ids.size())).toString();
                    client.command(
                            "CLIENT", "UNBLOCK", id, random.nextBoolean() ? "ERROR" : "TIMEOUT");
                }
                default -> {
                    String tag = key.substring(0, 3);
                    client.command("BLPOP", key, tag + random.nextInt(KEYS), timeout());
                }
            }
        }

        private String push(int step) {
            String value = number + "-" + step;
            pushed.add(value);
            return value + ";";
        }

        private String timeout() {
            return random.nextBoolean() ? "0" : "10";
        }

        private void disturb(HeldConnection client) {
            if (random.nextInt(4) == 0) {
                client.elapse(random.nextInt(10));
            }
        }
    }
}
