package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.LinkProxy;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica of the other kind of server while all types are written to: its link is cut, held up and cut within an image, both
 * ends are started again, and whole resyncs are forced. What a partial resync can do is done by one, and in the end both have the
 * same data.
 *
 * <p>{@code -Dslotmesh.replication.seconds=60} takes a minute for each direction instead of a few seconds, {@code
 * -Dslotmesh.replication.seed=S} another seed, and {@code -Dslotmesh.replication.events=CUT,HOLD} only those events.
 */
@Timeout(3600)
final class ReplicaUnderLoadTest {
    private static final long SECONDS = Long.getLong("slotmesh.replication.seconds", 4);
    private static final long SEED = Long.getLong("slotmesh.replication.seed", System.nanoTime());
    private static final String EVENTS = System.getProperty("slotmesh.replication.events", "");
    private static final int LEAST_EVENTS = EVENTS.isEmpty() ? 3 : 1;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final String[] SETTINGS = {
        "--repl-backlog-size",
        "256mb",
        "--client-output-buffer-limit",
        "replica",
        "1gb",
        "0",
        "0",
        "--repl-ping-replica-period",
        "1",
        "--repl-diskless-sync-delay",
        "0",
        "--proto-max-bulk-len",
        "64mb"
    };

    @TempDir
    private Path directory;

    /** What happens to a replica. */
    private enum Event {
        /** The link breaks. */
        CUT(true),
        /** The link stays open and carries nothing, until either end gives it up. */
        HOLD(true),
        /** The replica saves, ends and begins again. */
        SAVED_RESTART(true),
        /** The replica begins again without what it had. */
        EMPTY_RESTART(false),
        /** The replica leads for a moment. */
        PROMOTION(false),
        /** As before, and the link breaks in the middle of the image. */
        BROKEN_IMAGE(false),
        /** The primary saves, ends and begins again. */
        PRIMARY_RESTART(true);

        final boolean partial;

        Event(boolean partial) {
            this.partial = partial;
        }
    }

    @Test
    void shouldFollowRedis(TestReporter reporter) throws Exception {
        try (LoadedServer primary = LoadedServer.redis(made("primary"), SETTINGS);
                LoadedServer replica = LoadedServer.slotmesh(made("replica"), SETTINGS)) {
            new Ordeal(primary, replica).run(reporter);
        }
    }

    @Test
    void shouldBeFollowedByRedis(TestReporter reporter) throws Exception {
        try (LoadedServer primary = LoadedServer.slotmesh(made("primary"), SETTINGS);
                LoadedServer replica = LoadedServer.redis(made("replica"), SETTINGS)) {
            new Ordeal(primary, replica).run(reporter);
        }
    }

    private Path made(String name) throws Exception {
        return Files.createDirectories(directory.resolve(name));
    }

    /** One pair of servers and all that happens to it. */
    private static final class Ordeal {
        private final LoadedServer primary;
        private final LoadedServer replica;
        private final SplittableRandom random = new SplittableRandom(SEED);
        private final Map<Event, Integer> happened = new EnumMap<>(Event.class);
        private LinkProxy link;

        Ordeal(LoadedServer primary, LoadedServer replica) {
            this.primary = primary;
            this.replica = replica;
        }

        void run(TestReporter reporter) {
            long endNanos = System.nanoTime() + SECONDS * 1_000_000_000L;
            long lines;
            try (LinkProxy proxy = LinkProxy.to(primary.port())) {
                link = proxy;
                try (ReplicationLoad load = new ReplicationLoad(primary.port(), SEED)) {
                    follow();
                    awaitLink();
                    while (happened.size() < LEAST_EVENTS || endNanos - System.nanoTime() > 0) {
                        happen(chosen());
                        awaitLines(load);
                    }
                    lines = load.lines();
                }
                awaitEqual();
            } catch (AssertionError | Exception failure) {
                throw new AssertionError(
                        "seed " + SEED + " after " + happened + ": " + failure.getMessage()
                                + "\n--- " + replica.name() + " replica\n" + tail(replica.log())
                                + "\n--- " + primary.name() + " primary\n" + tail(primary.log()),
                        failure);
            }
            reporter.publishEntry(
                    replica.name() + " of " + primary.name(),
                    lines + " lines, " + happened + ", keys "
                            + primary.call("DBSIZE").strip());
        }

        private static String tail(String log) {
            return log.substring(Math.max(0, log.length() - 6000));
        }

        private Event chosen() {
            while (true) {
                Event event = Event.values()[random.nextInt(Event.values().length)];
                if (EVENTS.isEmpty() || (EVENTS + ",").contains(event + ",")) {
                    return event;
                }
            }
        }

        private void happen(Event event) throws Exception {
            happened.merge(event, 1, Integer::sum);
            vary();
            Counts before = Counts.of(primary);
            switch (event) {
                case CUT -> link.cut();
                case HOLD -> hold();
                case SAVED_RESTART -> restartSaved(replica);
                case EMPTY_RESTART -> {
                    Files.deleteIfExists(file(replica));
                    rewrite(replica);
                    replica.restart();
                }
                case PROMOTION -> lead();
                case BROKEN_IMAGE -> {
                    lead();
                    link.cutAfter(random.nextInt(200_000));
                }
                case PRIMARY_RESTART -> {
                    primary.shutDown();
                    primary.restart();
                    before = new Counts(0, 0);
                }
            }
            if (event == Event.PROMOTION || event == Event.BROKEN_IMAGE) {
                follow();
            }
            awaitLink(before, event);
        }

        /** How the next image is sent and loaded. */
        private void vary() {
            primary.call(
                    "CONFIG", "SET", "repl-diskless-sync", random.nextBoolean() ? "yes" : "no");
            String[] ways = {"disabled", "on-empty-db", "swapdb"};
            replica.call("CONFIG", "SET", "repl-diskless-load", ways[random.nextInt(ways.length)]);
        }

        private void hold() {
            patience("2");
            long connections = link.accepted();
            link.hold();
            await("the replica gives the silent link up", () -> link.accepted() > connections);
            link.cut();
            patience("60");
        }

        /** For how many seconds a link may be silent. */
        private void patience(String seconds) {
            replica.call("CONFIG", "SET", "repl-timeout", seconds);
            primary.call("CONFIG", "SET", "repl-timeout", seconds);
        }

        private void restartSaved(LoadedServer server) throws Exception {
            assertThat(server.call("SAVE")).isEqualTo("+OK\r\n");
            rewrite(server);
            server.restart();
        }

        /** What it follows outlasts it. */
        private static void rewrite(LoadedServer server) {
            assertThat(server.call("CONFIG", "REWRITE")).isEqualTo("+OK\r\n");
        }

        private static Path file(LoadedServer server) {
            String[] reply = server.call("CONFIG", "GET", "dir").split("\r\n");
            return Path.of(reply[4]).resolve("dump.rdb");
        }

        private void lead() {
            assertThat(replica.call("REPLICAOF", "NO", "ONE")).isEqualTo("+OK\r\n");
            replica.call("SET", "own", "write");
        }

        private void follow() {
            assertThat(replica.call("REPLICAOF", "127.0.0.1", Integer.toString(link.port())))
                    .startsWith("+OK");
        }

        /** Until the primary has counted a resync of the right kind, and the replica is up. */
        private void awaitLink(Counts before, Event event) {
            await("the link after " + event, () -> {
                Counts now = Counts.of(primary);
                boolean begun =
                        event.partial ? now.partial > before.partial : now.full > before.full;
                if (event.partial && now.full > before.full) {
                    throw new AssertionError("after " + event + " a full resync came instead");
                }
                return begun && isUp();
            });
        }

        private void awaitLink() {
            await("the first link", this::isUp);
        }

        private boolean isUp() {
            return replica.info("master_link_status").equals("up");
        }

        private void awaitLines(ReplicationLoad load) {
            long enough = load.lines() + 100 + random.nextInt(2000);
            await("the load goes on", () -> load.lines() > enough);
        }

        private void awaitEqual() {
            try {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInterval(POLL)
                        .until(() -> isUp()
                                && replica.figure("slave_repl_offset")
                                        == primary.figure("master_repl_offset")
                                && primary.call("DEBUG", "DIGEST")
                                        .equals(replica.call("DEBUG", "DIGEST")));
            } catch (ConditionTimeoutException never) {
                throw new AssertionError(
                        "what differs: " + new DataDifference(primary, replica).text(), never);
            }
        }

        private static void await(String what, Condition condition) {
            Awaitility.await(what).atMost(PATIENCE).pollInterval(POLL).until(() -> {
                try {
                    return condition.holds();
                } catch (UncheckedIOException goneForAMoment) {
                    return false;
                }
            });
        }
    }

    private interface Condition {
        boolean holds();
    }

    private record Counts(long full, long partial) {
        static Counts of(LoadedServer primary) {
            return new Counts(primary.figure("sync_full"), primary.figure("sync_partial_ok"));
        }
    }
}
