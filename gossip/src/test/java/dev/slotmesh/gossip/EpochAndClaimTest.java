package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import org.junit.jupiter.api.Test;

/** Cluster bus facts, sections 9 and 10: epochs, and who gets a slot. */
class EpochAndClaimTest {
    /** "On load, currentEpoch is raised to the largest configEpoch in the file." */
    @Test
    void shouldRaiseCurrentEpochToGreatestConfigEpochOfFile() {
        Bench bench =
                Bench.with(Bench.mine(), Bench.line(9), "vars currentEpoch 2 lastVoteEpoch 1");

        assertThat(bench.view.counts().currentEpoch()).isEqualTo(9);
        assertThat(bench.view.counts().lastVoteEpoch()).isEqualTo(1);
    }

    /** "If my configEpoch is 0 or differs from max(all configEpochs, currentEpoch): currentEpoch += 1 ... save + fsync." */
    @Test
    void shouldBumpEpochUnlessItIsTheGreatestAlready() {
        Bench bench = Bench.knowing(9).clear();

        OperatorResult first = bench.gossip.operator().bumpEpoch(bench.nowMs);
        OperatorResult second = bench.gossip.operator().bumpEpoch(bench.nowMs);

        assertThat(first).isEqualTo(new OperatorResult.Accepted("BUMPED 10"));
        assertThat(second).isEqualTo(new OperatorResult.Accepted("STILL 10"));
        assertThat(bench.effects).startsWith("save fsync");
    }

    /** "Only the node with the lexicographically smaller id acts: currentEpoch += 1, configEpoch = currentEpoch, save + fsync." */
    @Test
    void shouldMoveOnFromCollisionWithGreaterId() {
        Bench bench =
                Bench.with(Bench.mine(), "n6 10.0.0.6:7000@17000 master - 0 1 5 connected 600-699");
        Peer peer = bench.peer(6);
        peer.configEpoch = 5;
        bench.clear();

        peer.pings();

        assertThat(bench.view.counts().myEpoch()).isEqualTo(6);
        assertThat(bench.view.counts().currentEpoch()).isEqualTo(6);
        assertThat(bench.effects).startsWith("save fsync");
        assertThat(bench.notices).contains(new Notice.EpochCollision(peer.id, 6));
    }

    @Test
    void shouldLeaveCollisionToSmallerId() {
        Bench bench =
                Bench.with(Bench.mine(), "n4 10.0.0.4:7000@17000 master - 0 1 5 connected 400-499");
        Peer peer = bench.peer(4);
        peer.configEpoch = 5;

        peer.pings();

        assertThat(bench.view.counts().myEpoch()).isEqualTo(5);
    }

    /** "SET-CONFIG-EPOCH ... Raises currentEpoch if lower", with its refusals in order. */
    @Test
    void shouldSetConfigEpochOnlyOnNodeThatKnowsNobody() {
        Bench fresh = Bench.alone();
        Bench grown = Bench.knowing(1);

        assertThat(fresh.gossip.operator().setConfigEpoch(fresh.nowMs, -1))
                .isEqualTo(new OperatorResult.Rejected("Invalid config epoch specified: -1"));
        assertThat(fresh.gossip.operator().setConfigEpoch(fresh.nowMs, 7))
                .isEqualTo(OperatorResult.OK);
        assertThat(fresh.view.counts().myEpoch()).isEqualTo(7);
        assertThat(fresh.view.counts().currentEpoch()).isEqualTo(7);
        assertThat(fresh.gossip.operator().setConfigEpoch(fresh.nowMs, 8))
                .isEqualTo(new OperatorResult.Rejected("Node config epoch is already non-zero"));
        assertThat(grown.gossip.operator().setConfigEpoch(grown.nowMs, 8))
                .isEqualTo(
                        new OperatorResult.Rejected(
                                "The user can assign a config epoch only when the node does not know any other node."));
    }

    /** "unclaimed, or owner.configEpoch < E: rebind to S ... save + fsync, re-evaluate state." */
    @Test
    void shouldGiveFreeSlotsToClaimant() {
        Bench bench = Bench.knowing(1);
        Peer peer = bench.peer(1);
        peer.slots = Bench.slots(100, 250);
        bench.clear();

        peer.pings();

        assertThat(bench.view.owner(250).id()).isEqualTo(peer.id);
        assertThat(bench.effects).startsWith("save fsync");
    }

    /** A heartbeat without a slot came late, behind one with it: the slot is not free for ever. */
    @Test
    void shouldHoldOwnerToTheClaimOfItsLastHeartbeat() {
        Bench bench = Bench.knowing(1, 2);
        Peer one = bench.peer(1);
        one.slots = Bench.slots(100, 190);
        one.pings();
        one.slots = Bench.slots(100, 199);
        one.pings();
        Peer two = bench.peer(2);
        two.configEpoch = 1;
        two.slots = Bench.slots(195, 299);

        two.pings();

        assertThat(bench.view.owner(195).id()).isEqualTo(one.id);
    }

    @Test
    void shouldGiveSlotToGreaterEpochAndDeleteItsKeys() {
        Bench bench = Bench.knowing(6);
        Peer peer = bench.peer(6);
        peer.slots = Bench.slots(50, 60);
        bench.clear();

        peer.pings();

        assertThat(bench.view.owner(50).id()).isEqualTo(peer.id);
        assertThat(bench.view.isMine(49)).isTrue();
        assertThat(bench.deleted).containsExactly(Bench.slots(50, 60));
        assertThat(bench.left).containsExactly(Bench.slots(50, 60));
        assertThat(bench.effects.indexOf("view"))
                .isLessThan(bench.effects.indexOf("delete keys of 50-60"));
    }

    /** "other with configEpoch >= E: nothing". */
    @Test
    void shouldKeepSlotAgainstSmallerOrEqualEpoch() {
        Bench bench = Bench.knowing(1, 2);
        Peer peer = bench.peer(1).acquainted();
        peer.slots = Bench.slots(0, 299);

        peer.pings();

        assertThat(bench.view.isMine(0)).isTrue();
        assertThat(bench.view.owner(200).id()).isEqualTo(Bench.id(2));
    }

    /** "other, and I am importing this slot: nothing (must be closed by hand)". */
    @Test
    void shouldNotRebindSlotItIsImporting() {
        Bench bench = Bench.knowing(1, 6);
        bench.gossip.operator().setSlotImporting(bench.nowMs, 150, Bench.id(1).toString());
        Peer peer = bench.peer(6);
        peer.slots = Bench.slots(140, 160);

        peer.pings();

        assertThat(bench.view.owner(140).id()).isEqualTo(peer.id);
        assertThat(bench.view.owner(150).id()).isEqualTo(Bench.id(1));
    }

    /** "keep S as owner but mark owner-not-claiming (so another claimant wins with any epoch, and it is left out of UPDATEs)". */
    @Test
    void shouldLetAnybodyTakeSlotItsOwnerStoppedClaiming() {
        Bench bench = Bench.knowing(1, 6);
        Peer owner = bench.peer(6);
        owner.slots = Bench.slots(600, 649);
        owner.pings();
        NodeId stillOwner = bench.view.owner(650).id();
        Peer taker = bench.peer(1);
        taker.slots = Bench.slots(650, 660);

        taker.pings();

        assertThat(stillOwner).isEqualTo(owner.id);
        assertThat(bench.view.owner(650).id()).isEqualTo(taker.id);
        assertThat(bench.view.owner(661).id()).isEqualTo(owner.id);
    }

    /** "newmaster set, curmaster has 0 slots left, and cluster-allow-replica-migration: become replica of S." */
    @Test
    void shouldFollowNodeThatTookItsLastSlot() {
        Bench bench = Bench.knowing(6);
        Peer peer = bench.peer(6);
        peer.slots = Bench.slots(0, 99);
        bench.clear();

        peer.pings();

        assertThat(bench.view.myself().isReplica()).isTrue();
        assertThat(bench.view.myPrimary().id()).isEqualTo(peer.id);
        assertThat(bench.effects).contains("replicate 6 at 10.0.0.6:7000");
        assertThat(bench.deleted).isEmpty();
        assertThat(bench.noticesOf(Notice.FollowsNewPrimary.class)).hasSize(1);
    }

    /** "... or all slots in B are exactly those just taken from curmaster". */
    @Test
    void shouldStayEmptyPrimaryWhenReplicaMigrationIsOff() {
        GossipSettings settings = Bench.settings()
                .withFailover(GossipSettings.Failover.DEFAULTS.withAllowMigration(false));
        Bench other = Bench.with(settings, Bench.mine(), Bench.line(6));
        Bench exact = Bench.with(settings, Bench.mine(), Bench.line(6));
        Peer greedy = other.peer(6);
        greedy.slots = Bench.slots(0, 699);
        Peer heir = exact.peer(6);
        heir.slots = Bench.slots(0, 99);

        greedy.pings();
        heir.pings();

        assertThat(other.view.myself().isPrimary()).isTrue();
        assertThat(other.deleted).containsExactly(Bench.slots(0, 99));
        assertThat(exact.view.myself().isReplica()).isTrue();
    }

    /** "My primary is itself a replica (of someone other than me): follow the grand-primary." */
    @Test
    void shouldFollowPrimaryOfItsPrimary() {
        Bench bench = Bench.with(
                "me 10.0.0.5:7000@17000 myself,slave n1 0 0 0 connected",
                "n1 10.0.0.1:7000@17000 slave n6 0 1 0 connected",
                "n6 10.0.0.6:7000@17000 master - 0 1 6 connected 0-99");
        Peer peer = bench.peer(6);
        peer.slots = Bench.slots(0, 199);

        peer.pings();

        assertThat(bench.view.myPrimary().id()).isEqualTo(peer.id);
        assertThat(bench.noticesOf(Notice.FollowsGrandPrimary.class)).hasSize(1);
    }

    /** "Receiver: sender and subject known, subject.configEpoch < value (else ignored); ... apply 10.1 with subject as S." */
    @Test
    void shouldApplyUpdateAboutThirdNode() {
        Bench bench = Bench.knowing(1, 2);
        Peer teller = bench.peer(1).pings();

        teller.says(new BusMessage.Update(teller.header(), 2, Bench.id(2), Bench.slots(300, 310)));
        boolean staleApplied = bench.view.owner(300) != null;
        teller.says(new BusMessage.Update(teller.header(), 20, Bench.id(2), Bench.slots(300, 310)));

        assertThat(staleApplied).isFalse();
        assertThat(bench.view.owner(300).id()).isEqualTo(Bench.id(2));
        assertThat(bench.view.node(Bench.id(2)).configEpoch()).isEqualTo(20);
    }

    /** "subject replica -> primary". */
    @Test
    void shouldPromoteReplicaNamedInUpdate() {
        Bench bench = Bench.knowing(1, 2);
        Peer replica = bench.peer(2);
        replica.primary = Bench.id(1);
        replica.configEpoch = 1;
        replica.slots = Bench.slots(100, 199);
        replica.pings();
        Peer teller = bench.peer(1).pings();

        teller.says(new BusMessage.Update(teller.header(), 20, Bench.id(2), Bench.slots(100, 199)));

        assertThat(bench.view.node(Bench.id(2)).isPrimary()).isTrue();
        assertThat(bench.view.owner(150).id()).isEqualTo(Bench.id(2));
    }

    /** "An UPDATE about myself: rejected ... (the epoch was already raised)." */
    @Test
    void shouldDiscardUpdateAboutItself() {
        Bench bench = Bench.knowing(1);
        Peer teller = bench.peer(1).pings();

        teller.says(new BusMessage.Update(teller.header(), 30, Bench.ME, SlotSet.none()));

        assertThat(bench.view.isMine(0)).isTrue();
        assertThat(bench.view.counts().myEpoch()).isEqualTo(30);
        assertThat(bench.noticesOf(Notice.UpdateAboutMyself.class).get(0).text())
                .isEqualTo("Discarding UPDATE message about myself.");
    }

    /** Section 10.3: "Keys in a slot that is neither mine nor importing: if nobody owns it, take it; else mark it importing." */
    @Test
    void shouldTakeFreeSlotsItHoldsKeysOf() {
        Bench bench = Bench.knowing(1);
        SlotKeys keys = new SlotKeys() {
            @Override
            public long keysIn(int slot) {
                return slot == 5 || slot == 150 || slot == 900 ? 3 : 0;
            }

            @Override
            public boolean empty() {
                return false;
            }
        };

        bench.gossip.keysLoaded(bench.nowMs, keys);

        assertThat(bench.view.isMine(900)).isTrue();
        assertThat(bench.view.importingFrom(150).id()).isEqualTo(Bench.id(1));
        assertThat(bench.view.importingFrom(5)).isNull();
        assertThat(bench.noticesOf(Notice.KeysWithoutSlot.class)).hasSize(2);
    }

    /** A key may be loaded after its slot was lost and emptied. */
    @Test
    void shouldDeleteKeysOfSlotsLostWhileTheyWereLoaded() {
        Bench bench = Bench.knowing(1, 6);
        Peer peer = bench.peer(6);
        peer.slots = Bench.slots(50, 60);
        peer.pings();
        bench.deleted.clear();
        SlotKeys keys = new SlotKeys() {
            @Override
            public long keysIn(int slot) {
                return slot == 49 || slot == 55 || slot == 150 ? 2 : 0;
            }

            @Override
            public boolean empty() {
                return false;
            }
        };

        bench.gossip.keysLoaded(bench.nowMs, keys);

        assertThat(bench.deleted).containsExactly(Bench.slots(55, 55));
        assertThat(bench.view.importingFrom(55)).isNull();
        assertThat(bench.view.importingFrom(150).id()).isEqualTo(Bench.id(1));
    }
}
