package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;

/** A replica that others can spare goes to a primary that has lost all of its own (cluster bus facts, section 13). */
final class ReplicaMigration {
    private static final long PATIENCE_MS = 5_000;

    private final NodeTable table;
    private final FailoverMeans means;
    private final Outbox outbox;

    ReplicaMigration(NodeTable table, FailoverMeans means, Outbox outbox) {
        this.table = table;
        this.means = means;
        this.outbox = outbox;
    }

    /** The tick's share. */
    void tick(long nowMs) {
        Node myself = table.myself();
        if (!myself.isReplica()) {
            return;
        }
        boolean anyOrphan = false;
        int most = 0;
        for (Node node : table.all()) {
            boolean serving = node.isPrimary() && node.ownsSlots() && !node.has(NodeFlags.FAIL);
            int replicas = serving ? replicasWithout(node, NodeFlags.FAIL) : 0;
            boolean orphan = serving && replicas == 0 && node.has(NodeFlags.MIGRATE_TO);
            if (!orphan) {
                node.orphanedMs = 0;
            } else if (node.orphanedMs == 0) {
                node.orphanedMs = nowMs;
            }
            anyOrphan |= orphan;
            most = Math.max(most, replicas);
        }
        boolean fromTheRichest =
                myself.primary != null && replicasWithout(myself.primary, NodeFlags.FAIL) == most;
        if (anyOrphan && most >= 2 && fromTheRichest && isAllowed(myself.primary)) {
            migrate(nowMs, most);
        }
    }

    private static int replicasWithout(Node primary, int flags) {
        int count = 0;
        for (Node replica : primary.replicas) {
            count += replica.has(flags) ? 0 : 1;
        }
        return count;
    }

    private boolean isAllowed(Node primary) {
        GossipSettings.Failover rules = means.settings().get().failover();
        return rules.allowMigration()
                && means.health().ok()
                && replicasWithout(primary, NodeFlags.PFAIL | NodeFlags.FAIL)
                        > rules.migrationBarrier();
    }

    private void migrate(long nowMs, int most) {
        Node orphan = null;
        Node first = table.myself();
        for (Node node : table.all()) {
            if (!node.isPrimary() || node.has(NodeFlags.FAIL)) {
                continue;
            }
            boolean waited = node.orphanedMs != 0 && nowMs - node.orphanedMs > PATIENCE_MS;
            orphan = orphan == null && waited ? node : orphan;
            if (replicasWithout(node, NodeFlags.FAIL) == most) {
                for (Node replica : node.replicas) {
                    boolean able = !replica.has(NodeFlags.FAIL);
                    first = able && replica.id.compareTo(first.id) < 0 ? replica : first;
                }
            }
        }
        if (orphan != null && first.isMyself()) {
            outbox.notice(new FailoverNotice.Migrating(orphan.id));
            means.roles().follow(orphan);
            means.heartbeats().broadcastPong();
        }
    }
}
