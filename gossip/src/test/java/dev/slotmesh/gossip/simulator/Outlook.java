package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.NodeView;

import java.util.List;

/**
 * What a node of any kind holds true about the cluster at one moment.
 *
 * @param nodes every entry, myself first; entries that did not change are the same objects from outlook to outlook
 * @param stateOk whether it serves keys
 */
public record Outlook(
        List<NodeView> nodes, long currentEpoch, long lastVoteEpoch, boolean stateOk) {
    public NodeView myself() {
        return nodes.get(0);
    }

    /** The entry of that id, or null. */
    public NodeView find(NodeId id) {
        for (NodeView node : nodes) {
            if (node.id().equals(id)) {
                return node;
            }
        }
        return null;
    }
}
