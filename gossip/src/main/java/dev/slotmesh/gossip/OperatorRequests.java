package dev.slotmesh.gossip;

import java.util.List;

/**
 * What operators ask of a node, one method per CLUSTER subcommand that changes the cluster (cluster bus facts, section 19).
 * Arguments are parsed and counted by the caller; what only the machine can judge is judged here, in Redis's order and words.
 * To be called on the machine's thread; the effects are out when the call returns.
 */
public final class OperatorRequests {
    private final NodeTable table;
    private final Parts parts;
    private final SlotAssignment assignment;
    private final SlotMigration migration;
    private final Resets resets;
    private final Settlement settlement;

    OperatorRequests(NodeTable table, Parts parts, Rules rules, Settlement settlement) {
        this.table = table;
        this.parts = parts;
        this.assignment = rules.assignment();
        this.migration = rules.migration();
        this.resets = rules.resets();
        this.settlement = settlement;
    }

    /** The rules that only operators set in motion. */
    record Rules(SlotAssignment assignment, SlotMigration migration, Resets resets) {}

    /**
     * CLUSTER MEET. The reply is OK at once; the outcome follows as {@link Notice.MeetEnded}.
     *
     * @param ip a literal IPv4 or IPv6 address
     * @param port client port there
     * @param busPort bus port there; port + 10000 when the client did not say
     */
    public OperatorResult meet(long nowMs, String ip, long port, long busPort) {
        return finish(nowMs, parts.handshakes().meet(nowMs, ip, port, busPort));
    }

    /** CLUSTER FORGET. The argument is what the client sent: an unknown or malformed id is an unknown node. */
    public OperatorResult forget(long nowMs, String nodeId) {
        return finish(nowMs, parts.forgetting().forget(nowMs, nodeId));
    }

    /** CLUSTER ADDSLOTS and ADDSLOTSRANGE, all slots 0..16383 in the client's order; nothing changes on refusal. */
    public OperatorResult addSlots(long nowMs, List<Integer> slots) {
        return finish(nowMs, assignment.add(slots));
    }

    /** CLUSTER DELSLOTS and DELSLOTSRANGE, likewise. */
    public OperatorResult delSlots(long nowMs, List<Integer> slots) {
        return finish(nowMs, assignment.remove(slots));
    }

    /** CLUSTER FLUSHSLOTS. */
    public OperatorResult flushSlots(long nowMs, SlotKeys keys) {
        return finish(nowMs, assignment.removeAll(keys));
    }

    /** CLUSTER SETSLOT slot MIGRATING id. */
    public OperatorResult setSlotMigrating(long nowMs, int slot, String nodeId) {
        return finish(nowMs, migration.migrating(slot, nodeId));
    }

    /** CLUSTER SETSLOT slot IMPORTING id. */
    public OperatorResult setSlotImporting(long nowMs, int slot, String nodeId) {
        return finish(nowMs, migration.importing(slot, nodeId));
    }

    /** CLUSTER SETSLOT slot STABLE. */
    public OperatorResult setSlotStable(long nowMs, int slot) {
        return finish(nowMs, migration.stable(slot));
    }

    /** CLUSTER SETSLOT slot NODE id. */
    public OperatorResult setSlotNode(long nowMs, int slot, String nodeId, SlotKeys keys) {
        return finish(nowMs, migration.node(slot, nodeId, keys));
    }

    /** Why CLUSTER SETSLOT is refused here whatever its arguments are, or null: replicas own no slots. */
    public OperatorResult.Rejected setSlotRefusal() {
        return migration.refusal();
    }

    /** CLUSTER REPLICATE: this node becomes, or stays, a replica of that one. */
    public OperatorResult replicate(long nowMs, String nodeId, SlotKeys keys) {
        Node primary = table.find(nodeId);
        if (primary == null) {
            return new OperatorResult.Rejected("Unknown node " + nodeId);
        }
        if (primary.isMyself()) {
            return new OperatorResult.Rejected("Can't replicate myself");
        }
        if (primary.isReplica()) {
            return new OperatorResult.Rejected("I can only replicate a master, not a replica.");
        }
        Node myself = table.myself();
        if (myself.isPrimary() && (myself.ownsSlots() || !keys.empty())) {
            return new OperatorResult.Rejected(
                    "To set a master the node must be empty and without assigned slots.");
        }
        parts.roles().follow(primary);
        parts.heartbeats().broadcastPong();
        return finish(nowMs, OperatorResult.OK);
    }

    /** CLUSTER FAILOVER. The reply is OK at once; who is primary then shows in the views. */
    public OperatorResult failover(long nowMs, ManualFailover.Kind kind) {
        OperatorResult.Rejected refusal = parts.failovers().manual().refusal(kind);
        if (refusal != null) {
            return refusal;
        }
        parts.failovers().manual().begin(nowMs, kind);
        if (kind == ManualFailover.Kind.TAKEOVER) {
            parts.failovers().elections().takeOver();
        }
        return finish(nowMs, OperatorResult.OK);
    }

    /** CLUSTER BUMPEPOCH: {@code BUMPED n} or {@code STILL n}. */
    public OperatorResult bumpEpoch(long nowMs) {
        String verb = parts.epochs().bump() ? "BUMPED " : "STILL ";
        String epoch = Long.toUnsignedString(table.myself().configEpoch);
        return finish(nowMs, new OperatorResult.Accepted(verb + epoch));
    }

    /** CLUSTER SET-CONFIG-EPOCH; any signed 64 bit number, negative ones are refused. */
    public OperatorResult setConfigEpoch(long nowMs, long epoch) {
        if (epoch < 0) {
            return new OperatorResult.Rejected("Invalid config epoch specified: " + epoch);
        }
        if (table.size() > 1) {
            return new OperatorResult.Rejected(
                    "The user can assign a config epoch only when the node does not know any other node.");
        }
        if (table.myself().configEpoch != 0) {
            return new OperatorResult.Rejected("Node config epoch is already non-zero");
        }
        parts.epochs().set(epoch);
        return finish(nowMs, OperatorResult.OK);
    }

    /** CLUSTER RESET. */
    public OperatorResult reset(long nowMs, boolean hard, SlotKeys keys) {
        return finish(nowMs, resets.reset(nowMs, hard, keys));
    }

    /** CLUSTER SAVECONFIG: saves and fsyncs through {@link Effects#saveConfiguration}. */
    public OperatorResult saveConfig(long nowMs) {
        settlement.saveDurably();
        return finish(nowMs, OperatorResult.OK);
    }

    /** CLUSTER COUNT-FAILURE-REPORTS: {@link OperatorResult.Counted}. */
    public OperatorResult countFailureReports(long nowMs, String nodeId) {
        Node node = table.find(nodeId);
        if (node == null) {
            return new OperatorResult.Rejected("Unknown node " + nodeId);
        }
        return new OperatorResult.Counted(parts.failures().countReports(nowMs, node));
    }

    private OperatorResult finish(long nowMs, OperatorResult result) {
        settlement.settle(nowMs);
        return result;
    }
}
