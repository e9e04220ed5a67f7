package dev.slotmesh.server;

import dev.slotmesh.server.persistence.Snapshots;
import dev.slotmesh.server.replication.FollowerOutlets;

/** What the rest of a node does when its role or its whole data set changes. */
final class NodeFollowing implements FollowerOutlets {
    private final Node node;

    NodeFollowing(Node node) {
        this.node = node;
    }

    @Override
    public void streamChanged() {
        node.dispatcher().commandLog().review();
    }

    @Override
    public void dropReplicas() {
        node.replication().dropReplicas();
    }

    @Override
    public void replacing() {
        node.persistence().snapshots().cancel();
        node.persistence().appendOnly().suspend();
    }

    @Override
    public void settled() {
        node.persistence().appendOnly().resume();
    }

    @Override
    public void endSnapshot() {
        Snapshots snapshots = node.persistence().snapshots();
        if (snapshots.isRunning()) {
            snapshots.cancel();
        }
    }

    @Override
    public void freeRemains() {
        node.memoryUpkeep().freeRemains();
    }
}
