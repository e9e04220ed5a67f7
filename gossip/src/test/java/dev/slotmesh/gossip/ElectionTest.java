package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, section 11: this node is a replica of peer 1 and has siblings 4 and 6; peers 1, 2, 3 are primaries. */
class ElectionTest {
    private static final GossipSettings.Policies UNHURRIED =
            new GossipSettings.Policies(true, true, false, true, true);

    /** "primary is FAIL", its slots and configEpoch in the request, and a majority of three. */
    @Test
    void shouldTakeOverWithTheVotesOfAMajority() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        failed(bench);

        BusMessage.AuthRequest request = onlyRequest(bench);
        assertThat(request.header().primary()).isEqualTo(Bench.id(1));
        assertThat(request.header().slots()).isEqualTo(Bench.slots(100, 199));
        assertThat(request.header().configEpoch()).isEqualTo(1);
        assertThat(request.header().currentEpoch()).isEqualTo(6);

        votes(bench, 2, 6);
        assertThat(bench.view.myself().isPrimary()).isFalse();
        bench.clear();
        votes(bench, 3, 6);

        assertThat(bench.view.myself().isPrimary()).isTrue();
        assertThat(bench.view.myself().slots()).isEqualTo(Bench.slots(100, 199));
        assertThat(bench.view.myself().configEpoch()).isEqualTo(6);
        assertThat(bench.view.node(Bench.id(1)).slots().isEmpty()).isTrue();
        assertThat(bench.effects).contains("promote");
        assertThat(bench.effects.indexOf("save fsync")).isLessThan(bench.effects.indexOf("send"));
        assertThat(bench.heartbeats(HeartbeatKind.PONG))
                .isNotEmpty()
                .allMatch(pong -> pong.header().primary().isNone()
                        && pong.header().slots().equals(Bench.slots(100, 199)));
    }

    /** "request leaves only after its epoch is durable". */
    @Test
    void shouldSaveTheEpochBeforeItAsks() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        failed(bench);

        int saved = bench.effects.indexOf("save fsync");
        int sent = bench.effects.indexOf("send");
        assertThat(saved).isNotNegative().isLessThan(sent);
        assertThat(bench.saved).contains("vars currentEpoch 6");
    }

    /** A voter that says so twice is one voter, and an answer to an older request none. */
    @Test
    void shouldCountEachVoterOnceAndOnlyForTheEpochAskedFor() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        failed(bench);

        votes(bench, 2, 6);
        votes(bench, 2, 6);
        votes(bench, 3, 5);
        bench.tick();

        assertThat(bench.view.myself().isReplica()).isTrue();
    }

    @Test
    void shouldNotCountVotesOfReplicasAndOfPrimariesWithoutSlots() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        failed(bench);

        votes(bench, 2, 6);
        votes(bench, 4, 6);
        Peer empty = bench.lasting(7);
        empty.slots = SlotSet.none();
        empty.configEpoch = 0;
        empty.currentEpoch = 6;
        empty.says(new BusMessage.AuthAck(empty.header()));

        assertThat(bench.view.myself().isReplica()).isTrue();
    }

    /** "rank = number of other replicas of my primary ... whose last known offset is greater than mine". */
    @Test
    void shouldLeaveItToTheSiblingThatIsFurther() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        heardWithOffset(bench, 4, 101);
        bench.gossip.replication(100, 0);
        failed(bench);
        heardWithOffset(bench, 4, 101);
        heardWithOffset(bench, 6, 100);

        bench.tickFor(900);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
        bench.tickFor(200);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isNotEmpty();
    }

    @Test
    void shouldBreakTiesById() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        bench.gossip.replication(100, 0);
        failedUnseen(bench);
        heardWithOffset(bench, 6, 100);
        heardWithOffset(bench, 4, 99);

        // Peer 6 has as much but the greater id, peer 4 the smaller id but less.
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isNotEmpty();
    }

    /** Offsets of siblings are asked for, and awaited for a while. */
    @Test
    void shouldWaitForTheOffsetsOfSiblings() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        bench.gossip.replication(100, 0);
        bench.nowMs += 100;
        failedUnseen(bench);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
        heardWithOffset(bench, 4, 90);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();

        heardWithOffset(bench, 6, 90);

        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isNotEmpty();
    }

    /** Stock voters decide, and would be split for long by a request that comes too soon. */
    @Test
    void shouldGiveStockVotersTimeToHearOfTheFailure() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        for (int peer : new int[] {2, 3}) {
            bench.lasting(peer).messageFlags = 0;
            bench.lasting(peer).pings();
        }
        failed(bench);

        bench.tickFor(400);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
        bench.tickFor(200);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isNotEmpty();
    }

    /** "500 + random(0..499) + rank x 1000". */
    @Test
    void shouldWaitAsAStockReplicaWithoutPromptElections() {
        Bench bench = replica(Bench.settings().withPolicies(UNHURRIED));
        acquaint(bench);
        failed(bench);

        bench.tickFor(400);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
        bench.tickFor(700);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isNotEmpty();
    }

    /** "data_age > repl-ping-replica-period x 1000 + T x F and not manual: stop". */
    @Test
    void shouldNotStandWithDataThatIsTooOld() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        long limitMs = 10_000 + 10 * Bench.T + Bench.T;
        bench.gossip.replication(100, limitMs + 1);
        failed(bench);
        bench.tickFor(5_000);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
        assertThat(bench.noticesOf(FailoverNotice.CannotFailOver.class)).hasSize(1);

        bench.gossip.replication(100, limitMs);
        bench.tickFor(600);

        assertThat(bench.noticesOf(FailoverNotice.ElectionStarted.class)).hasSize(1);
    }

    @Test
    void shouldNotStandWhenToldNotTo() {
        Bench bench = replica(Bench.settings()
                .withFailover(GossipSettings.Failover.DEFAULTS.withNoFailover(true)));
        acquaint(bench);
        failed(bench);

        bench.tickFor(5_000);

        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
    }

    /** Votes for an earlier primary do not count for the next one (spec 12, defect a). */
    @Test
    void shouldForgetVotesWhenItsPrimaryChanges() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        failed(bench);
        votes(bench, 2, 6);
        Peer heir = bench.lasting(4);
        heir.primary = NodeId.NONE;
        heir.configEpoch = 9;
        heir.currentEpoch = 9;
        heir.slots = Bench.slots(100, 199);
        heir.pings();
        assertThat(bench.view.myPrimary().id()).isEqualTo(Bench.id(4));

        votes(bench, 3, 6);

        assertThat(bench.view.myself().isReplica()).isTrue();
    }

    /** Voters that did not answer are asked again, in a new epoch. */
    @Test
    void shouldAskAgainInAnotherEpoch() {
        Bench bench = replica(Bench.settings());
        acquaint(bench);
        failed(bench);

        bench.tickFor(4 * Bench.T);

        assertThat(bench.notices)
                .contains(
                        new FailoverNotice.ElectionStarted(6),
                        new FailoverNotice.ElectionStarted(7));
        assertThat(bench.noticesOf(FailoverNotice.ElectionExpired.class)).isNotEmpty();
    }

    /** Of several failed primaries the one with the smallest id is first, and the next when it is settled. */
    @Test
    void shouldAskInTheOrderOfFailedPrimaries() {
        Bench bench = lastOfSeveral();
        Peer first = successor(bench, 4, 1).slotmesh().acquainted();
        bench.clear();
        fail(bench, 1, 3);
        bench.tick();
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();

        wins(first, 9);

        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isNotEmpty();
        assertThat(bench.sentOf(BusMessage.AuthRequest.class).get(0).header().currentEpoch())
                .isEqualTo(10);
    }

    /**
     * Who is third, and has waited for longer than two turns when the first one wins, leaves a turn to the second, who hears of it in
     * the same moment.
     */
    @Test
    void shouldGiveTheNextOneItsTurnAnewWhenTheFirstOneWins() {
        Bench bench = lastOfSeveral();
        Peer first = successor(bench, 4, 1).slotmesh().acquainted();
        successor(bench, 8, 2).slotmesh().acquainted();
        bench.clear();
        fail(bench, 1, 2, 3);
        bench.tick();
        bench.nowMs += 150;

        wins(first, 9);

        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isEmpty();
        bench.tickFor(200);
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isNotEmpty();
    }

    /** A stock successor asks when its random delay is over, whoever may be before it. */
    @Test
    void shouldNotWaitForTheTurnOfStockSuccessors() {
        Bench bench = lastOfSeveral();
        successor(bench, 4, 1).acquainted();
        bench.clear();

        fail(bench, 1, 3);
        bench.tick();

        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).isNotEmpty();
    }

    /** A stock candidate that does not hear of an epoch asks in it as well; one in no need of an election is left alone. */
    @Test
    void shouldTellStockCandidatesWhichEpochIsTaken() {
        Bench bench = lastOfSeveral();
        Peer candidate = successor(bench, 4, 1).acquainted();
        Peer other = successor(bench, 8, 2).acquainted();
        bench.clear();

        fail(bench, 1, 3);
        bench.tick();

        assertThat(wasAsked(bench, candidate)).isTrue();
        assertThat(wasAsked(bench, other)).isFalse();
    }

    /** This node follows primary 3 of 1, 2, 3, 6, 7; nodes 4 and 8 follow 1 and 2. */
    private static Bench lastOfSeveral() {
        Bench bench = Bench.with(
                "me " + Bench.MY_IP + ":7000@17000 myself,slave n3 0 0 0 connected",
                Bench.line(1),
                Bench.line(2),
                Bench.line(3),
                Bench.line(6),
                Bench.line(7),
                replicaLine(4, 1),
                replicaLine(8, 2));
        for (int peer : new int[] {1, 2, 3, 6, 7}) {
            bench.lasting(peer).slotmesh().acquainted();
        }
        return bench;
    }

    private static boolean wasAsked(Bench bench, Peer peer) {
        return bench.sent.stream()
                .anyMatch(sent -> sent.message() instanceof BusMessage.AuthRequest
                        && sent.link().equals(peer.outbound()));
    }

    private static Peer successor(Bench bench, int digit, int primary) {
        Peer successor = bench.lasting(digit);
        successor.primary = Bench.id(primary);
        successor.slots = Bench.slots(primary * 100, primary * 100 + 99);
        successor.configEpoch = primary;
        return successor;
    }

    private static void fail(Bench bench, int... primaries) {
        Peer teller = bench.lasting(6);
        for (int primary : primaries) {
            teller.says(new BusMessage.Fail(teller.header(), Bench.id(primary)));
        }
    }

    private static void wins(Peer successor, long epoch) {
        successor.primary = NodeId.NONE;
        successor.configEpoch = epoch;
        successor.currentEpoch = epoch;
        successor.pings();
    }

    private static Bench replica(GossipSettings settings) {
        Bench bench = Bench.with(
                settings,
                "me " + Bench.MY_IP + ":7000@17000 myself,slave n1 0 0 0 connected",
                Bench.line(1),
                Bench.line(2),
                Bench.line(3),
                replicaLine(4, 1),
                replicaLine(6, 1),
                "n7 10.0.0.7:7000@17000 master - 0 1 0 connected",
                "vars currentEpoch 5 lastVoteEpoch 0");
        bench.gossip.replication(100, 0);
        return bench;
    }

    static String replicaLine(int n, int primary) {
        return "n" + n + " 10.0.0." + n + ":7000@17000 slave n" + primary + " 0 1 0 connected";
    }

    private static void acquaint(Bench bench) {
        for (int peer : new int[] {1, 2, 3}) {
            bench.lasting(peer).slotmesh().acquainted();
        }
        heardWithOffset(bench, 4, 0);
        heardWithOffset(bench, 6, 0);
        bench.clear();
    }

    private static void heardWithOffset(Bench bench, int digit, long offset) {
        Peer sibling = bench.lasting(digit);
        sibling.primary = Bench.id(1);
        sibling.slots = Bench.slots(100, 199);
        sibling.configEpoch = 1;
        sibling.offset = offset;
        sibling.slotmesh().acquainted();
    }

    /** FAIL arrives when all siblings were heard of at this very moment. */
    private static void failed(Bench bench) {
        failedUnseen(bench);
        bench.tick();
    }

    private static void failedUnseen(Bench bench) {
        bench.clear();
        Peer teller = bench.lasting(2);
        teller.currentEpoch = 5;
        teller.says(new BusMessage.Fail(teller.header(), Bench.id(1)));
    }

    private static void votes(Bench bench, int digit, long epoch) {
        Peer voter = bench.lasting(digit);
        voter.currentEpoch = epoch;
        if (digit == 4) {
            voter.primary = Bench.id(1);
            voter.slots = Bench.slots(100, 199);
        }
        voter.says(new BusMessage.AuthAck(voter.header()));
    }

    private static BusMessage.AuthRequest onlyRequest(Bench bench) {
        // One to each of the three primaries, the failed one included.
        assertThat(bench.sentOf(BusMessage.AuthRequest.class)).hasSize(3);
        return bench.sentOf(BusMessage.AuthRequest.class).get(0);
    }
}
