package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.SlotSet;

/**
 * Slots that move to another primary in one step: who owns them when, decided at both ends. The data go their own way; see
 * docs/resharding.md, "Ownership", for the whole protocol.
 *
 * <p>To be called on the machine's thread; what a step changed is saved, and its effects are out, when the call returns. An import or
 * export may also end by itself, when a node fails or slots change their owner: the view tells.
 *
 * <pre>
 * source                          target
 * openExport                      openImport
 *       ---- keys, writes ------&gt;
 *                                 prepareImport -&gt; epoch
 * handOver(epoch)
 *       ---- take --------------&gt; claimImport(epoch)
 * exportTaken | resumeExport
 * </pre>
 */
public final class SlotTransfers {
    private final Transfers transfers;
    private final Exports exports;
    private final Imports imports;
    private final Settlement settlement;

    SlotTransfers(Transfers transfers, Rules rules, Settlement settlement) {
        this.transfers = transfers;
        this.exports = rules.exports();
        this.imports = rules.imports();
        this.settlement = settlement;
    }

    /** The rules of both sides. */
    record Rules(Exports exports, Imports imports, Arrivals arrivals) {
        void tick(long nowMs) {
            exports.tick(nowMs);
            imports.tick(nowMs);
            arrivals.tick(nowMs);
        }

        /** A heartbeat of a known node, after its claims were applied. */
        void heard(Node sender, BusMessage.Heartbeat message) {
            imports.heard(sender, message);
            exports.heard(sender, message);
        }

        /** At the end of each input. */
        void step(long nowMs) {
            imports.step();
            exports.step(nowMs);
            arrivals.step(nowMs);
        }
    }

    /**
     * Slots of this node are about to be sent to that one. Not durable: a node that restarts has no such export.
     *
     * @param name 40 hexadecimal digits, lower case
     * @param targetId what the operator sent: an unknown or malformed id is an unknown node
     */
    public TransferAnswer openExport(long nowMs, String name, SlotSet slots, String targetId) {
        return finish(nowMs, exports.open(name, slots, targetId));
    }

    /**
     * The slots are given out of hand: nobody serves them here any more, also after a restart, until it is known who owns them. Only
     * when this has returned {@link TransferAnswer.Done} may the target be told to claim.
     *
     * @param epoch what the target reserved
     */
    public TransferAnswer handOver(long nowMs, String name, long epoch) {
        return finish(nowMs, exports.handOver(name, epoch));
    }

    /** The target has answered that it claimed the slots. Without effect when its heartbeat was quicker: that is a refusal. */
    public TransferAnswer exportTaken(long nowMs, String name) {
        return finish(nowMs, exports.taken(name));
    }

    /** The target has answered that it never will claim the slots: they are served here again. */
    public TransferAnswer resumeExport(long nowMs, String name) {
        return finish(nowMs, exports.resume(name));
    }

    /**
     * An operator wants the slots to stay. Those that were handed over stay only if the target is FAIL, after a majority was asked:
     * {@link TransferAnswer.NotYet}, and the view tells when it has come to that.
     */
    public TransferAnswer cancelExport(long nowMs, String name) {
        return finish(nowMs, exports.cancel(nowMs, name));
    }

    /** The sending ended without a hand-over. */
    public TransferAnswer closeExport(long nowMs, String name) {
        return finish(nowMs, exports.close(name));
    }

    /**
     * Keys of these slots are about to come from that node. The mark is durable when this returns {@link TransferAnswer.Done}.
     *
     * @param name 40 hexadecimal digits, lower case
     * @param keys must have none in these slots
     */
    public TransferAnswer openImport(
            long nowMs, String name, SlotSet slots, String sourceId, SlotKeys keys) {
        return finish(nowMs, imports.open(name, slots, sourceId, keys));
    }

    /**
     * Reserves the epoch the slots will be claimed with. {@link TransferAnswer.NotYet} until a majority of the voters knows of it;
     * then {@link TransferAnswer.Done} with the epoch, and the claim has to come within half the node timeout.
     */
    public TransferAnswer prepareImport(long nowMs, String name) {
        return finish(nowMs, imports.prepare(nowMs, name));
    }

    /**
     * Claims the slots: {@link TransferAnswer.Done} when that is durable and told. {@link TransferAnswer.NotYet} while this node cannot
     * be sure that it knows what happened; whoever does not want to ask again has to call {@link #abandonImport}. A refusal is
     * final, the import is abandoned.
     */
    public TransferAnswer claimImport(long nowMs, String name, long epoch) {
        return finish(nowMs, imports.claim(nowMs, name, epoch));
    }

    /** The slots will not be claimed; {@link #closeImport} is to follow when their keys are dropped. */
    public TransferAnswer abandonImport(long nowMs, String name) {
        return finish(nowMs, imports.abandon(name));
    }

    /** The keys of an abandoned import are dropped, here and in what replicas and logs were told: its mark goes. */
    public TransferAnswer closeImport(long nowMs, String name) {
        return finish(nowMs, imports.close(name));
    }

    /** Whether anything is on its way. */
    public boolean isIdle() {
        return transfers.exports().isEmpty() && transfers.imports().isEmpty();
    }

    private TransferAnswer finish(long nowMs, TransferAnswer answer) {
        settlement.settle(nowMs);
        return answer;
    }
}
