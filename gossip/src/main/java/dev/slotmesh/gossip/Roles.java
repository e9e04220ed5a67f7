package dev.slotmesh.gossip;

import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.NodeFlags;

/** Who is primary, and who follows whom (cluster bus facts, sections 3 step 4f and 10.1). */
final class Roles {
    private final NodeTable table;
    private final SlotTable slots;
    private final Agenda agenda;
    private final Outbox outbox;

    /** The primary the driver was told to replicate from; null while it was not told or is told to stop. */
    private Node replicating;

    Roles(NodeTable table, SlotTable slots, Pending pending) {
        this.table = table;
        this.slots = slots;
        this.agenda = pending.agenda();
        this.outbox = pending.outbox();
    }

    /** A known sender says whom it follows: this, not its flags, decides its role here. */
    void senderFollows(Node sender, Header header) {
        if (header.primary().isNone()) {
            makePrimary(sender);
            return;
        }
        if (sender.isPrimary()) {
            slots.releaseAll(sender);
            sender.clear(NodeFlags.PRIMARY | NodeFlags.MIGRATE_TO);
            sender.raise(NodeFlags.REPLICA);
            agenda.save();
            agenda.evaluateState();
        }
        Node primary = table.find(header.primary());
        if (primary != null && primary != sender.primary) {
            leavePrimary(sender);
            joinPrimary(sender, primary);
            agenda.save();
        }
    }

    /** The node turns primary if it is not: it may have been a replica, or of unknown role. */
    void makePrimary(Node node) {
        if (node.isPrimary()) {
            return;
        }
        if (node.primary != null) {
            leavePrimary(node);
            if (!node.isMyself()) {
                node.raise(NodeFlags.MIGRATE_TO);
            }
        }
        node.clear(NodeFlags.REPLICA);
        node.raise(NodeFlags.PRIMARY);
        agenda.save();
        agenda.evaluateState();
    }

    /** This node becomes a replica of that one, or moves to it; it owns no slots any more. */
    void follow(Node primary) {
        Node myself = table.myself();
        if (myself.ownsSlots()) {
            throw new IllegalStateException("a node with slots cannot become a replica");
        }
        if (myself.isPrimary()) {
            myself.clear(NodeFlags.PRIMARY | NodeFlags.MIGRATE_TO);
            myself.raise(NodeFlags.REPLICA);
            slots.closeAll();
        } else {
            leavePrimary(myself);
        }
        joinPrimary(myself, primary);
        replicating = null;
        replicateIfPossible();
        agenda.save();
        agenda.evaluateState();
    }

    /** This node stops being a replica, keeping its keys; without effect on a primary. */
    void promoteMyself() {
        Node myself = table.myself();
        if (myself.isPrimary()) {
            return;
        }
        makePrimary(myself);
        replicating = null;
        outbox.promote();
    }

    /** Tells the driver where to replicate from as soon as the primary's address is known. */
    void replicateIfPossible() {
        Node primary = table.myself().primary;
        if (primary != null && replicating != primary && !primary.address.ip().isEmpty()) {
            replicating = primary;
            outbox.replicate(primary.id, primary.address);
        }
    }

    /** A node moved: if this one replicates from it, it has to do so from the new address. */
    void addressChanged(Node node) {
        if (node == replicating) {
            replicating = null;
            replicateIfPossible();
        }
    }

    /** A node leaves the table: its replicas have no known primary any more. */
    void forget(Node node) {
        leavePrimary(node);
        for (Node replica : node.replicas) {
            replica.changePrimary(null);
        }
        node.replicas.clear();
    }

    void joinPrimary(Node replica, Node primary) {
        replica.changePrimary(primary);
        primary.replicas.add(replica);
        primary.raise(NodeFlags.MIGRATE_TO);
    }

    private static void leavePrimary(Node replica) {
        Node primary = replica.primary;
        if (primary == null) {
            return;
        }
        primary.replicas.remove(replica);
        if (primary.replicas.isEmpty()) {
            primary.clear(NodeFlags.MIGRATE_TO);
        }
        replica.changePrimary(null);
    }
}
