package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.PingExtension;
import dev.slotmesh.bus.SlotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slots that move in one step, at one end; what whole clusters make of it is SlotTransferTest's. */
class SlotTransfersTest {
    private static final String NAME = "0123456789abcdef0123456789abcdef01234567";
    private static final String ME =
            "me 10.0.0.5:7000@17000 myself,master - 0 0 5 connected 0-5460";
    private static final String N6 = "n6 10.0.0.6:7000@17000 master - 0 1 6 connected 5461-10922";
    private static final String N7 = "n7 10.0.0.7:7000@17000 master - 0 1 7 connected 10923-16383";
    private static final String VARS = "vars currentEpoch 7 lastVoteEpoch 0";
    private static final SlotSet MINE = SlotSet.ofRange(0, 9);
    private static final SlotSet THEIRS = SlotSet.ofRange(5461, 5470);

    private static final SlotKeys KEYS = new SlotKeys() {
        @Override
        public long keysIn(int slot) {
            return slot == 5461 ? 1 : 0;
        }

        @Override
        public boolean empty() {
            return false;
        }
    };

    private Peer six;
    private Peer seven;

    /** A cluster that serves: its three primaries have heard each other for a while. */
    private Bench cluster(String... more) {
        String[] lines = new String[4 + more.length];
        System.arraycopy(new String[] {ME, N6, N7, VARS}, 0, lines, 0, 4);
        System.arraycopy(more, 0, lines, 4, more.length);
        return serving(Bench.with(lines));
    }

    private Bench serving(Bench bench) {
        return serving(bench, SlotSet.ofRange(5461, 10922));
    }

    private Bench serving(Bench bench, SlotSet ofSix) {
        six = bench.lasting(6).slotmesh();
        seven = bench.lasting(7).slotmesh();
        six.slots = ofSix.frozen();
        seven.slots = SlotSet.ofRange(10923, 16383).frozen();
        for (Peer peer : List.of(six, seven)) {
            peer.currentEpoch = 7;
            peer.messageFlags |= MessageFlags.LISTED | MessageFlags.EXT_DATA;
            peer.acquainted();
        }
        for (int i = 0; i < 25; i++) {
            bench.tickFor(100);
            six.pongs();
            seven.pongs();
        }
        assertThat(bench.gossip.describe().stateOk()).isTrue();
        return bench.clear();
    }

    private Bench replicaOfSix() {
        Bench bench = Bench.with(
                "me 10.0.0.5:7000@17000 myself,slave n6 0 0 0 connected",
                "n6 10.0.0.6:7000@17000 master - 0 1 6 connected 0-10922",
                N7,
                VARS);
        return serving(bench, SlotSet.ofRange(0, 10922));
    }

    private static SlotTransfers of(Bench bench) {
        return bench.gossip.transfers();
    }

    private static String refusal(TransferAnswer answer) {
        assertThat(answer).isInstanceOf(TransferAnswer.Refused.class);
        return ((TransferAnswer.Refused) answer).error();
    }

    private TransferAnswer importTheirs(Bench bench) {
        return of(bench).openImport(bench.nowMs, NAME, THEIRS, six.id.toString(), Bench.NO_KEYS);
    }

    /** An import whose epoch is granted; returns that epoch. */
    private long prepared(Bench bench) {
        assertThat(importTheirs(bench)).isEqualTo(TransferAnswer.DONE);
        assertThat(of(bench).prepareImport(bench.nowMs, NAME)).isEqualTo(TransferAnswer.NOT_YET);
        seven.currentEpoch = 9;
        seven.pongs();
        TransferAnswer answer = of(bench).prepareImport(bench.nowMs, NAME);
        assertThat(answer).isEqualTo(new TransferAnswer.Done(8));
        return 8;
    }

    private Bench handedOver() {
        Bench bench = cluster();
        of(bench).openExport(bench.nowMs, NAME, MINE, six.id.toString());
        assertThat(of(bench).handOver(bench.nowMs, NAME, 8)).isEqualTo(TransferAnswer.DONE);
        assertThat(bench.view.isWithheld(9)).isTrue();
        return bench;
    }

    @Test
    void shouldMarkImportDurablyBeforeItIsAnswered() {
        Bench bench = cluster();

        TransferAnswer answer = importTheirs(bench);

        assertThat(answer).isEqualTo(TransferAnswer.DONE);
        assertThat(bench.effects.get(0)).isEqualTo("save fsync");
        assertThat(bench.saved).contains(" slotmesh-imports " + NAME + ":" + six.id + ":5461-5470");
        assertThat(bench.view.imports().get(0).state()).isEqualTo(ImportView.State.OPEN);
        assertThat(bench.view.isMine(5461)).isFalse();
    }

    @Test
    void shouldHaveKeysOfMarkedSlotsDroppedAfterRestart() {
        Bench before = cluster();
        importTheirs(before);

        Bench after = Bench.with(before.saved.split("\n"));
        after.gossip.keysLoaded(after.nowMs, KEYS);

        assertThat(after.view.imports().get(0).state()).isEqualTo(ImportView.State.ABANDONED);
        assertThat(after.view.importingSlots()).isEmpty();
        assertThat(of(after).closeImport(after.nowMs, NAME)).isEqualTo(TransferAnswer.DONE);
        assertThat(after.saved).doesNotContain("slotmesh-imports");
    }

    @Test
    void shouldRefuseWhatCannotBeImported() {
        Bench bench = cluster();
        String sixId = six.id.toString();
        SlotTransfers transfers = of(bench);

        assertThat(refusal(transfers.openImport(bench.nowMs, NAME, MINE, sixId, Bench.NO_KEYS)))
                .isEqualTo("I'm already the owner of hash slot 0");
        assertThat(refusal(transfers.openImport(bench.nowMs, NAME, THEIRS, sixId, KEYS)))
                .isEqualTo("Slot 5461 is not empty here");
        assertThat(refusal(transfers.openImport(
                        bench.nowMs, NAME, THEIRS, seven.id.toString(), Bench.NO_KEYS)))
                .isEqualTo("Source node is not the owner of hash slot 5461");
        assertThat(refusal(transfers.openImport(bench.nowMs, "name", THEIRS, sixId, Bench.NO_KEYS)))
                .isEqualTo("Invalid slot migration name");
        assertThat(refusal(
                        transfers.openImport(bench.nowMs, NAME, THEIRS, "nobody", Bench.NO_KEYS)))
                .isEqualTo("Unknown node nobody");
    }

    @Test
    void shouldRefuseSlotsThatAreOnTheirWayAlready() {
        Bench bench = cluster();
        importTheirs(bench);
        String other = NAME.replace('0', 'f');

        TransferAnswer second = of(bench)
                .openImport(
                        bench.nowMs,
                        other,
                        SlotSet.ofRange(5470, 5480),
                        six.id.toString(),
                        Bench.NO_KEYS);
        OperatorResult setSlot =
                bench.gossip.operator().setSlotImporting(bench.nowMs, 5470, six.id.toString());

        assertThat(refusal(second)).isEqualTo("Slot 5470 is being migrated already");
        assertThat(setSlot).isEqualTo(new OperatorResult.Rejected("Slot 5470 is being migrated"));
    }

    @Test
    void shouldNotExportToStockNodeOrStranger() {
        Bench bench = cluster();
        seven.messageFlags = 0;
        seven.pongs();

        assertThat(refusal(of(bench).openExport(bench.nowMs, NAME, MINE, seven.id.toString())))
                .isEqualTo("Target node does not understand atomic slot migration");
        assertThat(refusal(of(bench).openExport(bench.nowMs, NAME, MINE, Bench.ME.toString())))
                .isEqualTo("Target node is this node itself");
        assertThat(refusal(of(bench).openExport(bench.nowMs, NAME, THEIRS, six.id.toString())))
                .isEqualTo("I'm not the owner of hash slot 5461");
    }

    @Test
    void shouldClaimWithTheEpochThatMajorityKnowsOf() {
        Bench bench = cluster();
        long epoch = prepared(bench);
        bench.clear();

        TransferAnswer answer = of(bench).claimImport(bench.nowMs, NAME, epoch);

        assertThat(answer).isEqualTo(TransferAnswer.DONE);
        assertThat(bench.effects.get(0)).isEqualTo("save fsync");
        assertThat(bench.saved).doesNotContain("slotmesh-imports").contains(" 8 connected 0-5470");
        assertThat(bench.view.isMine(5461)).isTrue();
        assertThat(bench.view.imports()).isEmpty();
        assertThat(bench.view.myself().configEpoch()).isEqualTo(8);
    }

    @Test
    void shouldServeClaimedSlotsOnceMajorityHasAnswered() {
        Bench bench = cluster();
        of(bench).claimImport(bench.nowMs, NAME, prepared(bench));
        assertThat(bench.view.isWithheld(5461)).isTrue();
        assertThat(bench.view.isWithheld(0)).isFalse();

        // One answer is to the PING that was under way before.
        seven.pongs();
        seven.pongs();

        assertThat(bench.view.isWithheld(5461)).isFalse();
    }

    @Test
    void shouldNotClaimWithoutGrantedEpoch() {
        Bench bench = cluster();
        importTheirs(bench);

        TransferAnswer answer = of(bench).claimImport(bench.nowMs, NAME, 8);

        assertThat(refusal(answer)).isEqualTo("epoch 8 is not reserved");
        assertThat(bench.view.imports().get(0).state()).isEqualTo(ImportView.State.ABANDONED);
    }

    @Test
    void shouldNotClaimLate() {
        Bench bench = cluster();
        long epoch = prepared(bench);
        for (int i = 0; i < Bench.T / 100; i++) {
            bench.tickFor(100);
            six.pongs();
            seven.pongs();
        }

        TransferAnswer answer = of(bench).claimImport(bench.nowMs, NAME, epoch);

        assertThat(refusal(answer)).isEqualTo("the claim comes too late");
    }

    @Test
    void shouldNotClaimBeforeItHasReadWhatCameWhileItDidNotRun() {
        Bench bench = cluster();
        long epoch = prepared(bench);

        bench.nowMs += 1_000;
        TransferAnswer stalled = of(bench).claimImport(bench.nowMs, NAME, epoch);
        bench.tick();
        six.pongs();
        seven.pongs();
        TransferAnswer awake = of(bench).claimImport(bench.nowMs, NAME, epoch);
        bench.tickFor(100);
        TransferAnswer steady = of(bench).claimImport(bench.nowMs, NAME, epoch);

        assertThat(List.of(stalled, awake))
                .containsExactly(TransferAnswer.NOT_YET, TransferAnswer.NOT_YET);
        assertThat(steady).isEqualTo(TransferAnswer.DONE);
    }

    @Test
    void shouldAbandonImportOfFailedSource() {
        Bench bench = cluster();
        long epoch = prepared(bench);

        seven.says(new BusMessage.Fail(seven.header(), six.id));

        assertThat(bench.view.imports().get(0).state()).isEqualTo(ImportView.State.ABANDONED);
        assertThat(of(bench).claimImport(bench.nowMs, NAME, epoch))
                .isInstanceOf(TransferAnswer.Refused.class);
    }

    @Test
    void shouldGiveSlotsOutOfHandDurably() {
        Bench bench = cluster();
        of(bench).openExport(bench.nowMs, NAME, MINE, six.id.toString());
        assertThat(bench.saved).doesNotContain("slotmesh-exports");
        bench.clear();

        TransferAnswer answer = of(bench).handOver(bench.nowMs, NAME, 8);

        assertThat(answer).isEqualTo(TransferAnswer.DONE);
        assertThat(bench.effects.get(0)).isEqualTo("save fsync");
        assertThat(bench.saved).contains(" slotmesh-exports " + NAME + ":" + six.id + ":8:0-9");
        Bench restarted = Bench.with(bench.saved.split("\n"));
        assertThat(restarted.view.isMine(9)).isTrue();
        assertThat(restarted.view.isWithheld(9)).isTrue();
        assertThat(restarted.view.isWithheld(10)).isFalse();
    }

    @Test
    void shouldNotRaiseConfigEpochWhileTargetMayClaim() {
        Bench bench = handedOver();

        OperatorResult bump = bench.gossip.operator().bumpEpoch(bench.nowMs);
        seven.configEpoch = 5;
        seven.pongs();

        assertThat(bump).isEqualTo(new OperatorResult.Accepted("STILL 5"));
        assertThat(bench.view.myself().configEpoch()).isEqualTo(5);
    }

    @Test
    void shouldObeyTheClaimAndMarkTheKeysItLeavesBehind() {
        Bench bench = handedOver();

        of(bench).exportTaken(bench.nowMs, NAME);

        assertThat(bench.view.owner(9).id()).isEqualTo(six.id);
        assertThat(bench.view.exports()).isEmpty();
        assertThat(bench.view.imports())
                .containsExactly(new ImportView(NAME, MINE, six.id, ImportView.State.ABANDONED));
        assertThat(bench.deleted).containsExactly(MINE);
        assertThat(bench.saved).contains("slotmesh-imports");
    }

    @Test
    void shouldServeAgainWhenTargetShowsThatItNeverWillClaim() {
        Bench bench = handedOver();

        six.currentEpoch = 8;
        six.pongs();
        assertThat(bench.view.isWithheld(9))
                .as("written before the reservation")
                .isTrue();
        six.currentEpoch = 9;
        six.messageFlags |= MessageFlags.IMPORTS;
        six.pongs();
        assertThat(bench.view.isWithheld(9)).as("still open").isTrue();
        six.messageFlags &= ~MessageFlags.IMPORTS;
        six.messageFlags |= MessageFlags.ALARM;
        six.pongs();
        assertThat(bench.view.isWithheld(9)).as("an alarm tells nothing").isTrue();
        six.messageFlags &= ~MessageFlags.ALARM;
        six.pongs();

        assertThat(bench.view.isWithheld(9)).isFalse();
        assertThat(bench.view.isMine(9)).isTrue();
        assertThat(bench.view.myself().configEpoch()).isEqualTo(5);
        assertThat(bench.saved).doesNotContain("slotmesh-exports");
    }

    @Test
    void shouldBelieveReplicaOfTargetThatTellsOfTheClaim() {
        Bench bench = handedOver();
        Peer eight = bench.lasting(8).slotmesh();
        eight.flags = NodeFlags.REPLICA;
        eight.primary = six.id;
        eight.slots = SlotSet.none();
        eight.configEpoch = 8;
        SlotSet claimed = six.slots.copy();
        claimed.addAll(MINE);
        eight.slots = claimed.frozen();

        eight.meets();
        bench.gossip.operator().meet(bench.nowMs, eight.ip, 7000, 17000);
        eight.pongs();
        eight.pings();

        assertThat(bench.view.owner(9).id()).isEqualTo(six.id);
    }

    @Test
    void shouldGoOnWithReservedEpochWhenTargetFailed() {
        Bench bench = handedOver();
        seven.says(new BusMessage.Fail(seven.header(), six.id));

        for (int i = 0; i < Bench.T / 100 + 10; i++) {
            bench.tickFor(100);
            seven.pongs();
        }
        assertThat(bench.view.isWithheld(9))
                .as("no majority knows the epoch yet")
                .isTrue();
        seven.currentEpoch = 11;
        for (int i = 0; i < 7; i++) {
            seven.pongs();
            bench.tickFor(100);
        }

        assertThat(bench.view.isWithheld(9)).isFalse();
        assertThat(bench.view.myself().configEpoch()).isEqualTo(10);
    }

    @Test
    void shouldTellOwnReplicasWhoseKeysAreApart() {
        Bench bench = Bench.with(
                ME,
                N6,
                N7,
                "n8 10.0.0.8:7000@17000 slave me 0 1 5 connected".replace("me", Bench.ME + ""),
                VARS);
        Peer eight = bench.lasting(8).slotmesh();
        eight.flags = NodeFlags.REPLICA;
        eight.primary = Bench.ME;
        eight.slots = SlotSet.ofRange(0, 5460).frozen();
        eight.configEpoch = 5;
        eight.messageFlags |= MessageFlags.EXT_DATA;
        eight.acquainted();
        serving(bench);

        importTheirs(bench);

        BusMessage.Heartbeat told =
                (BusMessage.Heartbeat) bench.sentOn(eight.outbound()).get(0);
        assertThat(told.extensions())
                .contains(new PingExtension.ApartSlots(NodeId.parse(NAME), six.id, THEIRS));
        assertThat(bench.sentOn(seven.outbound())).isEmpty();
    }

    @Test
    void shouldKnowAsReplicaWhichKeysAreNotItsPrimarys() {
        Bench bench = replicaOfSix();
        six.extensions.add(new PingExtension.ApartSlots(
                NodeId.parse(NAME), seven.id, SlotSet.ofRange(16000, 16001)));
        six.pongs();
        assertThat(bench.view.imports().get(0).state()).isEqualTo(ImportView.State.FOLLOWED);
        assertThat(bench.saved).contains("slotmesh-imports " + NAME + ":" + seven.id);

        bench.gossip.operator().failover(bench.nowMs, ManualFailover.Kind.TAKEOVER);

        assertThat(bench.view.myself().isPrimary()).isTrue();
        assertThat(bench.view.imports().get(0).state()).isEqualTo(ImportView.State.ABANDONED);
    }

    @Test
    void shouldForgetAsReplicaWhatItsPrimaryTellsNoMore() {
        Bench bench = replicaOfSix();
        six.extensions.add(new PingExtension.ApartSlots(
                NodeId.parse(NAME), seven.id, SlotSet.ofRange(16000, 16001)));
        six.pongs();

        six.extensions.clear();
        six.pongs();

        assertThat(bench.view.imports()).isEmpty();
    }

    @Test
    void shouldNotForgetTheNodeThatKnowsWhoseSlotsAre() {
        Bench bench = handedOver();

        OperatorResult refused = bench.gossip.operator().forget(bench.nowMs, six.id.toString());

        assertThat(refused).isInstanceOf(OperatorResult.Rejected.class);
        assertThat(bench.entry(six.id)).isNotNull();
    }
}
