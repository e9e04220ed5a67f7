package dev.slotmesh.gossip;

import java.util.List;

/**
 * What operators ask of a node, one method per CLUSTER subcommand that changes the cluster (cluster bus facts, section 19).
 * Arguments are parsed and counted by the caller; what only the machine can judge is judged here, in Redis's order and words.
 * To be called on the machine's thread; the effects are out when the call returns.
 */
public final class OperatorRequests {
    OperatorRequests() {}

    /**
     * CLUSTER MEET. The reply is OK at once; the outcome follows as {@link Notice.MeetEnded}.
     *
     * @param ip a literal IPv4 or IPv6 address
     * @param port client port there
     * @param busPort bus port there; port + 10000 when the client did not say
     */
    public OperatorResult meet(long nowMs, String ip, long port, long busPort) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER FORGET. The argument is what the client sent: an unknown or malformed id is an unknown node. */
    public OperatorResult forget(long nowMs, String nodeId) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER ADDSLOTS and ADDSLOTSRANGE, all slots 0..16383 in the client's order; nothing changes on refusal. */
    public OperatorResult addSlots(long nowMs, List<Integer> slots) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER DELSLOTS and DELSLOTSRANGE, likewise. */
    public OperatorResult delSlots(long nowMs, List<Integer> slots) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER FLUSHSLOTS. */
    public OperatorResult flushSlots(long nowMs, SlotKeys keys) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER SETSLOT slot MIGRATING id. */
    public OperatorResult setSlotMigrating(long nowMs, int slot, String nodeId) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER SETSLOT slot IMPORTING id. */
    public OperatorResult setSlotImporting(long nowMs, int slot, String nodeId) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER SETSLOT slot STABLE. */
    public OperatorResult setSlotStable(long nowMs, int slot) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER SETSLOT slot NODE id. */
    public OperatorResult setSlotNode(long nowMs, int slot, String nodeId, SlotKeys keys) {
        throw new UnsupportedOperationException();
    }

    /** Why CLUSTER SETSLOT is refused here whatever its arguments are, or null: replicas own no slots. */
    public OperatorResult.Rejected setSlotRefusal() {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER BUMPEPOCH: {@code BUMPED n} or {@code STILL n}. */
    public OperatorResult bumpEpoch(long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER SET-CONFIG-EPOCH; any signed 64 bit number, negative ones are refused. */
    public OperatorResult setConfigEpoch(long nowMs, long epoch) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER RESET. */
    public OperatorResult reset(long nowMs, boolean hard, SlotKeys keys) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER SAVECONFIG: saves and fsyncs through {@link Effects#saveConfiguration}. */
    public OperatorResult saveConfig(long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** CLUSTER COUNT-FAILURE-REPORTS: {@link OperatorResult.Counted}. */
    public OperatorResult countFailureReports(long nowMs, String nodeId) {
        throw new UnsupportedOperationException();
    }
}
