package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.Heartbeat;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.GossipEntry;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Suspicion that is quick with Slotmesh peers, told at once, and checked at once by who is told. */
class PromptSuspicionTest {
    private static final int SUSPECT = NodeFlags.PRIMARY | NodeFlags.PFAIL;
    private static final long PROMPT_MS = Bench.T * 11 / 20;
    private static final long PROBE_MS = Bench.T / 10;
    private static final long LOOK_MS = Bench.T / 10;

    private final Bench bench = Bench.with(
            "me 10.0.0.5:7000@17000 myself,master - 0 0 5 connected 0-8191",
            "n1 10.0.0.1:7000@17000 master - 0 1 1 connected 8192-10000",
            "n2 10.0.0.2:7000@17000 master - 0 1 2 connected 10001-12000",
            "n3 10.0.0.3:7000@17000 master - 0 1 3 connected 12001-16383");
    private final Peer accused = peer(1, 8192, 10_000);
    private final Peer second = peer(2, 10_001, 12_000);
    private final Peer third = peer(3, 12_001, 16_383);

    @Test
    void shouldHoldSilentSlotmeshPeerForPfailAfterElevenTwentiethsOfTheTimeout() {
        acquainted();

        runAnswering(PROMPT_MS - 100);
        boolean early = isPfail();
        runAnswering(PROBE_MS + 400);

        assertThat(early).isFalse();
        assertThat(isPfail()).isTrue();
    }

    /** Its one thread may be busy with a slow command. */
    @Test
    void shouldGiveStockPeerTheWholeTimeout() {
        accused.messageFlags = 0;
        acquainted();

        runAnswering(Bench.T - 100);
        boolean early = isPfail();
        runAnswering(PROBE_MS + 400);

        assertThat(early).isFalse();
        assertThat(isPfail()).isTrue();
    }

    @Test
    void shouldTellOtherPrimariesInTheSameTick() {
        acquainted();

        tickUntilPfail();

        assertThat(bench.sent.stream().filter(sent -> isAlarm(sent.message())))
                .extracting(Bench.Sent::link)
                .containsExactlyInAnyOrder(second.outbound(), third.outbound());
        assertThat(alarms()).allSatisfy(alarm -> {
            assertThat(alarm.kind()).isEqualTo(HeartbeatKind.PONG);
            assertThat(alarm.gossip())
                    .extracting(GossipEntry::id, entry -> entry.flags() & NodeFlags.PFAIL)
                    .containsExactly(tuple(accused.id, NodeFlags.PFAIL));
        });
    }

    @Test
    void shouldTellOthersAtOnceThatItAnswersAgain() {
        acquainted();
        tickUntilPfail();
        bench.tickFor(100);
        bench.clear();

        accused.pongs();

        assertThat(alarms())
                .isNotEmpty()
                .allSatisfy(alarm -> assertThat(alarm.gossip().get(0).flags() & NodeFlags.PFAIL)
                        .isZero());
    }

    /** As long as no quorum agrees, the opinion is told again, after one second and after growing pauses. */
    @Test
    void shouldTellAgainWhileNobodyAgrees() {
        acquainted();
        tickUntilPfail();
        bench.clear();

        bench.tickFor(900);
        int early = alarms().size();
        bench.tickFor(200);
        int afterOneSecond = alarms().size();
        bench.tickFor(1_000);

        assertThat(early).isZero();
        assertThat(afterOneSecond).isEqualTo(2);
        assertThat(alarms()).hasSize(2);
    }

    @Test
    void shouldNotTellMoreOftenAfterAnHour() {
        acquainted();
        tickUntilPfail();
        runAnswering(3_600_000);
        bench.clear();

        runAnswering(60_000);

        long pauses = 60_000 / (2 * Bench.T);
        assertThat(alarms()).hasSizeBetween(2 * (int) pauses - 2, 2 * (int) pauses + 2);
    }

    @Test
    void shouldLookAtAccusedNodeAtOnceAndWithShortPatience() {
        acquainted();
        bench.clear();

        alarm(second, accused.gossiped(SUSPECT));
        int asked = bench.sentOn(accused.outbound()).size();
        bench.tickFor(LOOK_MS - 100);
        boolean early = isPfail();
        bench.tickFor(100);

        assertThat(asked).isEqualTo(1);
        assertThat(early).isFalse();
        assertThat(isPfail()).isTrue();
    }

    /** A quorum of four: itself, who told it, and a third report. */
    @Test
    void shouldFailNodeAtOnceWhenItsOwnLookMakesTheQuorum() {
        acquainted();
        alarm(second, accused.gossiped(SUSPECT));
        alarm(third, accused.gossiped(SUSPECT));

        bench.tickFor(LOOK_MS);

        assertThat(bench.view.node(accused.id).isFail()).isTrue();
    }

    @Test
    void shouldNotSuspectAccusedNodeThatAnswers() {
        acquainted();

        alarm(second, accused.gossiped(SUSPECT));
        bench.tickFor(100);
        accused.pongs();
        bench.tickFor(LOOK_MS);

        assertThat(isPfail()).isFalse();
    }

    /** Else any short pause of the node would fall into the short wait of somebody who was told again. */
    @Test
    void shouldLookOncePerAccusation() {
        acquainted();
        alarm(second, accused.gossiped(SUSPECT));
        accused.pongs();
        bench.clear();

        second.pings(accused.gossiped(SUSPECT));
        alarm(second, accused.gossiped(SUSPECT));

        assertThat(bench.sentOn(accused.outbound())).isEmpty();
    }

    @Test
    void shouldLookWhenStockPrimaryReportsForTheFirstTime() {
        second.messageFlags = 0;
        acquainted();
        bench.clear();

        second.pings(accused.gossiped(SUSPECT));

        assertThat(bench.sentOn(accused.outbound())).hasSize(1);
    }

    /** Who is told to look passes that on, but accuses nobody: the entry has no PFAIL, and a pending PING. */
    @Test
    void shouldPassRequestToLookOnWithoutAccusing() {
        acquainted();
        bench.clear();

        alarm(second, accused.gossiped(SUSPECT));

        assertThat(alarms()).isNotEmpty().allSatisfy(alarm -> {
            GossipEntry entry = alarm.gossip().get(0);
            assertThat(entry.id()).isEqualTo(accused.id);
            assertThat(entry.flags() & NodeFlags.PFAIL).isZero();
            assertThat(entry.pingSentSeconds()).isNotZero();
        });
    }

    @Test
    void shouldBelieveFailureToldInAlarm() {
        acquainted();

        alarm(second, accused.gossiped(NodeFlags.PRIMARY | NodeFlags.FAIL));

        assertThat(bench.view.node(accused.id).isFail()).isTrue();
        assertThat(bench.notices).contains(new Notice.FailReceived(second.id, accused.id));
    }

    /** What a peer has held for failed for long is no news: it may be the last to learn that the node is back. */
    @Test
    void shouldTakeFailInOrdinaryHeartbeatForReportOnly() {
        acquainted();

        second.pings(accused.gossiped(NodeFlags.PRIMARY | NodeFlags.FAIL));

        assertThat(bench.view.node(accused.id).isFail()).isFalse();
    }

    /** It has to stop taking writes before the others agree that it failed and elect another. */
    @Test
    void shouldStopServingBeforeItIsReplacedWhenCutOffFromMajority() {
        acquainted();
        runAnswering(2_500, accused, second, third);
        boolean before = bench.view.stateOk();

        long cutMs = bench.nowMs;
        while (bench.view.stateOk() && bench.nowMs - cutMs < Bench.T) {
            bench.tickFor(100);
        }

        assertThat(before).isTrue();
        assertThat(bench.nowMs - cutMs).isBetween(Bench.T * 2 / 5, PROMPT_MS);
        assertThat(isPfail()).isFalse();
    }

    @Test
    void shouldGoOnServingWhileMajorityAnswers() {
        acquainted();
        runAnswering(2_500, accused, second, third);

        runAnswering(PROMPT_MS, second, third);

        assertThat(bench.view.stateOk()).isTrue();
    }

    @Test
    void shouldKeepToStockRulesWhenSwitchedOff() {
        bench.gossip.settings(
                bench.nowMs, Bench.settings().withPolicies(GossipSettings.Policies.STOCK));
        acquainted();
        bench.clear();

        alarm(second, accused.gossiped(SUSPECT));
        bench.tickFor(Bench.T - 200);

        assertThat(isPfail()).isFalse();
        assertThat(alarms()).isEmpty();
    }

    private Peer peer(int digit, int firstSlot, int lastSlot) {
        Peer peer = bench.peer(digit).slotmesh();
        peer.slots = Bench.slots(firstSlot, lastSlot);
        return peer;
    }

    private void acquainted() {
        accused.acquainted();
        second.acquainted();
        third.acquainted();
    }

    /** The second and the third answer, the accused does not. */
    private void runAnswering(long durationMs) {
        runAnswering(durationMs, second, third);
    }

    private void runAnswering(long durationMs, Peer... answering) {
        for (long endMs = bench.nowMs + durationMs; bench.nowMs < endMs; ) {
            bench.tickFor(100);
            for (Peer peer : answering) {
                if (bench.entry(peer.id).pingSentMs() != 0) {
                    peer.pongs();
                }
            }
        }
    }

    private void tickUntilPfail() {
        for (int i = 0; i < 50 && !isPfail(); i++) {
            runAnswering(100);
            if (!isPfail()) {
                bench.clear();
            }
        }
        assertThat(isPfail()).isTrue();
    }

    private boolean isPfail() {
        return bench.view.node(accused.id).isPfail();
    }

    private void alarm(Peer teller, GossipEntry... entries) {
        teller.messageFlags |= MessageFlags.ALARM;
        teller.receive(teller.inbound(), teller.heartbeat(HeartbeatKind.PONG, entries));
        teller.messageFlags &= ~MessageFlags.ALARM;
    }

    private List<Heartbeat> alarms() {
        return bench.sentOf(Heartbeat.class).stream()
                .filter(PromptSuspicionTest::isAlarm)
                .toList();
    }

    private static boolean isAlarm(BusMessage message) {
        return message instanceof Heartbeat heartbeat
                && MessageFlags.has(heartbeat.header().messageFlags(), MessageFlags.ALARM);
    }
}
