package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** docs/gossip.md, "A node that was stalled itself". Peer 1 of the node has a PING to answer when the stall begins. */
class OwnStallTest {
    /** "The silence of that time was its own." */
    @Test
    void shouldAccuseNobodyAfterStall() {
        Bench bench = waiting(200);

        bench.nowMs += 20 * Bench.T;
        bench.tick();
        boolean afterStall = isPfail(bench);
        bench.tickFor(Bench.T / 2);
        boolean later = isPfail(bench);
        bench.peer(1).pongs();
        bench.tickFor(Bench.T / 2);

        assertThat(afterStall).isFalse();
        assertThat(later).isFalse();
        assertThat(isPfail(bench)).isFalse();
        assertThat(bench.noticesOf(Notice.PossiblyFailing.class)).isEmpty();
    }

    /** Only the stall is discounted: the time the node did run counts. */
    @Test
    void shouldAccuseSilentNodeWhenRestOfItsTimeIsOver() {
        Bench bench = waiting(Bench.T - 1_000);

        bench.nowMs += 20 * Bench.T;
        bench.tick();
        bench.tickFor(800);
        boolean before = isPfail(bench);
        bench.tickFor(400);

        assertThat(before).isFalse();
        assertThat(isPfail(bench)).isTrue();
    }

    /** "What the others said meanwhile still waits in the sockets": however little time was left. */
    @Test
    void shouldJudgeNobodyInLateTick() {
        Bench bench = waiting(Bench.T);
        LinkId link = bench.peer(1).outbound();

        bench.nowMs += Bench.T;
        bench.tick();
        boolean inLateTick = isPfail(bench);
        bench.peer(1).pongs();
        bench.tickFor(100);

        assertThat(inLateTick).isFalse();
        assertThat(bench.closed).doesNotContain(link);
        assertThat(isPfail(bench)).isFalse();
    }

    @Test
    void shouldJudgeInNextTickWhenNothingCameMeanwhile() {
        Bench bench = waiting(Bench.T);

        bench.nowMs += Bench.T;
        bench.tick();
        bench.tickFor(100);

        assertThat(isPfail(bench)).isTrue();
    }

    /** "Or a node that is always late never would." */
    @Test
    void shouldJudgeAfterAllWhenEveryTickIsLate() {
        Bench bench = waiting(200);

        for (int i = 0; i < 100 && !isPfail(bench); i++) {
            bench.nowMs += 600;
            bench.tick();
        }

        assertThat(isPfail(bench)).isTrue();
    }

    @Test
    void shouldAccuseAtOnceAsRedisDoesWhenSwitchedOff() {
        Bench bench = Bench.with(
                Bench.settings().withPolicies(GossipSettings.Policies.STOCK),
                Bench.mine(),
                Bench.line(1));
        bench.peer(1).outbound();
        bench.tickFor(200);

        bench.nowMs += 2 * Bench.T;
        bench.tick();

        assertThat(isPfail(bench)).isTrue();
    }

    /** A handshake whose answer may wait in the socket does not expire in the late tick either. */
    @Test
    void shouldNotEndHandshakeInLateTick() {
        Bench bench = Bench.alone();
        bench.gossip.operator().meet(bench.nowMs, "10.0.0.1", 7000, 17000);
        Peer peer = bench.peer(1);
        peer.outbound();
        bench.tickFor(200);

        bench.nowMs += 2 * Bench.T;
        bench.tick();
        peer.pongs();
        bench.tickFor(200);

        assertThat(bench.view.node(peer.id)).isNotNull();
    }

    /** A peer that answers within a second of this node's running time is never accused, however the stalls fall. */
    @Test
    void shouldNeverAccuseNodeThatAnswersWhateverTheStalls() {
        long seed = Long.getLong("slotmesh.seed", 7);
        SplittableRandom random = new SplittableRandom(seed);
        Bench bench = Bench.knowing(1, 2);
        Peer peer = bench.peer(1).acquainted();
        long ranSinceAnswer = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean stall = random.nextInt(20) == 0;
            bench.nowMs += stall ? random.nextLong(3 * Bench.T) : 100;
            bench.tick();
            ranSinceAnswer += 100;
            if (ranSinceAnswer > random.nextLong(1_000)) {
                answer(bench, peer);
                ranSinceAnswer = 0;
            }
            bench.clear();

            assertThat(isPfail(bench)).as("step %d, seed %d", i, seed).isFalse();
        }
    }

    private static void answer(Bench bench, Peer peer) {
        peer.pongs();
        peer.pings();
    }

    /** A node whose PING to peer 1 has waited that long for its answer. */
    private static Bench waiting(long durationMs) {
        Bench bench = Bench.knowing(1, 2);
        bench.peer(1).outbound();
        bench.tickFor(durationMs);
        assertThat(isPfail(bench)).isFalse();
        return bench;
    }

    private static boolean isPfail(Bench bench) {
        return bench.entry(Bench.id(1)).isPfail();
    }
}
