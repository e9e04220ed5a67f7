package dev.slotmesh.server.resharding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.failover.Lineup;
import dev.slotmesh.server.failover.Member;
import dev.slotmesh.server.failover.RealCluster;
import dev.slotmesh.server.oracle.RespConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The checker: eight clients increment counters, append to lists and write pairs while slots move back and forth between all
 * primaries, and members die by {@code kill -9}: the source of a move, its target, or a replica. Longer by
 * {@code -Dslotmesh.resharding.seconds=N}, and then primaries die at any moment, else between moves; another course by {@code -Dslotmesh.resharding.seed=N}.
 */
@Timeout(3600)
final class KillsWhileSlotsMoveTest {
    private static final long SECONDS = Long.getLong("slotmesh.resharding.seconds", 8);
    /** A primary that dies just after it has claimed slots may have a successor that has not heard of it: longer runs only. */
    private static final boolean ANY_MOMENT =
            System.getProperty("slotmesh.resharding.seconds") != null;

    private static final long SEED = Long.getLong("slotmesh.resharding.seed", 6_202_611);
    private static final long NODE_TIMEOUT_MS = 2000;
    private static final int SLOT_LIMIT = 300;
    private static final int TAGS = 24;
    private static final int THREADS = 8;
    private static final int MOST_WRITES_BETWEEN = 1500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final int[] kills = new int[Victim.values().length];
    private RealCluster cluster;

    /** Who dies. */
    private enum Victim {
        SOURCE,
        TARGET,
        REPLICA
    }

    @Test
    void shouldLoseNothingWhenWholeSlotsMove() {
        try (RealCluster formed = RealCluster.onLoopback(
                Lineup.ALL_SLOTMESH,
                NODE_TIMEOUT_MS,
                "--appendonly",
                "yes",
                "--replica-ack-writes",
                "1",
                "--replica-ack-timeout",
                "500")) {
            cluster = formed;
            check(new WholeSlots(), ANY_MOMENT ? this::killSomebody : this::killBetweenMoves);
        }
    }

    /** After the first kill there are primaries of both kinds. */
    @Test
    void shouldLoseNothingWhenKeysMoveOneByOneBetweenBothKinds() {
        checkKeyByKey(Lineup.SLOTMESH_PRIMARIES);
    }

    /** Longer runs only. */
    @Test
    @EnabledIfSystemProperty(named = "slotmesh.resharding.seconds", matches = "\\d+")
    void shouldLoseNothingWhenKeysMoveOneByOne() {
        checkKeyByKey(Lineup.ALL_SLOTMESH);
    }

    private void checkKeyByKey(Lineup lineup) {
        try (RealCluster formed =
                RealCluster.onLoopback(lineup, NODE_TIMEOUT_MS, "--appendonly", "yes")) {
            cluster = formed;
            cluster.members().forEach(KillsWhileSlotsMoveTest::demandAcknowledgements);
            check(new KeyByKey(cluster), this::killBetweenMoves);
        }
    }

    private void check(SlotMover.MoveOfSlots way, BiConsumer<Traffic, SlotMover> disturb) {
        List<Integer> ports = cluster.members().stream().map(Member::port).toList();
        List<String> tags = Deposit.tagsWithin(0, SLOT_LIMIT, TAGS);
        Traffic traffic = Traffic.start(ports, tags, THREADS, SEED);
        SlotMover mover = null;
        try {
            mover = SlotMover.start(cluster, way, SLOT_LIMIT, random.split());
            long began = System.nanoTime();
            while (System.nanoTime() - began < Duration.ofSeconds(SECONDS).toNanos()) {
                disturb.accept(traffic, mover);
            }
            mover.end();
            cluster.awaitServing();
            traffic.end();
            cluster.awaitHealthy();
        } catch (AssertionError failure) {
            throw new AssertionError(story(traffic, mover), failure);
        } finally {
            close(mover, traffic);
        }
        System.out.println(story(traffic, mover));
        assertThat(traffic.discrepancies()).as(story(traffic, mover)).isEmpty();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(strangers()).isEmpty());
        assertThat(ToolCluster.run("check", ToolCluster.address(ports.get(0))).output())
                .contains("[OK] All 16384 slots covered.")
                .doesNotContain("[ERR]", "[WARNING]");
    }

    private static void close(SlotMover mover, Traffic traffic) {
        try {
            if (mover != null) {
                mover.close();
            }
        } finally {
            traffic.close();
        }
    }

    private String story(Traffic traffic, SlotMover mover) {
        StringBuilder text = new StringBuilder("seed " + SEED + ", killed:");
        for (Victim victim : Victim.values()) {
            text.append(' ').append(kills[victim.ordinal()]).append(' ').append(victim);
        }
        return text + "; " + mover + "; " + traffic;
    }

    /** Only in a cluster that could bear it; and only half of the times the failover is waited for. */
    private void killSomebody(Traffic traffic, SlotMover mover) {
        awaitTurn(traffic, mover);
        Victim role = Victim.values()[random.nextInt(kills.length)];
        Member member = choose(role, mover);
        Optional<Member> heir = member.isPrimary() ? replicaOf(member) : Optional.empty();
        kills[role.ordinal()]++;

        member.process().kill();

        if (heir.isPresent() && random.nextBoolean()) {
            cluster.await("a successor", () -> heir.get().isPrimary());
        }
        member.process().restart();
    }

    /**
     * A replica at any moment, a primary when no slot is open: a successor does not know which slots its primary had open, as with
     * redis-server. Of a real primary what it acknowledged may be lost, so only its replicas die.
     */
    private void killBetweenMoves(Traffic traffic, SlotMover mover) {
        awaitTurn(traffic, mover);
        List<Member> primaries = cluster.members().stream()
                .filter(member -> member.kind() == Lineup.Kind.SLOTMESH && member.isPrimary())
                .toList();
        if (primaries.isEmpty() || random.nextBoolean()) {
            Member replica = choose(Victim.REPLICA, mover);
            kills[Victim.REPLICA.ordinal()]++;
            replica.process().kill();
            restart(replica);
            return;
        }
        Member primary = primaries.get(random.nextInt(primaries.size()));
        Member heir = replicaOf(primary).orElseThrow();
        mover.hold();
        cluster.awaitServing();
        kills[Victim.SOURCE.ordinal()]++;
        primary.process().kill();
        cluster.await("a successor", heir::isPrimary);
        restart(primary);
        cluster.awaitServing();
        mover.goOn();
    }

    private static void restart(Member member) {
        member.process().restart();
        demandAcknowledgements(member);
    }

    private static void demandAcknowledgements(Member member) {
        if (member.kind() == Lineup.Kind.SLOTMESH) {
            member.order("CONFIG", "SET", "replica-ack-writes", "1");
            member.order("CONFIG", "SET", "replica-ack-timeout", "500");
        }
    }

    private void awaitTurn(Traffic traffic, SlotMover mover) {
        cluster.awaitServing();
        int moved = mover.moved();
        cluster.await("a move", () -> mover.moved() > moved || mover.hasFailed());
        awaitWrites(traffic, random.nextInt(MOST_WRITES_BETWEEN));
    }

    private static void awaitWrites(Traffic traffic, long count) {
        long soFar = traffic.acknowledged();
        Awaitility.await("writes")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> traffic.acknowledged() >= soFar + count);
    }

    private Member choose(Victim role, SlotMover mover) {
        if (role == Victim.REPLICA) {
            List<Member> replicas = cluster.members().stream()
                    .filter(member -> !member.isPrimary())
                    .toList();
            return replicas.get(random.nextInt(replicas.size()));
        }
        SlotMover.Run[] run = new SlotMover.Run[1];
        Awaitility.await("a move under way")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> (run[0] = mover.run().orElse(null)) != null);
        return (role == Victim.SOURCE ? run[0].source() : run[0].target()).member();
    }

    private Optional<Member> replicaOf(Member primary) {
        return cluster.members().stream()
                .filter(member -> !member.isPrimary())
                .filter(member -> cluster.primaryOf(member).equals(Optional.of(primary)))
                .findFirst();
    }

    /** Slots of which a primary that does not own them holds keys, also such as it does not show. */
    private List<String> strangers() {
        List<String> found = new ArrayList<>();
        for (Member member : cluster.members()) {
            if (!member.isPrimary()) {
                continue;
            }
            try (RespConnection client = member.connect()) {
                for (int slot = 0; slot < SLOT_LIMIT; slot++) {
                    client.sendCommand("CLUSTER", "COUNTKEYSINSLOT", "" + slot);
                }
                for (int slot = 0; slot < SLOT_LIMIT; slot++) {
                    boolean holds = !client.readReplyText().equals(":0\r\n");
                    if (holds && ownerOf(slot) != member) {
                        found.add(member + " holds keys of slot " + slot);
                    }
                }
            }
        }
        return found;
    }

    private Member ownerOf(int slot) {
        String reply = "";
        for (Member member : cluster.members()) {
            reply = member.isPrimary() ? member.ask("GET", keyIn(slot)) : "";
            if (reply.startsWith("$")) {
                return member;
            }
        }
        throw new AssertionError("nobody serves slot " + slot + ": " + reply);
    }

    private static String keyIn(int slot) {
        return "{" + Deposit.tagsWithin(slot, slot + 1, 1).get(0) + "}nobody's";
    }
}
