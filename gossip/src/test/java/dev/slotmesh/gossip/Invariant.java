package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Something that holds whatever the network does. */
interface Invariant {
    /** Looks at a node whose published view changed by the last event. */
    default void viewChanged(SimulatedNetwork network, SimulatedNode node) {}

    /** Looks at the whole after the network has been healthy for long enough. */
    default void settled(SimulatedNetwork network) {}

    /** No epoch a node knows ever falls, restarts included: they carry votes and claims. */
    final class EpochsNeverFall implements Invariant {
        private final Map<SimulatedNode, Map<String, Long>> greatest = new HashMap<>();

        @Override
        public void viewChanged(SimulatedNetwork network, SimulatedNode node) {
            check(node, "currentEpoch", node.view.counts().currentEpoch());
            check(node, "lastVoteEpoch", node.view.counts().lastVoteEpoch());
            for (NodeView entry : node.view.nodes()) {
                check(
                        node,
                        entry.id() + " in life " + (entry.isMyself() ? 0 : node.lives),
                        entry.configEpoch());
            }
        }

        private void check(SimulatedNode node, String name, long epoch) {
            Long before = greatest.computeIfAbsent(node, any -> new HashMap<>()).put(name, epoch);
            assertThat(epoch)
                    .as("%s at node %d", name, node.number)
                    .isGreaterThanOrEqualTo(before == null ? 0 : before);
        }
    }

    /** In every view each slot has one owner, whose bitmap has it; and nobody else ever claims it with the same epoch. */
    final class OneOwnerPerSlotAndEpoch implements Invariant {
        private final Map<String, NodeId> claims = new HashMap<>();

        @Override
        public void viewChanged(SimulatedNetwork network, SimulatedNode node) {
            SlotSet seen = new SlotSet();
            for (NodeView entry : node.view.nodes()) {
                assertThat(seen.intersects(entry.slots()))
                        .as("a slot in two bitmaps")
                        .isFalse();
                seen.addAll(entry.slots());
                entry.slots().ranges().forEach(range -> {
                    assertThat(node.view.owner(range.first())).isSameAs(entry);
                    assertThat(node.view.owner(range.last())).isSameAs(entry);
                });
            }
            NodeView myself = node.view.myself();
            if (myself.configEpoch() != 0) {
                myself.slots().ranges().forEach(range -> {
                    for (int slot = range.first(); slot <= range.last(); slot++) {
                        NodeId before =
                                claims.putIfAbsent(slot + "@" + myself.configEpoch(), myself.id());
                        assertThat(before == null || before.equals(myself.id()))
                                .as(
                                        "slot %d claimed twice with epoch %d",
                                        slot, myself.configEpoch())
                                .isTrue();
                    }
                });
            }
        }
    }

    /** Every CLUSTER MEET ends: both list each other, or the operator was told a reason. */
    final class MeetEndsInMembershipOrReason implements Invariant {
        private final List<Asked> asked = new ArrayList<>();

        private record Asked(SimulatedNode from, SimulatedNode to, int life, int noticesBefore) {}

        void meet(SimulatedNode from, SimulatedNode to) {
            asked.add(new Asked(from, to, from.lives, from.notices.size()));
            from.meet(to);
        }

        @Override
        public void settled(SimulatedNetwork network) {
            for (Asked meet : asked) {
                boolean mutual = meet.from.lists(meet.to) && meet.to.lists(meet.from);
                boolean told =
                        meet
                                .from
                                .notices
                                .subList(meet.noticesBefore, meet.from.notices.size())
                                .stream()
                                .anyMatch(notice -> notice instanceof Notice.MeetEnded ended
                                        && ended.ip().equals(meet.to.ip())
                                        && ended.outcome().last());
                assertThat(mutual || told || meet.life != meet.from.lives)
                        .as("MEET of node %d by node %d", meet.to.number, meet.from.number)
                        .isTrue();
            }
        }
    }

    /** A node all were told to forget is in nobody's table while the blacklist lasts. */
    final class ForgottenStaysForgotten implements Invariant {
        private final Map<NodeId, Long> untilMs = new HashMap<>();

        void forgotten(SimulatedNetwork network, NodeId id) {
            untilMs.put(id, network.nowMs + 60_000);
        }

        @Override
        public void viewChanged(SimulatedNetwork network, SimulatedNode node) {
            untilMs.forEach((id, until) -> {
                if (network.nowMs < until && !node.id().equals(id)) {
                    assertThat(node.view.node(id))
                            .as("forgotten node at node %d", node.number)
                            .isNull();
                }
            });
        }
    }

    /** After healing all running nodes list each other, agree on every slot and epoch, and suspect nobody. */
    final class ViewsConverge implements Invariant {
        @Override
        public void settled(SimulatedNetwork network) {
            List<SimulatedNode> running =
                    network.nodes.stream().filter(node -> node.running).toList();
            ClusterView first = running.get(0).view;
            for (SimulatedNode node : running) {
                for (SimulatedNode other : running) {
                    assertThat(node.lists(other))
                            .as("node %d lists node %d", node.number, other.number)
                            .isTrue();
                    NodeView entry = node.view.node(other.id());
                    assertThat(entry.isPfail() || entry.isFail())
                            .as("node %d suspects node %d", node.number, other.number)
                            .isFalse();
                    assertThat(entry.slots()).isEqualTo(first.node(other.id()).slots());
                    assertThat(entry.configEpoch())
                            .isEqualTo(first.node(other.id()).configEpoch());
                }
                assertThat(node.view.nodeCount()).isEqualTo(running.size());
                assertThat(node.view.counts().currentEpoch())
                        .isEqualTo(first.counts().currentEpoch());
                assertThat(node.view.stateOk()).isEqualTo(first.stateOk());
            }
        }
    }
}
