package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.gossip.NodeAddress;
import dev.slotmesh.gossip.PrivateVars;
import dev.slotmesh.gossip.StoredNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Clusters that need not be formed: every node starts from a nodes.conf that lists them all. */
public final class Clusters {
    private static final long BETWEEN_STARTS_US = 50;

    private Clusters() {}

    /**
     * Has the nodes of the simulation, none of which has run, start as one cluster: the first ones are primaries with equal
     * shares of the slots, the others their replicas in turn. They start one after another, but soon
     * enough for none to be taken for dead.
     */
    public static void start(Simulation simulation, int primaries) {
        List<StoredNode> lines = lines(simulation, primaries);
        for (SimulatedNode node : simulation.nodes()) {
            List<StoredNode> own = new ArrayList<>(lines);
            own.set(node.number(), asMyself(lines.get(node.number())));
            node.configured(new ClusterConfiguration(own, primaries, 0, PrivateVars.NONE, true));
            simulation.after(node.number() * BETWEEN_STARTS_US, node::start);
        }
    }

    private static List<StoredNode> lines(Simulation simulation, int primaries) {
        SplittableRandom random = simulation.random().split();
        List<StoredNode> lines = new ArrayList<>();
        for (SimulatedNode node : simulation.nodes()) {
            int number = node.number();
            boolean primary = number < primaries;
            SlotSet slots = primary ? share(number, primaries) : SlotSet.none();
            NodeAddress address =
                    new NodeAddress(node.ip(), NodeSettings.PORT, 0, NodeSettings.BUS_PORT, "");
            lines.add(new StoredNode(
                    randomId(random),
                    address,
                    primary ? NodeFlags.PRIMARY : NodeFlags.REPLICA,
                    primary
                            ? NodeId.NONE
                            : lines.get((number - primaries) % primaries).id(),
                    false,
                    true,
                    primary ? number + 1 : 0,
                    slots,
                    Collections.unmodifiableSortedMap(new TreeMap<>()),
                    Collections.unmodifiableSortedMap(new TreeMap<>())));
        }
        return lines;
    }

    private static SlotSet share(int number, int primaries) {
        int first = (int) ((long) SlotSet.SLOT_COUNT * number / primaries);
        int end = (int) ((long) SlotSet.SLOT_COUNT * (number + 1) / primaries);
        return SlotSet.ofRange(first, end - 1);
    }

    private static StoredNode asMyself(StoredNode line) {
        return new StoredNode(
                line.id(),
                line.address(),
                line.flags() | NodeFlags.MYSELF,
                line.primaryId(),
                false,
                false,
                line.configEpoch(),
                line.slots(),
                line.migrating(),
                line.importing());
    }

    static NodeId randomId(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        while (text.length() < NodeId.LENGTH_BYTES) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return NodeId.parse(text);
    }
}
