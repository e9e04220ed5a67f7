package dev.slotmesh.server;

import dev.slotmesh.server.cluster.ReplicationRole;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.config.PrimaryAddress;
import dev.slotmesh.server.replication.Follower;
import dev.slotmesh.server.session.ErrorReply;

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
    public String readRefusal(CommandSpec command) {
        ErrorReply refusal = node.replicaRules().readRefusal(command);
        return refusal == null ? null : refusal.text();
    }
}
