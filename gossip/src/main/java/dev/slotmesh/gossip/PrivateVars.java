package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this node keeps on the vars line of nodes.conf beyond Redis's own names. Redis skips names it does not know, with
 * one warning each at its start, so a file is still one that either kind reads; and a node that has nothing to keep here
 * writes none of them.
 *
 * @param shardId the shard this node belongs to; {@link NodeId#NONE} when it is the one named after the node itself
 * @param forgotten forgotten nodes, and until when each stays away, in Unix milliseconds
 * @param unconfirmed listed nodes that have yet to show that they list this one: their acquaintance goes on where it was
 * @param exports slots of this node that another one may have claimed; none of them is {@link ExportView.State#OPEN}
 * @param imports slots whose keys are not this node's
 */
public record PrivateVars(
        NodeId shardId,
        SortedMap<NodeId, Long> forgotten,
        List<NodeId> unconfirmed,
        List<ExportView> exports,
        List<ImportView> imports) {
    /** Nothing to keep. */
    public static final PrivateVars NONE = new PrivateVars(
            NodeId.NONE, Collections.emptySortedMap(), List.of(), List.of(), List.of());

    public PrivateVars {
        Objects.requireNonNull(shardId, "shardId");
        forgotten = Collections.unmodifiableSortedMap(new TreeMap<>(forgotten));
        unconfirmed = List.copyOf(unconfirmed);
        exports = List.copyOf(exports);
        imports = List.copyOf(imports);
    }

    /** The same with these in place of the unconfirmed ones. */
    PrivateVars withUnconfirmed(List<NodeId> ids) {
        return new PrivateVars(shardId, forgotten, ids, exports, imports);
    }
}
