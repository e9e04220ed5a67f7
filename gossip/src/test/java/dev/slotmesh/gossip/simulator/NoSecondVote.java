package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;

import java.util.HashMap;
import java.util.Map;

/** No node sends two votes in one epoch, in however many lives. */
public final class NoSecondVote implements Invariant {
    private final Map<NodeId, Map<Long, Long>> votes = new HashMap<>();

    @Override
    public void sent(Simulation simulation, SimulatedNode node, BusMessage message) {
        if (message instanceof BusMessage.AuthAck vote) {
            long epoch = vote.header().currentEpoch();
            Long before = votes.computeIfAbsent(vote.header().sender(), any -> new HashMap<>())
                    .putIfAbsent(epoch, simulation.elapsedMs());
            Violation.unless(
                    before == null,
                    "%s votes in epoch %d, and has done so at %d ms",
                    node.name(),
                    epoch,
                    before);
        }
    }
}
