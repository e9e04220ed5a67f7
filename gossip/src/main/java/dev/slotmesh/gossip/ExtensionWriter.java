package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.PingExtension;

import java.util.ArrayList;
import java.util.List;

/**
 * What heartbeats say after the gossip section (cluster bus facts, section 2.6): the host name to everybody, as 7.0 does; the
 * rest only to a peer that showed that it understands it, since 7.0 logs a warning for every extension it does not know.
 */
final class ExtensionWriter {
    private final CurrentSettings settings;
    private final ShardIds shards;
    private final Tombstones tombstones;

    ExtensionWriter(CurrentSettings settings, ShardIds shards, Tombstones tombstones) {
        this.settings = settings;
        this.shards = shards;
        this.tombstones = tombstones;
    }

    /** For any heartbeat to that node; null for a receiver that is not known. */
    List<PingExtension> brief(Node receiver) {
        String hostname = settings.get().announced().hostname();
        List<PingExtension> extensions = new ArrayList<>(2);
        if (!hostname.isEmpty()) {
            extensions.add(new PingExtension.Hostname(hostname));
        }
        if (receiver != null && receiver.readsExtensions) {
            extensions.add(new PingExtension.ShardId(shards.mine()));
        }
        return extensions;
    }

    /** For the answer to a Slotmesh node that is not in the table. */
    List<PingExtension> toStranger(long nowMs, NodeId stranger) {
        List<PingExtension> extensions = brief(null);
        long leftSeconds = tombstones.leftSeconds(nowMs, stranger);
        if (leftSeconds > 0) {
            extensions.add(new PingExtension.ForgottenNode(stranger, leftSeconds));
        }
        return extensions;
    }

    /** What any heartbeat to that node carries, and the forgotten nodes where 7.2 has them: before the shard. */
    List<PingExtension> full(long nowMs, Node receiver) {
        List<PingExtension> extensions = brief(receiver);
        if (receiver != null && receiver.readsExtensions) {
            extensions.addAll(extensions.size() - 1, tombstones.tell(nowMs));
        }
        return extensions;
    }
}
