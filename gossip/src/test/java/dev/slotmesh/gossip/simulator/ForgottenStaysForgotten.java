package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeId;

import java.util.LinkedHashMap;
import java.util.Map;

/** A node that all the others were told to forget is in nobody's table while the order lasts. */
public final class ForgottenStaysForgotten implements Invariant {
    private static final long LASTS_MS = 60_000;

    private final Map<NodeId, Long> untilMs = new LinkedHashMap<>();

    /** Everybody but the node itself has been told by now; the order is as old as {@code firstToldMs}, virtual time. */
    public void forgotten(NodeId id, long firstToldMs) {
        untilMs.put(id, firstToldMs + LASTS_MS);
    }

    @Override
    public void outlookChanged(Simulation simulation, SimulatedNode node, Outlook before) {
        untilMs.forEach((id, until) -> Violation.unless(
                simulation.elapsedMs() >= until
                        || node.id().equals(id)
                        || node.outlook().find(id) == null,
                "%s, told to forget %s, lists it again",
                node.name(),
                id));
    }
}
