package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a node starts from: the content of its nodes.conf, or the configuration of a node that never ran before.
 *
 * @param nodes exactly one of them has the flag MYSELF
 * @param currentEpoch unsigned
 * @param lastVoteEpoch unsigned
 * @param vars what only this kind of node keeps there
 * @param stored whether it was read from a file; a configuration that was not is saved at the start
 */
public record ClusterConfiguration(
        List<StoredNode> nodes,
        long currentEpoch,
        long lastVoteEpoch,
        PrivateVars vars,
        boolean stored) {
    public ClusterConfiguration {
        nodes = List.copyOf(nodes);
        if (nodes.stream().filter(ClusterConfiguration::isMyself).count() != 1) {
            throw new IllegalArgumentException("exactly one node must be myself");
        }
    }

    /** An empty primary under a random id that knows nobody. */
    public static ClusterConfiguration newNode(RandomGenerator random) {
        StoredNode myself = new StoredNode(
                RandomIds.next(random),
                NodeAddress.ofPorts(0, 0),
                NodeFlags.MYSELF | NodeFlags.PRIMARY,
                NodeId.NONE,
                false,
                false,
                0,
                SlotSet.none(),
                Collections.unmodifiableSortedMap(new TreeMap<>()),
                Collections.unmodifiableSortedMap(new TreeMap<>()));
        return new ClusterConfiguration(List.of(myself), 0, 0, PrivateVars.NONE, false);
    }

    /** The line of this node itself. */
    public StoredNode myself() {
        return nodes.stream().filter(ClusterConfiguration::isMyself).findFirst().orElseThrow();
    }

    private static boolean isMyself(StoredNode node) {
        return NodeFlags.has(node.flags(), NodeFlags.MYSELF);
    }
}
