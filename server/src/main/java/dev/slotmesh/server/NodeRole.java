package dev.slotmesh.server;

import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.cluster.ReplicationRole;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.config.PrimaryAddress;
import dev.slotmesh.server.replication.Follower;
import dev.slotmesh.server.replication.FollowerView;
import dev.slotmesh.server.session.ErrorReply;

import java.util.concurrent.TimeUnit;

/** Carries out on a node's replication what its cluster decides. */
final class NodeRole implements ReplicationRole {
    private final Node node;

    NodeRole(Node node) {
        this.node = node;
    }

    @Override
    public void follow(String ip, int port) {
        node.replication().follower().follow(new PrimaryAddress(ip, port));
    }

    @Override
    public void lead() {
        node.replication().follower().lead();
    }

    @Override
    public long offset() {
        Follower follower = node.replication().follower();
        return follower.isWithoutHistory() ? 0 : node.replication().state().offset();
    }

    @Override
    public long silenceMs() {
        FollowerView view = node.replication().follower().view();
        if (view.primary() == null) {
            return 0;
        }
        if (view.isUp()) {
            return view.silentMs();
        }
        return view.downSinceSeconds() < 0
                ? Long.MAX_VALUE
                : TimeUnit.SECONDS.toMillis(view.downSinceSeconds());
    }

    @Override
    public void pauseWrites(long mostMs) {
        node.replication().writeStop().begin(mostMs);
    }

    @Override
    public boolean writesArePaused() {
        return node.replication().writeStop().settle();
    }

    @Override
    public void resumeWrites() {
        node.replication().writeStop().end();
    }

    @Override
    public void drop(Slot slot, long entry) {
        node.dispatcher().drop(slot, entry);
    }

    @Override
    public void published(ClusterView view) {
        node.slotMigrations().ifPresent(migrations -> migrations.published(view));
    }

    @Override
    public String readRefusal(CommandSpec command) {
        ErrorReply refusal = node.replicaRules().readRefusal(command);
        return refusal == null ? null : refusal.text();
    }
}
